//! The lexical pass over one query.

use std::sync::Mutex;

use super::{Lexicon, Posting};
use crate::{
    index::Marks,
    rules::{RecallRules, Weights},
};

/// What the words of a query give one frame; each share lies in `0..=1`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Hit {
    /// BM25 as a share of the best that the query allows.
    pub(crate) own: f32,
    /// The same for the nearest of the frames before that hold a term, faded by distance.
    pub(crate) before: f32,
    /// The same for the frames after.
    pub(crate) after: f32,
    /// Each term where it stands best: in the frame, or faded, in one near to it.
    pub(crate) context: f32,
}

/// A hit for each frame.
#[derive(Debug, Default)]
pub(crate) struct Match {
    hits: Vec<Hit>,
    /// Frames with a hit of any kind, in no order.
    touched: Vec<u32>,
}

impl Match {
    #[inline]
    pub(crate) fn of(&self, frame: u32) -> Hit {
        self.hits[frame as usize]
    }

    #[inline]
    fn hit(&mut self, frame: u32) -> &mut Hit {
        let hit = &mut self.hits[frame as usize];
        if *hit == Hit::default() {
            self.touched.push(frame);
        }
        hit
    }

    /// About the `most` frames with the weightiest hits, in no order.
    pub(crate) fn best(&self, most: usize, weights: &Weights) -> Vec<u32> {
        let [own, before, after, context] = [
            weights.lexical,
            weights.before,
            weights.after,
            weights.context,
        ]
        .map(|w| w as f32);
        if self.touched.len() <= most || most == 0 {
            return self.touched.clone();
        }
        let mut scored: Vec<(f32, u32)> = self
            .touched
            .iter()
            .map(|frame| {
                let hit = self.of(*frame);
                let score =
                    own * hit.own + before * hit.before + after * hit.after + context * hit.context;
                (score, *frame)
            })
            .collect();
        scored.select_nth_unstable_by(most - 1, |a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        scored.truncate(most);
        scored.into_iter().map(|(_, frame)| frame).collect()
    }
}

/// A match that is not in use, all of its hits empty: making one anew would cost more than a search.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Option<Match>>);

impl Clone for Spare {
    /// A copy makes its own when it needs one.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Spare {
    fn take(&self) -> Match {
        let held = self.0.try_lock().ok();
        held.and_then(|mut spare| spare.take()).unwrap_or_default()
    }

    fn put(&self, mut used: Match) {
        for frame in used.touched.drain(..) {
            used.hits[frame as usize] = Hit::default();
        }
        if let Ok(mut spare) = self.0.try_lock() {
            *spare = Some(used);
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.try_lock().map_or(0, |spare| {
            spare.as_ref().map_or(0, |held| {
                held.hits.capacity() * size_of::<Hit>() + held.touched.capacity() * 4
            })
        })
    }
}

/// Work that one search may still do.
struct Budget {
    postings: usize,
    spreading: usize,
}

impl Lexicon {
    /// Scores all frames against weighted terms by BM25. Give the match back with
    /// [`Lexicon::put_back`].
    ///
    /// The rarest terms come first. When `rules.postings` entries were read, the remaining, very
    /// common ones are only looked up in the best of the frames that rarer ones had found;
    /// `exhaustive` lifts the limit.
    pub(crate) fn search(
        &self,
        terms: &[(String, f64)],
        rules: &RecallRules,
        marks: &Marks,
        exhaustive: bool,
    ) -> Match {
        let mut known: Vec<(&[Posting], f64)> = terms
            .iter()
            .map(|(term, weight)| (self.postings(term), weight * self.idf(term)))
            .filter(|(postings, _)| !postings.is_empty())
            .collect();
        known.sort_by_key(|(postings, _)| postings.len());
        let best: f64 = terms.iter().map(|(t, w)| w * self.idf(t)).sum();
        let mut found = self.spare.take();
        found.hits.resize(self.len(), Hit::default());
        let scale = Scale::new(self, rules);
        let mut left = Budget {
            postings: if exhaustive {
                usize::MAX
            } else {
                rules.postings
            },
            spreading: if exhaustive {
                usize::MAX
            } else {
                rules.spreading
            },
        };
        let mut likely: Option<Vec<u32>> = None;
        for (postings, weight) in known {
            let gain = (weight / best) as f32;
            if postings.len() <= left.postings || found.touched.is_empty() {
                let read = &postings[postings.len().saturating_sub(left.postings.max(1))..];
                left.postings = left.postings.saturating_sub(read.len());
                self.add_all(read, gain, &scale, &mut found);
            } else {
                let likely = likely.get_or_insert_with(|| {
                    let mut best = found.best(rules.lexical * LOOKED_UP, &rules.weights);
                    best.sort_unstable();
                    best
                });
                self.add_where_likely(postings, likely, gain, &scale, &mut found);
            }
            if postings.len() <= left.spreading {
                left.spreading -= postings.len();
                self.spread(postings, gain, &scale, rules, marks, &mut found);
            }
        }
        found
    }

    /// Keeps the room of a match for the next search.
    pub(crate) fn put_back(&self, used: Match) {
        self.spare.put(used);
    }

    fn add_all(&self, postings: &[Posting], gain: f32, scale: &Scale, found: &mut Match) {
        for posting in postings {
            let (own, context) = scale.saturations(self, *posting);
            let hit = found.hit(posting.frame());
            hit.own += gain * own;
            hit.context += gain * context;
        }
    }

