//! The machine-readable schema descriptor behind a namespace (`IOH-01 §43.3`, `namespace_resolvable`).

use serde_json::{Map, Value};

use crate::{
    digest::Digest,
    ids::{SchemaId, SchemaVersion},
    json,
    keys::KeySet,
    reason::ReasonCode,
    registry::{Registry, RegistryVersion, Reserved, Resolution, is_ours},
};

/// The largest descriptor that is taken, in bytes, after decompression.
pub const LARGEST: usize = 256 * 1024;

const MEDIA_TYPES: [&str; 3] = [
    "application/json",
    "application/ld+json",
    "application/schema+json",
];
/// Members by which a descriptor names its schema.
const NAMES: [&str; 4] = ["@id", "$id", "schema_id", "id"];
/// Members that make an object a schema descriptor.
const MARKS: [&str; 2] = ["@context", "$schema"];

/// What a namespace answered to HTTP GET. Whoever fetched it has followed no redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The status.
    pub status: u16,
    /// The header `content-type`.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Nothing could be fetched, for whatever reason: the name, the connection, a limit of size or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the namespace could not be fetched")]
pub struct Unfetched;

/// Proof that a namespace resolves to a descriptor that names the announced schema and version.
///
/// Only [`resolve`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedNamespace {
    schema_id: SchemaId,
    version: SchemaVersion,
    digest: Digest,
    keys: KeySet,
    registry: RegistryVersion,
}

/// Checks what a namespace answered; `reserved` is what the deployment keeps beyond the registry. Remote
/// contexts are never loaded.
///
/// # Errors
/// `namespace_unresolvable`, `schema_version_missing` or `identifier_rewrite`.
pub fn resolve(
    schema_id: &SchemaId,
    version: &SchemaVersion,
    namespace_uri: &str,
    fetched: Result<&Fetched, Unfetched>,
    registry: &Registry,
    reserved: &Reserved,
) -> Result<ResolvedNamespace, ReasonCode> {
    check_registered(schema_id, namespace_uri, registry)?;
    let fetched = fetched.map_err(|_| ReasonCode::NamespaceUnresolvable)?;
    let descriptor = read(fetched).ok_or(ReasonCode::NamespaceUnresolvable)?;
    check_name(&descriptor, schema_id)?;
    check_version(&descriptor, version)?;
    check_contexts(&descriptor, registry, reserved)?;
    let keys = descriptor
        .get("jwks")
        .ok_or(ReasonCode::NamespaceUnresolvable)?;
    let keys = KeySet::parse(keys).map_err(|_| ReasonCode::NamespaceUnresolvable)?;
    Ok(ResolvedNamespace {
        schema_id: schema_id.clone(),
        version: version.clone(),
        digest: Digest::of(&fetched.body),
        keys,
        registry: registry.version(),
    })
}

impl ResolvedNamespace {
    /// Whether the proof is about this schema and version.
    #[must_use]
    pub fn is_about(&self, schema_id: &SchemaId, version: &SchemaVersion) -> bool {
        self.schema_id == *schema_id && self.version == *version
    }

    /// The digest of the descriptor's bytes, as fetched.
    #[must_use]
    pub const fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The peer's keys.
    #[must_use]
    pub const fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// The version of the registry through which references were resolved.
    #[must_use]
    pub const fn registry(&self) -> RegistryVersion {
        self.registry
    }
}

/// A prefix that is registered belongs to somebody: only under that base may its schemas be described.
fn check_registered(id: &SchemaId, uri: &str, registry: &Registry) -> Result<(), ReasonCode> {
    match registry.resolve(id.as_str()) {
        Resolution::Opaque(_) => Ok(()),
        Resolution::Address(_) => registry
            .base(id.prefix())
            .filter(|base| uri.starts_with(*base))
            .map(|_| ())
            .ok_or(ReasonCode::IdentifierRewrite),
    }
}

fn read(fetched: &Fetched) -> Option<Map<String, Value>> {
    let media_type = fetched.content_type.as_deref()?.split(';').next()?.trim();
    let known = MEDIA_TYPES
        .iter()
        .any(|known| media_type.eq_ignore_ascii_case(known));
    if fetched.status != 200 || !known || fetched.body.len() > LARGEST {
        return None;
    }
    match json::parse(&fetched.body) {
        Ok(Value::Object(object)) if MARKS.iter().any(|mark| object.contains_key(*mark)) => {
            Some(object)
        }
        _ => None,
    }
}

