//! The JSON-LD context: what the words of a packet mean, for readers of graphs.

use serde_json::Value;

/// Where a server publishes the context, below its own address. The number is that of the context.
pub const CONTEXT_PATH: &str = "/contexts/sigma-packet-v1.jsonld";

/// The context document (`application/ld+json`), version 1.
///
/// Every word of a packet has one meaning, which nothing in a packet can change (`@protected`). `id`
/// and `type` are plain properties, not the keywords, so that no peer can name a node of the graph.
/// Words of later minor versions fall under `@vocab` and are not lost. Nothing is imported.
pub const CONTEXT: &str = include_str!("context-v1.jsonld");

/// The value of `@context` in [`CONTEXT`].
#[must_use]
pub fn context() -> Value {
    let mut document: Value = serde_json::from_str(CONTEXT).unwrap_or_default();
    document["@context"].take()
}

/// Whether an `@context` is ours: the very object, or a reference to where it is published.
pub(crate) fn is_ours(given: &Value) -> bool {
    match given {
        Value::String(reference) => {
            let path = reference
                .strip_prefix("https://")
                .or_else(|| reference.strip_prefix("http://"))
                .and_then(|rest| rest.find('/').map(|at| &rest[at..]))
                .unwrap_or(reference);
            path == CONTEXT_PATH
        }
        Value::Object(_) => *given == context(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_context_is_ours() {
        assert!(is_ours(&context()));
        assert!(is_ours(&CONTEXT_PATH.into()));
        assert!(is_ours(&format!("https://a.example{CONTEXT_PATH}").into()));
        assert!(!is_ours(&"https://schema.org/".into()));
        assert!(!is_ours(
            &format!("https://a.example/x{CONTEXT_PATH}").into()
        ));
        let mut changed = context();
        changed["sdi"] = "urn:other".into();
        assert!(!is_ours(&changed));
        assert!(!is_ours(
            &serde_json::json!([context(), {"sdi": "urn:other"}])
        ));
    }
}