    fn add_where_likely(
        &self,
        postings: &[Posting],
        likely: &[u32],
        gain: f32,
        scale: &Scale,
        found: &mut Match,
    ) {
        let mut rest = postings;
        for frame in likely {
            rest = &rest[before(rest, *frame)..];
            let Some(posting) = rest.first() else {
                break;
            };
            if posting.frame() == *frame {
                let (own, context) = scale.saturations(self, *posting);
                let hit = found.hit(*frame);
                hit.own += gain * own;
                hit.context += gain * context;
            }
        }
    }

    /// Lets a term count for the frames around those that hold it, in the same sitting: each frame
    /// takes the nearest holder on either side.
    fn spread(
        &self,
        postings: &[Posting],
        gain: f32,
        scale: &Scale,
        rules: &RecallRules,
        marks: &Marks,
        found: &mut Match,
    ) {
        let fades = Fades::new(rules);
        let end = marks.len() as u32;
        for (at, posting) in postings.iter().enumerate() {
            let frame = posting.frame();
            if !marks.mark(frame).is_live() {
                continue;
            }
            let (own, context) = scale.saturations(self, *posting);
            let (own, context) = (gain * own, gain * context);
            let next = postings.get(at + 1).map_or(end, |p| p.frame());
            let last = at.checked_sub(1).map(|at| postings[at].frame());
            for distance in 1..=rules.reach.min(end - 1 - frame) {
                let later = frame + distance;
                if later > next || !marks.same_sitting(frame, later) {
                    break;
                }
                let hit = found.hit(later);
                hit.before += own * fades.near[distance as usize];
                // the next holder's own words count for more, and so do those it is nearer to
                if later < next && !fades.nearer_after(distance, next - later) {
                    hit.context += context * fades.before[distance as usize];
                }
            }
            for distance in 1..=rules.reach.min(frame) {
                let earlier = frame - distance;
                if last.is_some_and(|last| earlier < last) || !marks.same_sitting(frame, earlier) {
                    break;
                }
                let hit = found.hit(earlier);
                hit.after += own * fades.near[distance as usize];
                let held = last.is_some_and(|last| {
                    earlier == last || !fades.nearer_after(earlier - last, distance)
                });
                if !held {
                    hit.context += context * fades.after[distance as usize];
                }
            }
        }
    }
}

/// Frames in which a very common term is looked up, as a multiple of those that are passed on.
const LOOKED_UP: usize = 4;

/// How many postings stand before `frame`: steps double until it is passed, as it is seldom far.
fn before(postings: &[Posting], frame: u32) -> usize {
    let mut bound = 1;
    while bound < postings.len() && postings[bound].frame() < frame {
        bound *= 2;
    }
    let (from, to) = (bound / 2, postings.len().min(bound + 1));
    from + postings[from..to].partition_point(|p| p.frame() < frame)
}

/// What is left of a word at each distance.
struct Fades {
    near: Vec<f32>,
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Fades {
    fn new(rules: &RecallRules) -> Self {
        let context = &rules.context;
        let fades = |fade: f64, most: u32| -> Vec<f32> {
            (0..=rules.reach)
                .map(|d| {
                    if d <= most {
                        fade.powi(d as i32) as f32
                    } else {
                        0.0
                    }
                })
                .collect()
        };
        Self {
            near: fades(rules.decay, rules.reach),
            before: fades(context.before_fade, context.before),
            after: fades(context.after_fade, context.after),
        }
    }

    /// Whether a frame takes a word from the holder after it rather than from the one before.
    fn nearer_after(&self, since: u32, until: u32) -> bool {
        let at = |fades: &[f32], d: u32| fades.get(d as usize).copied().unwrap_or(0.0);
        at(&self.after, until) > at(&self.before, since)
    }
}

/// `tf / (tf + k1 (1 - b + b length / mean))`, for a frame's own words and for its context.
struct Scale {
    own: (f32, f32),
    context: (f32, f32),
}

impl Scale {
    fn new(lexicon: &Lexicon, rules: &RecallRules) -> Self {
        let mean = (lexicon.total as f64 / lexicon.len().max(1) as f64).max(1.0);
        let line = |k1: f64, b: f64| ((k1 * (1.0 - b)) as f32, (k1 * b / mean) as f32);
        Self {
            own: line(rules.k1, rules.b),
            context: line(rules.context.k1, rules.context.b),
        }
    }

    #[inline]
    fn saturations(&self, lexicon: &Lexicon, posting: Posting) -> (f32, f32) {
        let length = f32::from(lexicon.lengths[posting.frame() as usize]);
        let tf = posting.count() as f32;
        let of = |(base, slope): (f32, f32)| tf / (tf + base + slope * length);
        (of(self.own), of(self.context))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_among_postings_from_any_place() {
        let postings: Vec<Posting> = [1, 4, 5, 9, 30, 31, 77].map(|f| Posting::new(f, 1)).into();
        for from in 0..=postings.len() {
            for frame in 0..80 {
                let rest = &postings[from..];
                let plain = rest.iter().take_while(|p| p.frame() < frame).count();
                assert_eq!(before(rest, frame), plain, "{from} {frame}");
            }
        }
    }

    #[test]
    fn a_match_given_back_is_empty() {
        let spare = Spare::default();
        let mut used = spare.take();
        used.hits.resize(3, Hit::default());
        used.hit(1).own = 0.5;
        spare.put(used);
        let again = spare.take();
        assert!(again.touched.is_empty() && again.hits == [Hit::default(); 3]);
    }
}
