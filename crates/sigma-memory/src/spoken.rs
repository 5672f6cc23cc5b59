//! What was really said: the only thing that a frame can be made from.

use sigma_text::Utterance;
use sigma_types::Speaker;

use crate::{FrameId, Recalled};

/// Words of the dialogue itself.
///
/// There is no way to make one from a prompt, a directive or a memory insert: it is either what the
/// user said or what the model answered, and an answer has to name the inserts that its prompt held,
/// so that a quotation from them is known for what it is.
#[derive(Debug, Clone)]
pub struct Spoken<'a> {
    pub(crate) speaker: Speaker,
    pub(crate) participant: Option<&'a str>,
    pub(crate) utterance: &'a Utterance,
    pub(crate) inserted: Vec<FrameId>,
}

impl<'a> Spoken<'a> {
    /// What the user said.
    pub fn by_user(utterance: &'a Utterance) -> Self {
        Self {
            speaker: Speaker::User,
            participant: None,
            utterance,
            inserted: Vec::new(),
        }
    }

    /// What the model answered to a prompt that held `inserts`.
    pub fn by_model(
        utterance: &'a Utterance,
        inserts: impl IntoIterator<Item = &'a Recalled>,
    ) -> Self {
        let mut inserted: Vec<_> = inserts.into_iter().map(|i| i.provenance.frame).collect();
        inserted.sort_unstable();
        inserted.dedup();
        Self {
            speaker: Speaker::Assistant,
            participant: None,
            utterance,
            inserted,
        }
    }

    /// Names the person or persona that spoke, where several take part.
    #[must_use]
    pub fn named(mut self, participant: &'a str) -> Self {
        self.participant = Some(participant).filter(|name| !name.trim().is_empty());
        self
    }
}
