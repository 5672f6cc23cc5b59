//! NUR-01: the registry of namespaces, and how identifiers resolve through it.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

use crate::ids::is_prefix;

/// Prefixes that are ours and can neither be removed nor given another base (NUR-01).
pub const RESERVED: [&str; 5] = ["interop", "kiri", "melega", "swarm", "treasury"];

const BASE: &str = "https://docs.melega.ai/registry/";
/// How an identifier becomes an address, as the document states it.
const RULE: &str = "<prefix>:<path> \u{2192} <base_uri><path>";
/// Where a namespace describes itself, as the document states it.
const ENDPOINT: &str = "<base_uri>schema.jsonld";
const DESCRIPTOR: &str = "schema.jsonld";

/// A version of the registry: three numbers, ordered by the first that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistryVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

/// A registry, or a step from one to the next, breaks NUR-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The version is not three numbers with dots between.
    #[error("a registry version is three numbers")]
    Version,
    /// A prefix has a form that no identifier can begin with.
    #[error("not a prefix")]
    Prefix,
    /// A base is not an https address that ends in a slash.
    #[error("a base is an https address that ends in a slash")]
    Base,
    /// A reserved prefix is missing or has another base.
    #[error("a reserved prefix is missing or changed")]
    Reserved,
    /// The rules printed in the document are others.
    #[error("the rules of resolution are fixed")]
    Rules,
    /// The contents changed and the version did not rise, or the version fell.
    #[error("the version only rises")]
    Order,
}

impl fmt::Display for RegistryVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for RegistryVersion {
    type Err = RegistryError;
    fn from_str(text: &str) -> Result<Self, RegistryError> {
        let mut parts = text.split('.').map(|part| {
            let plain =
                part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            plain.then(|| part.parse().ok()).flatten()
        });
        let mut next = || parts.next().flatten().ok_or(RegistryError::Version);
        let version = Self {
            major: next()?,
            minor: next()?,
            patch: next()?,
        };
        parts
            .next()
            .map_or(Ok(version), |_| Err(RegistryError::Version))
    }
}

impl TryFrom<String> for RegistryVersion {
    type Error = RegistryError;
    fn try_from(text: String) -> Result<Self, RegistryError> {
        text.parse()
    }
}

impl From<RegistryVersion> for String {
    fn from(version: RegistryVersion) -> Self {
        version.to_string()
    }
}

/// The registry's document, with exactly the keys that NUR-01 names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    registry_version: RegistryVersion,
    namespaces: BTreeMap<String, String>,
    resolution_rule: String,
    descriptor_endpoint: String,
}

/// A registry that holds to NUR-01: every reserved prefix is there, with its own base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Document", into = "Document")]
pub struct Registry {
    version: RegistryVersion,
    namespaces: BTreeMap<String, String>,
}

/// What an identifier resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution<'a> {
    /// An address, fragment and all.
    Address(String),
    /// The prefix is not registered, so the identifier stays as it is and is never rewritten.
    Opaque(&'a str),
}

impl Registry {
    /// The reserved prefixes alone, as version 1.0.0.
    #[must_use]
    pub fn reserved() -> Self {
        let namespaces = RESERVED
            .into_iter()
            .map(|prefix| (prefix.to_owned(), format!("{BASE}{prefix}/")))
            .collect();
        let version = RegistryVersion {
            major: 1,
            minor: 0,
            patch: 0,
        };
        Self {
            version,
            namespaces,
        }
    }

    /// The registry with one more prefix, or another base for one, as the next minor version.
    ///
    /// # Errors
    /// [`RegistryError`] for a reserved prefix and for what is no prefix or no base.
    pub fn with(&self, prefix: &str, base: &str) -> Result<Self, RegistryError> {
        let mut next = self.clone();
        next.namespaces.insert(prefix.to_owned(), base.to_owned());
        next.version.minor += 1;
        next.version.patch = 0;
        next.checked()
    }

    /// Puts `next` in this registry's place.
    ///
    /// # Errors
    /// [`RegistryError::Order`] where the version falls, or stays while the contents change.
    pub fn succeeded_by(self, next: Self) -> Result<Self, RegistryError> {
        let rises = next.version > self.version || next == self;
        rises.then_some(next).ok_or(RegistryError::Order)
    }

    /// The version.
    #[must_use]
    pub const fn version(&self) -> RegistryVersion {
        self.version
    }

    /// The base of a prefix.
    #[must_use]
    pub fn base(&self, prefix: &str) -> Option<&str> {
        self.namespaces.get(prefix).map(String::as_str)
    }

    /// Where the namespace of a prefix describes itself.
    #[must_use]
    pub fn descriptor(&self, prefix: &str) -> Option<String> {
        self.base(prefix).map(|base| format!("{base}{DESCRIPTOR}"))
    }

    /// Resolves `<prefix>:<path>` to `<base_uri><path>`.
    #[must_use]
    pub fn resolve<'a>(&self, id: &'a str) -> Resolution<'a> {
        id.split_once(':')
            .and_then(|(prefix, path)| Some((self.base(prefix)?, path)))
            .map_or(Resolution::Opaque(id), |(base, path)| {
                Resolution::Address(format!("{base}{path}"))
            })
    }

    fn checked(self) -> Result<Self, RegistryError> {
        if !self.namespaces.keys().all(|prefix| is_prefix(prefix)) {
            return Err(RegistryError::Prefix);
        }
        if !self.namespaces.values().all(|base| is_base(base)) {
            return Err(RegistryError::Base);
        }
        let own = Self::reserved();
        let kept = own
            .namespaces
            .iter()
            .all(|(prefix, base)| self.base(prefix) == Some(base));
        // `KIRI:` would look like ours to people.
        let lookalike = self
            .namespaces
            .keys()
            .any(|prefix| is_reserved(prefix) && !RESERVED.contains(&prefix.as_str()));
        (kept && !lookalike)
            .then_some(self)
            .ok_or(RegistryError::Reserved)
    }
}

