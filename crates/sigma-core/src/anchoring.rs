//! What of an identity is anchored for good (`SRIP-04 §3.4`).

use sigma_memory::EmbedderTag;
use sigma_text::{EmbedderInfo, Utterance};

use sigma_types::Cycle;

use crate::session::{Identity, SessionError, State};

/// Key phrases of the identity text that count as core motifs.
const CORE_MOTIFS: usize = 8;

/// Anchors an identity: its direction, its core motifs and its constraints. What no longer fits is left
/// out and logged; an identity that was anchored before stays what it is.
pub(crate) fn anchor(
    state: &mut State,
    read: Option<&Utterance>,
    identity: &Identity,
    embedder: &EmbedderInfo,
) {
    let bounds = sigma_memory::SRIP_04.bounds;
    if let Some(vector) = read.and_then(|utterance| utterance.vectors.whole.as_ref()) {
        note(
            state
                .pil
                .anchor_identity(vector, EmbedderTag::from(embedder)),
        );
    }
    for phrase in read
        .iter()
        .flat_map(|u| u.reading.phrases.iter().take(CORE_MOTIFS))
    {
        note(state.pil.anchor_motif(&phrase.key, &bounds));
    }
    for constraint in &identity.constraints {
        note(state.pil.anchor_constraint(constraint, &bounds));
    }
}

/// Anchors a fact that the caller named.
pub(crate) fn anchor_fact(state: &mut State, fact: &str, since: Cycle) -> Result<(), SessionError> {
    let bounds = sigma_memory::SRIP_04.bounds;
    state
        .pil
        .anchor_fact(fact, since, &bounds)
        .map_err(SessionError::Anchor)
}

fn note(result: Result<(), sigma_memory::AnchorError>) {
    if let Err(error) = result {
        tracing::debug!(%error, "not anchored");
    }
}
