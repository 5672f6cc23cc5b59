//! A conversation of the file as a memory, and what the memory finds.

use std::time::{Duration, Instant};

use sigma_memory::{Field, Memory, Pil, Query, Recalled, Rules, Spoken};
use sigma_text::{BundledEmbedder, Embedder as _, Utterance};
use sigma_types::{SessionId, Timestamp};

use super::locomo::{Conversation, Turn};

/// A memory that holds a conversation, a frame a turn.
pub(super) struct Remembered {
    pub(super) memory: Memory,
    /// When the last turn was said: questions are asked then.
    end: Timestamp,
}

impl Remembered {
    pub(super) fn new(
        talk: &Conversation,
        rules: Rules,
        words: impl Fn(&Turn) -> String,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let embedder = BundledEmbedder::new();
        let mut memory = Memory::new(SessionId::new("conversation")?, Pil::new(), rules);
        let mut end = Timestamp::EPOCH;
        for turn in &talk.turns {
            end = turn.at;
            let utterance = Utterance::new(&words(turn), &embedder);
            let said = if turn.speaker == talk.first {
                Spoken::by_user(&utterance)
            } else {
                Spoken::by_model(&utterance, [])
            };
            let field = Field::unmeasured(memory.cycle().next(), turn.at);
            let named = [said.named(&turn.speaker)];
            for frame in memory.compose(&field, embedder.info(), &named)? {
                memory.append(frame)?;
            }
        }
        Ok(Self { memory, end })
    }

    /// The `limit` turns recalled first, and how long that took; reading the question is not timed.
    pub(super) fn ask(&self, question: &str, limit: usize) -> (Vec<Recalled>, Duration) {
        let embedder = BundledEmbedder::new();
        let utterance = Utterance::new(question, &embedder);
        let query = Query::new(&utterance, self.memory.cycle().next(), self.end)
            .embedder(&embedder)
            .limit(limit);
        let start = Instant::now();
        let found = self.memory.recall(&query);
        (found, start.elapsed())
    }
}