/// Whether a prefix is ours, in whatever letters it is written.
#[must_use]
pub fn is_reserved(prefix: &str) -> bool {
    RESERVED
        .iter()
        .any(|reserved| prefix.eq_ignore_ascii_case(reserved))
}

/// Whether the identifier stands under a prefix that is ours.
#[must_use]
pub fn is_ours(id: &str) -> bool {
    id.split_once(':')
        .is_some_and(|(prefix, _)| is_reserved(prefix))
}

/// What a deployment keeps for itself beyond [`RESERVED`]: prefixes in whatever letters, and hosts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reserved {
    /// Such as `acme`, without the colon.
    pub prefixes: Vec<String>,
    /// Such as `runtime.example`, in lower case and without a port.
    pub hosts: Vec<String>,
}

impl Reserved {
    /// Whether the identifier stands under a prefix that is kept.
    #[must_use]
    pub fn covers_id(&self, id: &str) -> bool {
        let kept = |prefix: &str| self.prefixes.iter().any(|p| p.eq_ignore_ascii_case(prefix));
        id.split_once(':').is_some_and(|(prefix, _)| kept(prefix))
    }

    /// Whether the address lies on a host that is kept.
    #[must_use]
    pub fn covers_address(&self, uri: &str) -> bool {
        let url = url::Url::parse(uri).ok();
        let host = url.as_ref().and_then(url::Url::host_str);
        host.is_some_and(|host| self.hosts.iter().any(|h| h.eq_ignore_ascii_case(host)))
    }
}

fn is_base(base: &str) -> bool {
    base.ends_with('/')
        && url::Url::parse(base).is_ok_and(|url| {
            url.scheme() == "https"
                && url.as_str() == base
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
                && url.password().is_none()
        })
}

impl TryFrom<Document> for Registry {
    type Error = RegistryError;
    fn try_from(document: Document) -> Result<Self, RegistryError> {
        if document.resolution_rule != RULE || document.descriptor_endpoint != ENDPOINT {
            return Err(RegistryError::Rules);
        }
        let registry = Self {
            version: document.registry_version,
            namespaces: document.namespaces,
        };
        registry.checked()
    }
}

impl From<Registry> for Document {
    fn from(registry: Registry) -> Self {
        Self {
            registry_version: registry.version,
            namespaces: registry.namespaces,
            resolution_rule: RULE.into(),
            descriptor_endpoint: ENDPOINT.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_resolves_what_is_registered_and_leaves_the_rest_alone() {
        let registry = Registry::reserved();
        assert_eq!(
            registry.resolve("kiri:interop/bnd_x#sealed"),
            Resolution::Address("https://docs.melega.ai/registry/kiri/interop/bnd_x#sealed".into())
        );
        for opaque in ["ext:foo/v2", "KIRI:x", "nothing", "", ":x"] {
            assert_eq!(registry.resolve(opaque), Resolution::Opaque(opaque));
        }
        let more = registry.with("ext", "https://ext.example/ns/").unwrap();
        assert_eq!(more.version().to_string(), "1.1.0");
        assert_eq!(
            more.descriptor("ext").unwrap(),
            "https://ext.example/ns/schema.jsonld"
        );
    }

    #[test]
    fn reserved_prefixes_stay() {
        let registry = Registry::reserved();
        for (prefix, base) in [
            ("kiri", "https://other.example/"),
            ("Kiri", "https://k.example/"),
        ] {
            assert_eq!(registry.with(prefix, base), Err(RegistryError::Reserved));
        }
        let text = serde_json::to_string(&registry).unwrap();
        let without = text.replace("\"swarm\"", "\"warm\"");
        assert!(serde_json::from_str::<Registry>(&without).is_err());
        assert_eq!(serde_json::from_str::<Registry>(&text).unwrap(), registry);
        for base in [
            "http://a.example/",
            "https://a.example/x",
            "https://u@a.example/",
            "nothing/",
        ] {
            assert_eq!(
                registry.with("ext", base),
                Err(RegistryError::Base),
                "{base}"
            );
        }
    }

    #[test]
    fn the_version_only_rises() {
        let first = Registry::reserved();
        let second = first.with("ext", "https://ext.example/").unwrap();
        let mut altered = first.with("ext", "https://ext.example/").unwrap();
        altered.version = first.version;
        assert!(first.clone().succeeded_by(first.clone()).is_ok());
        assert!(first.clone().succeeded_by(second.clone()).is_ok());
        assert_eq!(
            second.succeeded_by(first.clone()),
            Err(RegistryError::Order)
        );
        assert_eq!(first.succeeded_by(altered), Err(RegistryError::Order));
        for wrong in ["1.0", "1.0.0.0", "1.0.01", "1.0.+1", "v1.0.0", ""] {
            assert!(wrong.parse::<RegistryVersion>().is_err(), "{wrong}");
        }
    }
}
