//! Small files in the place of those that an API would send.

use crate::model::answer::headers_of;
use crate::model::{Field, Location, Operation};

/// A portable network graphic of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";

/// A picture of one pixel.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A document with one empty page.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// An archive without files.
const ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// A sound of no length: one channel, 8000 samples of 8 bits a second.
const WAV: &[u8] =
    b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\0\0\0\0";

/// A frame of silence: MPEG-2 layer III, one channel, 24,000 samples a second, 8,000 bits a second.
const FRAME: [u8; 24] = *b"\xff\xf3\x14\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// A sound of some frames, as players look for more than one.
const MP3: &[u8] = [FRAME; 4].as_flattened();

/// What files are called, their media types, and a small one of each.
const KINDS: &[(&str, &str, &[u8])] = &[
    ("pdf", "application/pdf", PDF),
    ("png", "image/png", PNG),
    ("gif", "image/gif", GIF),
    (
        "svg",
        "image/svg+xml",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
    ),
    ("zip", "application/zip", ZIP),
    ("wav", "audio/wav", WAV),
    ("csv", "text/csv; charset=utf-8", b"id,name\n1,example\n"),
    ("xml", "application/xml", b"<example/>\n"),
    (
        "html",
        "text/html; charset=utf-8",
        b"<!doctype html><title>Example</title>\n",
    ),
    ("txt", "text/plain; charset=utf-8", b"example\n"),
    (
        "ics",
        "text/calendar; charset=utf-8",
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:example\r\nEND:VCALENDAR\r\n",
    ),
    ("jpg", "image/jpeg", OTHER),
    ("mp3", "audio/mpeg", MP3),
    ("mp4", "video/mp4", OTHER),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ZIP,
    ),
];

/// A file of which nothing is known.
const OTHER: &[u8] = b"example\n";
pub(super) const OCTETS: &str = "application/octet-stream";

/// A file that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) bytes: &'static [u8],
    pub(super) media_type: String,
    /// The name that it is saved by.
    pub(super) name: String,
}

