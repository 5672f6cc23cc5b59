//! Episodic frames: one utterance each, append-only and hash-linked (`SRIP-04 §2`, `§3`).

use std::ops::Deref;

use serde::{Deserialize, Serialize};
use sigma_types::{
    AttractorId, Cycle, Hash256, Measured, SessionId, Speaker, Timestamp, Unit, hash_canonical,
};

use crate::{
    Lifecycle,
    field::CycleRecord,
    intent::Intent,
    times::TimeAnchor,
    vector::{Codes, EmbedderTag},
};

/// Position of a frame in its session, from 0, without gaps.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct FrameId(pub u64);

impl std::fmt::Display for FrameId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The content of a frame. Reached through [`Frame`], which nobody can change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameBody {
    /// Where it stands.
    pub id: FrameId,
    /// The cycle it belongs to.
    pub cycle: Cycle,
    /// When it was said.
    pub at: Timestamp,
    /// Which side said it.
    pub speaker: Speaker,
    /// Who said it, where several take part.
    pub participant: Option<String>,
    /// The words.
    pub text: String,
    /// One line that stands for them.
    pub summary: String,
    /// How close the summary stays to the words.
    pub fidelity: Measured<Unit>,
    /// Content words and numbers with their counts, sorted; quoted sentences left out.
    pub terms: Vec<(String, u32)>,
    /// Content words in all, quoted ones left out.
    pub length: u32,
    /// Keys of its key phrases, the weightiest first.
    pub motifs: Vec<String>,
    /// Its vector, quoted sentences left out.
    pub vector: Option<StoredVector>,
    /// Near-duplicate id of the summary's vector, as 16 hexadecimal digits.
    pub simhash: Option<String>,
    /// What it is for (`SRIP-04 §6`, contextual anchor).
    pub intent: Intent,
    /// Times that it speaks of (`SRIP-04 §6`, contextual anchor).
    pub times: Vec<TimeAnchor>,
    /// The attractor that was active.
    pub attractor: Option<AttractorId>,
    /// The phase it was in.
    pub phase: Option<Lifecycle>,
    /// Symbolic density of its cycle.
    pub density: Measured<Unit>,
    /// Frames that stood in the prompt as memory inserts, for an answer.
    pub inserted: Vec<FrameId>,
    /// The insert that this only repeats, if so: an echo is kept and never recalled.
    pub echo_of: Option<FrameId>,
    /// What the cycle committed, on the last frame of a cycle.
    pub record: Option<CycleRecord>,
    /// Hash of the summary in its chain; it travels (`SRIP-05 §3`) and tells no words.
    pub summary_hash: Hash256,
    /// Hash of the frame before, or [`genesis`] of the session.
    pub parent: Hash256,
}

/// A vector with the model that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoredVector {
    /// The model.
    pub embedder: EmbedderTag,
    /// The direction.
    pub codes: Codes,
}

/// One utterance as memory keeps it.
///
/// Frames are made by [`Memory::compose`](crate::Memory::compose) from [`Spoken`](crate::Spoken)
/// words only, and come back from storage through serde. Nothing changes one after that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Frame {
    #[serde(flatten)]
    body: FrameBody,
    hash: Hash256,
}

impl Frame {
    pub(crate) fn seal(body: FrameBody) -> Self {
        let hash = content_hash(&body);
        Self { body, hash }
    }

    /// Hash of everything in the frame, the parent's hash included.
    pub fn hash(&self) -> Hash256 {
        self.hash
    }

    /// True if the hash is that of the content: a frame from damaged storage shows itself here.
    pub fn is_intact(&self) -> bool {
        content_hash(&self.body) == self.hash
    }
}

impl Deref for Frame {
    type Target = FrameBody;
    fn deref(&self) -> &FrameBody {
        &self.body
    }
}

/// What the first frame of a session names as its parent: frames of another session do not fit.
pub fn genesis(session: &SessionId) -> Hash256 {
    Hash256::of(format!("sigma-memory genesis\n{session}").as_bytes())
}

fn content_hash(body: &FrameBody) -> Hash256 {
    // text, integers, and numbers of six decimals: all have a canonical form
    hash_canonical(body).unwrap_or(Hash256::ZERO)
}
