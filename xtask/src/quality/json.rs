//! Reads the objects of the benches.

use serde_json::Value;

/// A number with so many digits; a dash for none.
pub(crate) fn number(value: &Value, digits: usize) -> String {
    value
        .as_f64()
        .map_or_else(|| "-".into(), |x| format!("{x:.digits$}"))
}

/// A figure over seeds, with its spread where it has one.
pub(crate) fn figure(figure: &Value, digits: usize) -> String {
    let mean = number(&figure["mean"], digits);
    match figure["sd"].as_f64().filter(|sd| *sd > 0.0) {
        Some(sd) => format!("{mean} ± {sd:.digits$}"),
        None => mean,
    }
}

/// A text; a dash for none.
pub(crate) fn words(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

/// The items of a list; none where it is none.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The head of a table.
pub(crate) fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
