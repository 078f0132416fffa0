//! Names, whatever their spelling.

/// The letters and digits of a name, in lower case: `created_at`, `createdAt`, and `Created-At` are one.
pub fn letters(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        return letters.map(|c| c.to_ascii_lowercase()).collect();
    }
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
