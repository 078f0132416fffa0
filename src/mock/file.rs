//! Small files in the place of those that an API would send.

use crate::model::Field;

/// A portable network graphic of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";

/// A document with one empty page.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// A file of the kind that the fields name, and its media type.
pub(super) fn placeholder(fields: &[Field]) -> (&'static [u8], &'static str) {
    let said = |word: &str| {
        fields.iter().any(|field| {
            let has_word = |text: &str| {
                let mut words = text.split(|it: char| !it.is_alphanumeric());
                words.any(|known| known.eq_ignore_ascii_case(word))
            };
            has_word(&field.name.value) || has_word(&field.description)
        })
    };
    if said("pdf") {
        (PDF, "application/pdf")
    } else if said("png") || said("image") {
        (PNG, "image/png")
    } else if said("csv") {
        (b"id,name\n1,example\n", "text/csv; charset=utf-8")
    } else {
        (b"example\n", "application/octet-stream")
    }
}
