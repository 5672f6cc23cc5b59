//! What a replayed dialogue looks like: one JSON line a cycle, a table of the cycles that matter,
//! and a page to look at.

mod moments;
mod page;
mod row;
mod spark;
mod summary;
mod table;

pub use moments::{Moment, Reason, moments};
pub use page::write_page;
pub use row::{AttractorRef, Cause, Components, Line, Reference, Row, Subject};
pub use summary::{BandShare, Summary};
pub use table::{Look, write_table};

use serde::Serialize;
use sigma_types::Timestamp;

/// Lower ends of the bands of the composite index above nominal (`SRIP-03 §6`), and their names.
///
/// Nominal is `[0, .45)`; each band ends where the next begins; collapse begins above .75.
pub const BANDS: [(&str, f64); 6] = [
    ("nominal", 0.0),
    ("caution", 0.45),
    ("reflective", 0.5),
    ("recovery", 0.6),
    ("critical", 0.7),
    ("collapse", 0.75),
];

/// The band of an unclamped composite index, as an index into [`BANDS`].
pub fn band_of(di_raw: f64) -> usize {
    let collapse = BANDS.len() - 1;
    if di_raw > BANDS[collapse].1 {
        return collapse;
    }
    // collapse is open at its lower end, the others are closed
    BANDS[..collapse]
        .iter()
        .rposition(|(_, from)| di_raw >= *from)
        .unwrap_or(0)
}

/// A replayed dialogue.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What is told of the dialogue itself.
    pub about: About,
    /// One row a cycle, in order.
    pub rows: Vec<Row>,
    /// The texts of the cycles, in the same order.
    pub texts: Vec<Texts>,
}

/// What a report tells about where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    /// Title for people.
    pub title: String,
    /// The file's name.
    pub file: String,
    /// The identity that was measured against.
    pub identity: Option<String>,
    /// The embedder's id and the profile that decided.
    pub measured_with: String,
    /// What was merged or left out while reading.
    pub notes: Vec<String>,
    /// When the report was made; left out of anything that must be the same every time.
    pub made_at: Option<Timestamp>,
}

/// What was said in a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The user's text.
    pub user: String,
    /// The assistant's text.
    pub assistant: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_half_open_and_collapse_lies_above() {
        let name = |di: f64| BANDS[band_of(di)].0;
        let cases = [
            (0.0, "nominal"),
            (0.449_999, "nominal"),
            (0.45, "caution"),
            (0.5, "reflective"),
            (0.6, "recovery"),
            (0.7, "critical"),
            (0.75, "critical"),
            (0.750_001, "collapse"),
            (2.2, "collapse"),
            (f64::NAN, "nominal"),
        ];
        for (di, band) in cases {
            assert_eq!(name(di), band, "{di}");
        }
    }
}
