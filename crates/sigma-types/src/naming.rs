//! Names of internal parts in a text, however they are joined.

/// The first of `terms` in a text, or `None`. Terms are lower-case words with one space between them; in the
/// text their words may be joined by anything (`safe_mode`, `safeMode`, `SAFE-MODE`), and the last may go on.
///
/// ```
/// use sigma_types::first_term;
/// assert_eq!(first_term("Entering safeModes now", &["safe mode"]), Some("safe mode"));
/// assert_eq!(first_term("It is unsafe.", &["safe"]), None);
/// ```
#[must_use]
pub fn first_term<'a>(text: &str, terms: &[&'a str]) -> Option<&'a str> {
    let padded = format!(" {} ", words_of(text));
    terms
        .iter()
        .filter_map(|term| padded.find(&format!(" {term}")).map(|at| (at, *term)))
        .min()
        .map(|(_, term)| term)
}

/// Lower-cased words with one space between them; joined names are taken apart.
fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut lower_before = false;
    for c in text.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && lower_before);
        if boundary && !words.ends_with(' ') {
            words.push(' ');
        }
        if c.is_alphanumeric() {
            words.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    words
}
