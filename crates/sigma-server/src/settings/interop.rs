//! How outside systems bind.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{SeqAccess, Visitor},
};
use std::fmt;

/// How outside systems bind (`IOH-01`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InteropSettings {
    /// The SQLite file of the interop ledger, `off` for none; empty for one beside the session store, or
    /// none where sessions end with the process.
    pub ledger: String,
    /// The file of the key that signs the ledger; empty for one beside the ledger. It is made at the
    /// first start.
    pub key: String,
    /// Scheme and host by which peers reach this server, which their signatures cover. Empty for plain
    /// http and the host that a request names.
    pub public_url: String,
    /// Schemas of peers that are understood and as what: `ext:* → kiri:agent.v1`.
    // an empty list is no value to the layers below
    #[serde(default)]
    pub translations: List,
    /// A file with a NUR-01 registry; empty for the reserved prefixes alone.
    pub registry: String,
    /// Prefixes that no peer may take, beside the reserved ones.
    #[serde(default)]
    pub reserved_prefixes: List,
    /// Hosts on which no peer may have its namespace, beside those of the reserved prefixes and our own.
    #[serde(default)]
    pub reserved_hosts: List,
    /// Schemas whose binding is a treaty: names, or starts with a trailing `*`.
    #[serde(default)]
    pub treaties: List,
    /// A file with custodians and proposals; empty for no governance, which refuses every treaty.
    pub governance: String,
    /// From ANNOUNCE to the last moment of BIND.
    pub negotiation_minutes: u64,
    /// Requests a minute from one source; 0 for any number.
    pub requests_per_minute: u32,
    /// Descriptors fetched a minute from one host; 0 for any number.
    pub fetches_per_minute: u32,
    /// Where signals are posted as CloudEvents; empty for the log only.
    pub signals_url: String,
    /// Lets peers announce loopback addresses over plain http: whoever reaches the server can then make
    /// it ask services of its own machine.
    pub dangerously_allow_loopback: bool,
}

impl Default for InteropSettings {
    fn default() -> Self {
        Self {
            ledger: String::new(),
            key: String::new(),
            public_url: String::new(),
            translations: List(vec!["ext:* \u{2192} kiri:agent.v1".into()]),
            registry: String::new(),
            reserved_prefixes: List::default(),
            reserved_hosts: List::default(),
            treaties: List::default(),
            governance: String::new(),
            negotiation_minutes: 15,
            requests_per_minute: 600,
            fetches_per_minute: 60,
            signals_url: String::new(),
            dangerously_allow_loopback: false,
        }
    }
}

/// Several texts: a list in the file, a text with commas in the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct List(pub Vec<String>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, or one text with commas between")
    }

    fn visit_str<E>(self, text: &str) -> Result<List, E> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Ok(List(parts.map(str::to_owned).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = seq.next_element()? {
            all.push(one);
        }
        Ok(List(all))
    }
}
