//! Qualities in headers of negotiation: `gzip;q=0.5, br`.
//!
//! <https://www.rfc-editor.org/rfc/rfc9110#name-quality-values>

/// The highest quality, in thousandths, of the entries whose token is wanted; `None` if there is none.
pub(super) fn of(header: &str, is_wanted: impl Fn(&str) -> bool) -> Option<u32> {
    entries(header)
        .filter(|(token, _)| is_wanted(token))
        .map(|(_, quality)| quality)
        .max()
}

/// The tokens with their qualities in thousandths, parameters left out.
pub(super) fn entries(header: &str) -> impl Iterator<Item = (&str, u32)> {
    header.split(',').filter_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let token = parts.next().filter(|token| !token.is_empty())?;
        let quality = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then(|| thousandths(value.trim()))
        });
        Some((token, quality.unwrap_or(1000)))
    })
}

/// `0.25` as 250; what is no quality counts as 1.
fn thousandths(text: &str) -> u32 {
    let quality = text.parse::<f64>().ok();
    let quality = quality.filter(|quality| (0.0..=1.0).contains(quality));
    #[expect(
        clippy::cast_sign_loss,
        reason = "a quality lies between 0 and 1, as tested"
    )]
    quality.map_or(1000, |quality| (quality * 1000.0) as u32)
}
