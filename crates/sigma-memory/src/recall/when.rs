//! Time evidence: when something was said, and of which days it tells.

use crate::times::{DaySpan, TimeAnchor};

/// How well a frame fits the times of a query, `0..=1`.
///
/// What a frame tells of counts whole; the day on which it was said counts for less, as things are
/// told after they happen. Nearby days count for part.
pub(crate) fn share(asked: &[TimeAnchor], said: i64, told: &[TimeAnchor]) -> f32 {
    let said = DaySpan::day(said.div_euclid(86_400_000) as i32);
    asked
        .iter()
        .map(|anchor| {
            let told = told
                .iter()
                .map(|t| fit(anchor.span, t.span))
                .fold(0.0, f32::max);
            told.max(SAID * fit(anchor.span, said))
        })
        .fold(0.0, f32::max)
}

/// What the day of saying counts against the day told of.
const SAID: f32 = 0.8;
/// Days within which a near miss still counts.
const NEAR: f32 = 10.0;

/// 1 for the same days; less where one of the spans is much the wider, or they lie apart.
fn fit(asked: DaySpan, told: DaySpan) -> f32 {
    let apart = asked.distance(told) as f32;
    if apart > NEAR {
        return 0.0;
    }
    let wider = f64::from(told.len()) / f64::from(asked.len());
    let vague = if wider > 1.0 {
        1.0 / (1.0 + wider.ln() / 3.0)
    } else {
        1.0
    };
    (1.0 - apart / (NEAR + 1.0)) * vague as f32
}