/// Every member that names a schema must name the announced one, byte for byte.
fn check_name(descriptor: &Map<String, Value>, id: &SchemaId) -> Result<(), ReasonCode> {
    let mut named = NAMES
        .iter()
        .filter_map(|name| descriptor.get(*name))
        .peekable();
    let fits = named.peek().is_some() && named.all(|name| name.as_str() == Some(id.as_str()));
    fits.then_some(()).ok_or(ReasonCode::NamespaceUnresolvable)
}

fn check_version(
    descriptor: &Map<String, Value>,
    version: &SchemaVersion,
) -> Result<(), ReasonCode> {
    match descriptor.get("version") {
        None | Some(Value::Null) => Err(ReasonCode::SchemaVersionMissing),
        Some(stated) if stated.as_str() == Some(version.as_str()) => Ok(()),
        Some(_) => Err(ReasonCode::NamespaceUnresolvable),
    }
}

/// An inline context, wherever it stands, that gives one of our prefixes or identifiers another meaning
/// rewrites our identifiers.
fn check_contexts(
    descriptor: &Map<String, Value>,
    registry: &Registry,
    reserved: &Reserved,
) -> Result<(), ReasonCode> {
    let broken = rewrites_within(descriptor, registry, reserved);
    (!broken).then_some(()).ok_or(ReasonCode::IdentifierRewrite)
}

/// As deep as JSON is read; see [`json::parse`].
fn rewrites_within(members: &Map<String, Value>, registry: &Registry, reserved: &Reserved) -> bool {
    let own = members.get("@context");
    let own = own.is_some_and(|context| rewrites(context, registry, reserved));
    own || members
        .values()
        .flat_map(objects)
        .any(|inner| rewrites_within(inner, registry, reserved))
}

/// The outermost objects of a value.
fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Object(object) => vec![object],
        Value::Array(values) => values.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

fn rewrites(context: &Value, registry: &Registry, reserved: &Reserved) -> bool {
    objects(context)
        .into_iter()
        .flatten()
        .any(|(term, meaning)| {
            let meaning = meaning.get("@id").unwrap_or(meaning).as_str();
            takes_ours(term, meaning, registry, reserved)
        })
}

