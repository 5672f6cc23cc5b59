//! Limits and windows of `SRIP-13`, as data.

use serde::{Deserialize, Serialize};

/// Which text the rules were taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Revision {
    /// Draft v0.4 of 2026-04-11, public 2026-05-20.
    #[serde(rename = "0.4")]
    Draft04,
}

/// One rule set. A later revision is written as a delta: `Rules { clean_turns: 3, ..SRIP_13 }`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The text behind the numbers.
    pub revision: Revision,
    /// Turns without a trigger after which the band falls by one.
    pub clean_turns: u32,
    /// Microseconds from which an answer counts as slow.
    pub slow_answer_micros: u64,
    /// Naming.
    pub naming: NamingRules,
    /// Correction of an output.
    pub rewrite: RewriteRules,
    /// Release of an output in pieces.
    pub release: ReleaseRules,
}

/// Naming (`SRIP-13 §X`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamingRules {
    /// A direct channel may give the session an alias.
    pub direct: bool,
    /// A participant of a group may give an alias that holds for them alone.
    pub group: bool,
    /// Most characters of an alias.
    pub alias_chars: usize,
    /// Most words of an alias.
    pub alias_words: usize,
    /// Most aliases of a group session, one a participant.
    pub aliases: usize,
    /// Most participants that a session knows; who was heard longest ago is forgotten first.
    pub participants: usize,
}

/// Correction (`SRIP-13 §XI.4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewriteRules {
    /// Most units of one output that may be rewritten or left out; more of them call for the fallback.
    pub units: usize,
    /// Most sentences that one output may be given in place of others.
    pub bridges: usize,
    /// An output of which fewer words are left is given a last sentence.
    pub least_words: usize,
    /// Most attempts at one unit.
    pub attempts: usize,
}

/// Release in pieces (`SRIP-13 §XI.4`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseRules {
    /// A unit that grows over this many bytes without an end is taken as it is.
    pub unit_bytes: usize,
}

/// Draft v0.4, open points as in `docs/ris.md`.
pub const SRIP_13: Rules = Rules {
    revision: Revision::Draft04,
    clean_turns: 2,
    slow_answer_micros: 20_000_000,
    naming: NamingRules {
        direct: true,
        group: true,
        alias_chars: 40,
        alias_words: 4,
        aliases: 64,
        participants: 64,
    },
    rewrite: RewriteRules {
        units: 12,
        bridges: 3,
        least_words: 6,
        attempts: 8,
    },
    release: ReleaseRules { unit_bytes: 2_000 },
};

impl Default for Rules {
    fn default() -> Self {
        SRIP_13
    }
}

impl Revision {
    /// The version of the document, as diagnostics give it.
    pub fn spec_version(self) -> &'static str {
        match self {
            Self::Draft04 => "SRIP-13 draft 0.4",
        }
    }
}
