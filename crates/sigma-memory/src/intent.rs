//! What an utterance is for: half of a frame's contextual anchor (`SRIP-04 §6`).

use serde::{Deserialize, Serialize};
use sigma_text::Reading;

/// What an utterance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Intent {
    /// Asks something.
    Ask,
    /// Tells the other what to do.
    Direct,
    /// Tells something.
    Tell,
    /// Only keeps the dialogue going ("thanks!").
    Phatic,
}

/// The intent that the form of a text shows.
pub fn intent(reading: &Reading) -> Intent {
    let style = &reading.style;
    if reading.terms.is_empty() {
        Intent::Phatic
    } else if style.questions >= 0.5 || (style.questions > 0.0 && ends_asking(&reading.text)) {
        Intent::Ask
    } else if style.imperatives >= 0.5 {
        Intent::Direct
    } else {
        Intent::Tell
    }
}

fn ends_asking(text: &str) -> bool {
    text.trim_end().ends_with(['?', '\u{61f}', '\u{ff1f}'])
}
