#![doc = include_str!("../README.md")]

mod calibration;
mod embed;
mod language;
mod lexicon;
mod lines;
mod phrases;
mod reading;
mod sentences;
mod stop_words;
mod style;
mod style_measure;
mod term_stats;
mod terms;
mod weak_words;
mod words;

#[cfg(feature = "bundled")]
mod bundled;
#[cfg(feature = "local")]
mod local;
#[cfg(feature = "bundled")]
mod wordpiece;

#[cfg(feature = "bundled")]
pub use bundled::BundledEmbedder;
pub use embed::{
    Calibration, EmbedError, Embedder, EmbedderId, EmbedderInfo, Embedding, EmbeddingError,
};
pub use language::Language;
#[cfg(feature = "local")]
pub use local::{LoadError, LocalEmbedder, ModelFiles};
pub use reading::{KeyPhrase, Reading, Sentence, SentenceKind, Term, Utterance, Vectors, read};
pub use style::Style;
pub use term_stats::TermStats;
pub use weak_words::is_general;
pub use words::fold as fold_word;