/// Whether a term of a context is ours and means something else there; where it has no base, it may mean
/// nothing at all.
fn takes_ours(term: &str, meaning: Option<&str>, registry: &Registry, reserved: &Reserved) -> bool {
    let (prefix, path) = term.split_once(':').unwrap_or((term, ""));
    let name = format!("{prefix}:");
    let base = registry.base(&prefix.to_ascii_lowercase());
    let own = base.map(|base| format!("{base}{path}"));
    (is_ours(&name) || reserved.covers_id(&name))
        && own.is_none_or(|own| meaning != Some(own.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn descriptor() -> Value {
        json!({
            "@context": {"name": "https://foo.example/ns#name"},
            "@id": "ext:foo/v2", "version": "2.1.0",
            "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a",
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
        })
    }

    fn checked(fetched: &Fetched, registry: &Registry) -> Result<ResolvedNamespace, ReasonCode> {
        let (id, version) = ("ext:foo/v2".parse().unwrap(), "2.1.0".parse().unwrap());
        resolve(
            &id,
            &version,
            "https://foo.example/ns",
            Ok(fetched),
            registry,
            &Reserved {
                prefixes: vec!["acme".into()],
                ..Reserved::default()
            },
        )
    }

    fn fetched(descriptor: &Value) -> Fetched {
        Fetched {
            status: 200,
            content_type: Some("application/ld+json; charset=utf-8".into()),
            body: descriptor.to_string().into_bytes(),
        }
    }

    fn changed(name: &str, value: Value) -> Result<ResolvedNamespace, ReasonCode> {
        let mut descriptor = descriptor();
        descriptor[name] = value;
        checked(&fetched(&descriptor), &Registry::reserved())
    }

    #[test]
    fn a_descriptor_names_schema_version_and_keys() {
        let found = changed("title", json!("Foo")).unwrap();
        assert!(found.keys().find("a").is_some());
        let base = "https://docs.melega.ai/registry/kiri/";
        for context in [
            json!(["https://schema.org", {"kiri": base}]),
            json!({"KIRI": {"@id": base}, "kiri:agent": format!("{base}agent")}),
            json!({"kirin": "https://foo.example/", "x": {"@context": {"kiri": base}}}),
        ] {
            assert!(changed("@context", context.clone()).is_ok(), "{context}");
        }
    }

    #[test]
    fn what_breaks_an_invariant_is_told_apart() {
        use ReasonCode::{IdentifierRewrite, NamespaceUnresolvable, SchemaVersionMissing};
        for (name, value, reason) in [
            ("@id", json!("ext:foo/v3"), NamespaceUnresolvable),
            ("@id", json!("EXT:foo/v2"), NamespaceUnresolvable),
            ("$id", json!("ext:bar/v1"), NamespaceUnresolvable),
            ("version", json!(null), SchemaVersionMissing),
            ("version", json!("2.1"), NamespaceUnresolvable),
            ("version", json!(2), NamespaceUnresolvable),
            ("jwks", json!({}), NamespaceUnresolvable),
            (
                "@context",
                json!({"kiri": "https://foo.example/"}),
                IdentifierRewrite,
            ),
            (
                "@context",
                json!([{}, {"swarm": {"@id": "https://x.example/"}}]),
                IdentifierRewrite,
            ),
            ("@context", json!({"melega": null}), IdentifierRewrite),
            (
                "@context",
                json!({"Kiri": "https://foo.example/"}),
                IdentifierRewrite,
            ),
            (
                "@context",
                json!({"kiri:agent": "https://foo.example/"}),
                IdentifierRewrite,
            ),
            (
                "@context",
                json!({"x": {"@id": "ext:x", "@context": {"kiri": "https://foo.example/"}}}),
                IdentifierRewrite,
            ),
            (
                "properties",
                json!([[{"a": {"@context": [{"kiri": "https://foo.example/"}]}}]]),
                IdentifierRewrite,
            ),
            (
                "@context",
                json!({"ACME": "https://foo.example/"}),
                IdentifierRewrite,
            ),
            ("@context", json!({"acme": null}), IdentifierRewrite),
        ] {
            assert_eq!(
                changed(name, value.clone()).unwrap_err(),
                reason,
                "{name} {value}"
            );
        }
        let mut unmarked = descriptor();
        unmarked.as_object_mut().unwrap().remove("@context");
        assert_eq!(
            checked(&fetched(&unmarked), &Registry::reserved()),
            Err(NamespaceUnresolvable)
        );
    }

    #[test]
    fn only_a_plain_answer_counts() {
        let good = fetched(&descriptor());
        let registry = Registry::reserved();
        for status in [201, 204, 301, 404, 500] {
            let other = Fetched {
                status,
                ..good.clone()
            };
            assert!(checked(&other, &registry).is_err(), "{status}");
        }
        for content_type in [None, Some("text/html"), Some("application/jsonp"), Some("")] {
            let other = Fetched {
                content_type: content_type.map(Into::into),
                ..good.clone()
            };
            assert!(checked(&other, &registry).is_err(), "{content_type:?}");
        }
        for body in [
            b"[]".to_vec(),
            Vec::new(),
            vec![b' '; LARGEST + 1],
            b"{\"@context\":1,\"@context\":2}".to_vec(),
        ] {
            assert!(
                checked(
                    &Fetched {
                        body,
                        ..good.clone()
                    },
                    &registry
                )
                .is_err()
            );
        }
    }

    #[test]
    fn a_registered_prefix_belongs_to_its_base() {
        let fetched = fetched(&descriptor());
        let other = Registry::reserved()
            .with("ext", "https://ext.example/")
            .unwrap();
        assert_eq!(
            checked(&fetched, &other),
            Err(ReasonCode::IdentifierRewrite)
        );
        let own = Registry::reserved()
            .with("ext", "https://foo.example/")
            .unwrap();
        assert!(checked(&fetched, &own).is_ok());
    }
}
