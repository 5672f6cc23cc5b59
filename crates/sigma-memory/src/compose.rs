//! From what was said to frames.

use sigma_text::{EmbedderInfo, Embedding, Utterance};
use sigma_types::{Cycle, Hash256, Speaker};

use crate::{
    Codes, Field, Frame, FrameBody, FrameId, Memory, Spoken, StoredVector,
    echo::{Echo, echo},
    field::{CycleRecord, six},
    index::CAPACITY,
    intent::intent,
    summary::{SummaryOf, simhash, summarise, summary_hash},
    terms::frame_terms,
    times::time_anchors,
};

/// No frames were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComposeError {
    /// Nothing was said.
    #[error("a cycle without words makes no frames")]
    NothingSaid,
    /// The cycle does not lie ahead of the last one.
    #[error("cycle {given} does not lie after cycle {last}")]
    NotAhead {
        /// The cycle given.
        given: Cycle,
        /// The last one that memory holds.
        last: Cycle,
    },
    /// An insert is not a frame of this session.
    #[error("insert {0} is not a frame of this session")]
    UnknownInsert(FrameId),
    /// No more frames can be numbered.
    #[error("a session holds at most {CAPACITY} frames")]
    Full,
}

impl Memory {
    /// Makes the frames of one cycle, linked to each other and to the last one. Memory itself stays
    /// as it is: store the frames first, then [`Memory::append`] them.
    ///
    /// # Errors
    /// [`ComposeError`].
    pub fn compose(
        &self,
        field: &Field,
        embedder: &EmbedderInfo,
        spoken: &[Spoken<'_>],
    ) -> Result<Vec<Frame>, ComposeError> {
        if field.cycle <= self.cycle() {
            return Err(ComposeError::NotAhead {
                given: field.cycle,
                last: self.cycle(),
            });
        }
        if self.len() + spoken.len() > CAPACITY {
            return Err(ComposeError::Full);
        }
        let mut frames: Vec<Frame> = Vec::with_capacity(spoken.len());
        for (at, said) in spoken.iter().enumerate() {
            if let Some(unknown) = said.inserted.iter().find(|id| id.0 >= self.len() as u64) {
                return Err(ComposeError::UnknownInsert(*unknown));
            }
            let last = at + 1 == spoken.len();
            let record = last.then(|| self.record(field, spoken));
            let id = FrameId((self.len() + at) as u64);
            let links = frames
                .last()
                .map_or((self.head, self.summary_head), |frame| {
                    (frame.hash(), frame.summary_hash)
                });
            frames.push(self.frame(field, embedder, said, id, links, record));
        }
        if frames.is_empty() {
            Err(ComposeError::NothingSaid)
        } else {
            Ok(frames)
        }
    }

    fn frame(
        &self,
        field: &Field,
        embedder: &EmbedderInfo,
        said: &Spoken<'_>,
        id: FrameId,
        (parent, summary_parent): (Hash256, Hash256),
        record: Option<CycleRecord>,
    ) -> Frame {
        let bounds = &self.rules.bounds;
        let reading = &said.utterance.reading;
        let echo = self.echo(said);
        let (terms, length) = frame_terms(reading, &echo.quoted, bounds.terms);
        let summary = summarise(said.utterance, bounds.summary);
        let vector = unquoted(said.utterance, &echo).map(|vector| StoredVector {
            embedder: embedder.into(),
            codes: Codes::of(&vector),
        });
        let summary_hash = summary_hash(&SummaryOf {
            schema: self.rules.schema,
            cycle: field.cycle,
            phase: field.phase,
            attractor: field.attractor,
            summary: &summary.text,
            core_motifs: &field.motifs,
            drift: field.measures.di.value().map(sigma_types::NonNegative::get),
            parent: summary_parent,
        });
        Frame::seal(FrameBody {
            id,
            cycle: field.cycle,
            at: field.at,
            speaker: said.speaker,
            participant: said.participant.map(str::to_owned),
            text: said.utterance.text().to_owned(),
            summary: summary.text,
            fidelity: summary.fidelity,
            terms,
            length,
            motifs: reading
                .phrases
                .iter()
                .take(bounds.motifs)
                .map(|p| p.key.clone())
                .collect(),
            vector,
            simhash: summary
                .vector
                .as_ref()
                .map(|v| format!("{:016x}", simhash(v))),
            intent: intent(reading),
            times: time_anchors(said.utterance.text(), field.at, bounds.times),
            attractor: field.attractor,
            phase: field.phase,
            density: field.measures.rounded().density,
            inserted: said.inserted.clone(),
            echo_of: echo.of,
            record,
            summary_hash,
            parent,
        })
    }

    fn echo(&self, said: &Spoken<'_>) -> Echo {
        let texts = said.inserted.iter().map(|id| {
            let body = self.bodies.body(id.0 as u32);
            (*id, &*body.text)
        });
        echo(&said.utterance.reading, texts, &self.rules.echo)
    }

    fn record(&self, field: &Field, spoken: &[Spoken<'_>]) -> CycleRecord {
        let measures = field.measures.rounded();
        let last = self.trail.last();
        let change = |now: Option<f64>, before: Option<f64>| Some(six(now? - before?));
        let bounds = &self.rules.bounds;
        CycleRecord {
            measures,
            delta_di: change(
                measures.di.value().map(sigma_types::NonNegative::get),
                last.and_then(|p| p.di.value())
                    .map(sigma_types::NonNegative::get),
            ),
            delta_scr: change(
                measures.scr.value().map(sigma_types::Unit::get),
                last.and_then(|p| p.scr.value()).map(sigma_types::Unit::get),
            ),
            phase_vector: field.phase_vector.map(|p| p.map(six)),
            state: self.next_state(spoken),
            attractors: field
                .attractors
                .iter()
                .take(bounds.concepts)
                .map(|delta| crate::AttractorDelta {
                    stability: six(delta.stability),
                    density: six(delta.density),
                    drift: six(delta.drift),
                    ..delta.clone()
                })
                .collect(),
            motifs: field.motifs.iter().take(bounds.concepts).cloned().collect(),
            identity: self.pil.hash(),
        }
    }

    /// The field state vector after these words: a moving average of the answers' vectors.
    fn next_state(&self, spoken: &[Spoken<'_>]) -> Option<Codes> {
        let before = self.trail.state();
        let mut answers = spoken
            .iter()
            .filter(|s| s.speaker == Speaker::Assistant)
            .filter_map(|s| s.utterance.vectors.whole.as_ref())
            .peekable();
        if answers.peek().is_none() {
            return before.cloned();
        }
        let weight = self.rules.invariants.field_weight;
        let blend = |state: Option<Embedding>, answer: &Embedding| match state {
            Some(state) if state.dimensions() == answer.dimensions() => {
                Some(state.blended(answer, weight))
            }
            _ => Some(answer.clone()),
        };
        answers
            .fold(before.and_then(Codes::embedding), blend)
            .as_ref()
            .map(Codes::of)
    }
}

/// The vector of what is not quoted.
fn unquoted(utterance: &Utterance, echo: &Echo) -> Option<Embedding> {
    if echo.quoted.is_empty() || echo.of.is_some() {
        return utterance.vectors.whole.clone();
    }
    let own = utterance.vectors.sentences.iter().enumerate();
    Embedding::mean(
        own.filter(|(at, _)| !echo.sentences.contains(at))
            .filter_map(|(_, v)| v.as_ref()),
    )
}
