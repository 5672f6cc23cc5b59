//! A clause of an output as the validator read it.

use crate::{Assertion, Axes};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A clause: one predicate with what belongs to it. Spans are byte ranges of the output.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clause {
    /// From its connector to its last word.
    pub span: Range<usize>,
    /// The sentence it stands in, with its end mark.
    pub sentence: Range<usize>,
    /// The words of the span.
    pub text: String,
    /// Where it stands on the six axes.
    pub axes: Axes,
    /// What it says.
    pub assertion: Assertion,
    /// Where its parts are: what a transform takes hold of.
    pub parts: Parts,
}

/// Where the parts of a clause are; a missing part is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parts {
    /// "because", "while", "and", "that".
    pub connector: Option<Range<usize>>,
    /// The subject as written in this clause; none if taken over from an earlier one.
    pub subject: Option<Range<usize>>,
    /// The auxiliaries, as far as they stand together.
    pub auxiliary: Option<Range<usize>>,
    /// "not", "never", "no".
    pub negation: Option<Range<usize>>,
    /// The main verb (the last of a chain: "kept *waiting*").
    pub verb: Option<Range<usize>>,
    /// What follows the main verb, without an absence adverbial at its end.
    pub complement: Option<Range<usize>>,
    /// An adverbial of duration or absence: "all night", "between our talks".
    pub temporal: Option<Range<usize>>,
    /// Written between asterisks as a stage direction.
    pub stage: bool,
    /// Depends on another clause: begins with a subordinator or a relative word, or is a participle.
    pub dependent: bool,
    /// Index, among the clauses of the output, of the clause it depends on.
    pub depends_on: Option<usize>,
}
