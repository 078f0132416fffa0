//! What a form says of the files in it, by the names that answers have for that.

use serde_json::{Map, Value};

use super::form::parameter;

/// The name, the length, and the media type of the only file in a form, each under all the names that it goes by.
pub(super) fn facts(content_type: &str, body: &[u8]) -> Map<String, Value> {
    let mut files = files(content_type, body);
    match files.len() {
        1 => files.pop().unwrap_or_default(),
        _ => Map::new(),
    }
}

/// The same for each file of a form.
pub(super) fn files(content_type: &str, body: &[u8]) -> Vec<Map<String, Value>> {
    let Some(boundary) = parameter(content_type, "boundary") else {
        return Vec::new();
    };
    let delimiter = format!("--{boundary}");
    let sections = sections(body, delimiter.as_bytes());
    sections.into_iter().filter_map(described).collect()
}

/// What stands between the delimiters.
fn sections<'b>(body: &'b [u8], delimiter: &[u8]) -> Vec<&'b [u8]> {
    let mut sections = Vec::new();
    let mut rest = body;
    while let Some(at) = memchr::memmem::find(rest, delimiter) {
        sections.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + delimiter.len()..).unwrap_or_default();
    }
    sections
}

fn described(section: &[u8]) -> Option<Map<String, Value>> {
    const NAMES: [&str; 4] = ["filename", "originalname", "originalfilename", "name"];
    const LENGTHS: [&str; 5] = ["size", "filesize", "bytes", "sizebytes", "contentlength"];
    const KINDS: [&str; 3] = ["contenttype", "mimetype", "mediatype"];
    let end = memchr::memmem::find(section, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(section.get(..end)?);
    let content = section.get(end + 4..)?;
    let content = content.strip_suffix(b"\r\n").unwrap_or(content);
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.trim())
    };
    let name = parameter(header("content-disposition")?, "filename")?;
    let of = |names: &[&str], value: &Value| {
        let all = names.iter().map(|name| ((*name).to_owned(), value.clone()));
        all.collect::<Vec<_>>()
    };
    let mut facts = of(&NAMES, &name.into());
    facts.extend(of(&LENGTHS, &content.len().into()));
    if let Some(kind) = header("content-type") {
        facts.extend(of(&KINDS, &kind.into()));
    }
    Some(facts.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_only_file_of_a_form_is_described() {
        let body = b"--x\r\nContent-Disposition: form-data; name=folder\r\n\r\n/a\r\n--x\r\n\
            Content-Disposition: form-data; name=f; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\xff\xfe1\r\n--x--\r\n";
        let facts = facts("multipart/form-data; boundary=x", body);
        assert_eq!(facts.get("filename"), Some(&"a.png".into()));
        assert_eq!(facts.get("mimetype"), Some(&"image/png".into()));
        assert_eq!(facts.get("size"), Some(&3.into()));
        assert!(super::facts("text/plain", body).is_empty());
    }
}
