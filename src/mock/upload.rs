//! What a form says of the only file in it, by the names that answers have for that.

use serde_json::Value;

use super::form::parameter;

/// The name, the length, and the media type of the only file in a form, each under all the names that it goes by.
pub(super) fn facts(content_type: &str, body: &[u8]) -> Vec<(&'static str, Value)> {
    let Some(boundary) = parameter(content_type, "boundary") else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let mut files = text.split(delimiter.as_str()).filter_map(file);
    let (Some(file), None) = (files.next(), files.next()) else {
        return Vec::new();
    };
    // What is no text is longer when it is read as such; all else in a form is text.
    let around = text.len().saturating_sub(file.content.len());
    let length = body.len().saturating_sub(around);
    let of = |names: &[&'static str], value: &Value| {
        let all = names.iter().map(|name| (*name, value.clone()));
        all.collect::<Vec<_>>()
    };
    let names = ["filename", "originalname", "originalfilename", "name"];
    let lengths = ["size", "filesize", "bytes", "sizebytes", "contentlength"];
    let kinds = ["contenttype", "mimetype", "mediatype"];
    let mut facts = of(&names, &file.name.into());
    facts.extend(of(&lengths, &length.into()));
    if let Some(kind) = file.kind {
        facts.extend(of(&kinds, &kind.into()));
    }
    facts
}

struct File<'t> {
    name: String,
    kind: Option<String>,
    content: &'t str,
}

fn file(section: &str) -> Option<File<'_>> {
    let (head, content) = section.split_once("\r\n\r\n")?;
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim())
    };
    Some(File {
        name: parameter(header("content-disposition")?, "filename")?,
        kind: header("content-type").map(str::to_owned),
        content: content.strip_suffix("\r\n").unwrap_or(content),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_file_of_a_form_is_described() {
        let body = b"--x\r\nContent-Disposition: form-data; name=folder\r\n\r\n/a\r\n--x\r\n\
            Content-Disposition: form-data; name=f; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\xff\xfe1\r\n--x--\r\n";
        let facts = facts("multipart/form-data; boundary=x", body);
        let of = |name: &str| facts.iter().find(|fact| fact.0 == name).map(|it| &it.1);
        assert_eq!(of("filename"), Some(&"a.png".into()));
        assert_eq!(of("mimetype"), Some(&"image/png".into()));
        assert_eq!(of("size"), Some(&3.into()));
        assert_eq!(super::facts("text/plain", body), []);
    }
}