impl File {
    pub(super) fn of_type(media_type: &str) -> Self {
        let kind = KINDS.iter().find(|kind| essence(kind.1) == media_type);
        let (ending, media_type, bytes) = kind.map_or(("bin", media_type, OTHER), |kind| *kind);
        Self {
            bytes,
            media_type: media_type.to_owned(),
            name: format!("file.{ending}"),
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let (_, ending) = name.rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase().replace("jpeg", "jpg");
        let kind = KINDS.iter().find(|kind| kind.0 == ending);
        let is_data = matches!(ending.as_str(), "json" | "jsonl" | "ndjson");
        let is_plain = name
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"._-".contains(&it));
        (!is_data && is_plain).then(|| Self {
            name: name.to_owned(),
            ..Self::of_type(kind.map_or(OCTETS, |kind| essence(kind.1)))
        })
    }
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// The files that an operation sends, as far as its pages say so beside its responses: the media types of its
/// `Content-Type`, what its commands accept, and the files that these write to.
pub(super) fn documented(operation: &Operation) -> Vec<File> {
    let headers = headers_of(operation, 200);
    let named = |name: &str| {
        headers
            .iter()
            .find(|it| it.name.value.eq_ignore_ascii_case(name))
    };
    let curls = || {
        operation
            .request_examples
            .iter()
            .filter_map(|it| it.curl.as_ref())
    };
    let saved = curls().find_map(|curl| File::of_name(&curl.output.as_ref()?.value));
    let mut types: Vec<String> = Vec::new();
    let stated = named("content-type").map(|header| header.description.as_str());
    types.extend(stated.into_iter().flat_map(media_types));
    if types.is_empty() {
        let accepted = curls().filter_map(|curl| Some(curl.header("accept")?.value.value.as_str()));
        let accept = operation
            .parameters_in(Location::Header)
            .find(|it| it.field.name.value.eq_ignore_ascii_case("accept"));
        let accept = accept.map(|it| it.field.description.as_str());
        types.extend(accepted.chain(accept).flat_map(media_types));
    }
    // A page that documents no answer, and accepts JSON, says nothing of files.
    types.retain(|it| !it.ends_with("json"));
    let mut files: Vec<File> = types.iter().map(|it| File::of_type(it)).collect();
    if let Some(saved) = saved {
        let is_same = |file: &&mut File| file.media_type == saved.media_type;
        if files.is_empty() {
            files.push(saved);
        } else if let Some(file) = files.iter_mut().find(is_same) {
            file.name = saved.name;
        }
    }
    if files.is_empty() && named("content-disposition").is_some() {
        files.push(File::of_type(OCTETS));
    }
    let mut known: Vec<String> = Vec::new();
    files.retain(|file| {
        let is_new = !known.contains(&file.media_type);
        known.push(file.media_type.clone());
        is_new
    });
    files
}

/// The file that an example such as `(binary image data)` stands for, if the page says of which kind it is: beside its
/// responses, in the ending of its path, or in the example itself.
pub(super) fn shown(operation: &Operation, text: &str) -> Option<File> {
    let text = text.trim();
    let marks = [('(', ')'), ('<', '>'), ('[', ']')];
    let is_marked = |(open, close)| text.starts_with(open) && text.ends_with(close);
    let is_line = text.len() < 100 && !text.contains('\n') && !text.contains("</");
    if !is_line || !marks.into_iter().any(is_marked) {
        return None;
    }
    let lower = text.to_lowercase();
    let mut words = lower.split(|it: char| !it.is_alphanumeric());
    if !words.any(|it| {
        matches!(
            it,
            "binary" | "bytes" | "file" | "image" | "audio" | "video"
        )
    }) {
        return None;
    }
    let documented = documented(operation).into_iter().next();
    let path = operation.endpoint.value.path.as_str();
    let last = path.rsplit('/').next().unwrap_or_default();
    let ending = last.rsplit_once('.').map(|(_, ending)| ending);
    let of_ending = |ending: &str| KINDS.iter().find(|kind| kind.0 == ending);
    let mut words = lower.split(|it: char| !it.is_alphanumeric());
    let kind = ending
        .and_then(of_ending)
        .or_else(|| words.find_map(of_ending));
    documented.or_else(|| kind.map(|kind| File::of_type(essence(kind.1))))
}

/// The media types that a text names.
fn media_types(text: &str) -> Vec<String> {
    const GROUPS: [&str; 6] = ["application", "image", "audio", "video", "text", "font"];
    let is_part = |c: char| c.is_ascii_alphanumeric() || "/+-.".contains(c);
    let words = text.split(|c| !is_part(c));
    let is_type = |word: &&str| {
        let parts = word.split_once('/');
        parts.is_some_and(|(group, name)| GROUPS.contains(&group) && !name.is_empty())
    };
    let words = words.map(|word| word.trim_end_matches(['.', '-', '/']));
    words.filter(is_type).map(str::to_ascii_lowercase).collect()
}

/// A file of the kind that the fields name.
pub(super) fn placeholder(fields: &[Field]) -> File {
    let said = |word: &str| {
        fields.iter().any(|field| {
            let has_word = |text: &str| {
                let mut words = text.split(|it: char| !it.is_alphanumeric());
                words.any(|known| known.eq_ignore_ascii_case(word))
            };
            has_word(&field.name.value) || has_word(&field.description)
        })
    };
    let kind = KINDS.iter().find(|kind| said(kind.0));
    let kind = kind.map(|kind| essence(kind.1));
    let picture = || said("image").then_some("image/png");
    File::of_type(kind.or_else(picture).unwrap_or(OCTETS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_found_in_text() {
        assert_eq!(
            media_types("`application/pdf`, or image/png."),
            ["application/pdf", "image/png"]
        );
        assert_eq!(media_types("and/or either"), [""; 0]);
    }

    #[test]
    fn the_name_of_a_file_tells_its_kind() {
        let file = File::of_name("out/invoice.pdf").unwrap();
        assert_eq!(
            (file.media_type.as_str(), file.name.as_str()),
            ("application/pdf", "invoice.pdf")
        );
        assert_eq!(File::of_name("answer.json"), None);
        assert_eq!(File::of_name("x.bin").unwrap().media_type, OCTETS);
    }
}
