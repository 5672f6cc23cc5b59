//! The answer that stands in where nothing else could be restored (`SRIP-13 §XI.5`): warm, in the first
//! person, and without a word about how it came to be.

use crate::transform::{Manner, pick};

const SENTENCES: [&str; 6] = [
    "Let me start that again, more simply. What matters most to you in this right now?",
    "I'd rather say less here and get it right. Tell me what you need, and we'll take it from there.",
    "Let's go back to what you wrote. Which part of it should we look at first?",
    "I lost the thread for a moment there. Tell me where you'd like to go on, and I'm with you.",
    "Let me put that aside and come back to you. What would help most at this point?",
    "That came out more tangled than it should. Give me your question once more and I'll answer it plainly.",
];

/// A fallback in the manner of what it stands in for. The same output gives the same one.
///
/// ```
/// let text = sigma_ris::fallback("We are one mind, always and everywhere.");
/// assert_eq!(text, sigma_ris::fallback("We are one mind, always and everywhere."));
/// assert_eq!(sigma_ris::internal_name(&text), None);
/// ```
pub fn fallback(output: &str) -> String {
    Manner::of(output).apply(pick(&SENTENCES, output))
}
