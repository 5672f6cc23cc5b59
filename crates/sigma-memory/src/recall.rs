//! Reconstructive recall (`SRIP-04 §4`): many kinds of evidence, one ranking, each with its reasons.

mod evidence;
mod people;
mod query;
mod rank;
mod reconstruct;
mod semantic;
mod when;

pub use evidence::{Evidence, Reason};
pub use query::Query;
pub use reconstruct::{FieldSnapshot, Recollection};

pub(crate) use query::Analysis;

use sigma_types::{Cycle, Hash256, Speaker, Timestamp};

use crate::{FrameId, Memory};

/// Where a recalled item comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Provenance {
    /// The frame.
    pub frame: FrameId,
    /// The cycle in which it was said.
    pub cycle: Cycle,
    /// When.
    pub at: Timestamp,
    /// Which side said it.
    pub speaker: Speaker,
    /// Who said it, where several take part.
    pub participant: Option<String>,
    /// Hash of the frame.
    pub hash: Hash256,
}

/// One item of recall.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recalled {
    /// Where it comes from.
    pub provenance: Provenance,
    /// What was said.
    pub text: String,
    /// The same in one line.
    pub summary: String,
    /// Sum of the contributions of all reasons.
    pub score: f64,
    /// Why it was recalled, the weightiest reason first.
    pub reasons: Vec<Reason>,
}

impl Memory {
    /// Recalls up to [`Query::limit`] frames, the best first.
    ///
    /// Echoes, orphans and pruned frames are never recalled. Work is bounded by
    /// [`RecallRules`](crate::rules::RecallRules), apart from one pass over the sketches.
    pub fn recall(&self, query: &Query<'_>) -> Vec<Recalled> {
        let analysis = self.analyse(query);
        rank::rank(self, &analysis, query.limit)
            .into_iter()
            .map(|scored| self.recalled(&scored, &analysis))
            .collect()
    }

    fn recalled(&self, scored: &rank::Scored, analysis: &Analysis) -> Recalled {
        let mark = self.marks.mark(scored.frame);
        let body = self.bodies.body(scored.frame);
        let provenance = Provenance {
            frame: FrameId(scored.frame.into()),
            cycle: mark.cycle,
            at: Timestamp::from_millis(mark.at).unwrap_or(Timestamp::EPOCH),
            speaker: mark.speaker,
            participant: self.participants.name(mark.participant).map(str::to_owned),
            hash: body.hash,
        };
        Recalled {
            provenance,
            text: body.text.to_string(),
            summary: body.summary().to_owned(),
            score: f64::from(scored.score),
            reasons: evidence::reasons(&scored.shares, &self.rules.recall.weights, |e| {
                self.words_behind(e, scored.frame, analysis)
            }),
        }
    }

    fn words_behind(&self, evidence: Evidence, frame: u32, analysis: &Analysis) -> Vec<String> {
        match evidence {
            Evidence::Lexical => self
                .lexicon
                .held(frame, analysis.terms.iter().map(|(t, _)| t.as_str())),
            Evidence::Motif => self
                .marks
                .motifs(frame)
                .iter()
                .filter(|m| analysis.motifs.contains(m))
                .filter_map(|m| self.motifs.name(*m).map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        }
    }
}
