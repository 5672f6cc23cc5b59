//! Compares what came out with what should have.

use serde_json::Value;

/// What of `expected` is not so in `actual`. Fields that `expected` does not name may be anything;
/// numbers may lie `tolerance` off.
pub(super) fn differences(expected: &Value, actual: &Value, tolerance: f64) -> Vec<String> {
    let mut found = Vec::new();
    walk("", expected, actual, tolerance, &mut found);
    found
}

fn walk(at: &str, expected: &Value, actual: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                let at = if at.is_empty() {
                    key.clone()
                } else {
                    format!("{at}.{key}")
                };
                match actual.get(key) {
                    Some(there) => walk(&at, value, there, tolerance, found),
                    None => found.push(format!("{at} is missing, expected {value}")),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (value, there)) in expected.iter().zip(actual).enumerate() {
                walk(&format!("{at}[{index}]"), value, there, tolerance, found);
            }
        }
        (Value::Number(a), Value::Number(b)) if close(a, b, tolerance) => {}
        _ if expected == actual => {}
        _ => {
            let at = if at.is_empty() { "the answer" } else { at };
            found.push(format!("{at} is {actual}, expected {expected}"));
        }
    }
}

fn close(a: &serde_json::Number, b: &serde_json::Number, tolerance: f64) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_named_counts() {
        let actual = json!({"a": 1, "b": [1.0, 2.0], "c": "more"});
        assert!(differences(&json!({"a": 1.0, "b": [1, 2]}), &actual, 1e-9).is_empty());
        assert_eq!(
            differences(&json!({"d": 1}), &actual, 1e-9),
            ["d is missing, expected 1"]
        );
    }

    #[test]
    fn tolerance_is_for_numbers_alone() {
        assert!(differences(&json!(1.0), &json!(1.0005), 1e-3).is_empty());
        assert_eq!(differences(&json!(1.0), &json!(1.0005), 1e-9).len(), 1);
        assert_eq!(differences(&json!("1"), &json!(1), 10.0).len(), 1);
        assert_eq!(differences(&json!([1]), &json!([1, 2]), 10.0).len(), 1);
        assert_eq!(
            differences(&json!({"a": {"b": null}}), &json!({"a": {"b": 0}}), 1.0).len(),
            1
        );
    }
}
