//! What a recalled item shows: words, summary, hash.

use sigma_types::{Hash256, Measured, Unit};

#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) text: Box<str>,
    /// `None` where the words are their own summary.
    summary: Option<Box<str>>,
    pub(crate) hash: Hash256,
    pub(crate) fidelity: Measured<Unit>,
}

impl Body {
    pub(crate) fn new(text: &str, summary: &str, hash: Hash256, fidelity: Measured<Unit>) -> Self {
        let summary = (summary != text).then(|| summary.into());
        Self {
            text: text.into(),
            summary,
            hash,
            fidelity,
        }
    }

    pub(crate) fn summary(&self) -> &str {
        self.summary.as_deref().unwrap_or(&self.text)
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Bodies {
    all: Vec<Body>,
    bytes: usize,
}

impl Bodies {
    pub(crate) fn push(&mut self, body: Body) {
        self.bytes += body.text.len() + body.summary.as_ref().map_or(0, |s| s.len());
        self.all.push(body);
    }

    pub(crate) fn body(&self, frame: u32) -> &Body {
        &self.all[frame as usize]
    }

    /// Bytes held, without the allocator's own.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes + self.all.capacity() * size_of::<Body>()
    }
}
