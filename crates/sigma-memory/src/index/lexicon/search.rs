//! The lexical pass over one query.

use std::sync::Mutex;

use super::{Lexicon, Posting};
use crate::{
    index::Marks,
    rules::{ContextRules, RecallRules, Weights},
};

/// What the words of a query give one frame; each share lies in `0..=1`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Hit {
    /// BM25 as a share of the best that the query allows.
    pub(crate) own: f32,
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
        let (own, context) = (weights.lexical as f32, weights.context as f32);
        if self.touched.len() <= most || most == 0 {
            return self.touched.clone();
        }
        let mut scored: Vec<(f32, u32)> = self
            .touched
            .iter()
            .map(|frame| {
                let hit = self.of(*frame);
                (own * hit.own + context * hit.context, *frame)
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
    /// takes it from where most of it is left.
    fn spread(
        &self,
        postings: &[Posting],
        gain: f32,
        scale: &Scale,
        rules: &RecallRules,
        marks: &Marks,
        found: &mut Match,
    ) {
        let fades = Fades::new(&rules.context);
        let end = marks.len() as u32;
        for (at, posting) in postings.iter().enumerate() {
            let frame = posting.frame();
            if !marks.mark(frame).is_live() {
                continue;
            }
            let context = gain * scale.saturations(self, *posting).1;
            let next = postings.get(at + 1).map_or(end, |p| p.frame());
            for (left, later) in fades.before.iter().zip(frame + 1..next) {
                if !marks.same_sitting(frame, later) {
                    break;
                }
                if *left >= fades.after(next - later) {
                    found.hit(later).context += context * left;
                }
            }
            let last = at.checked_sub(1).map(|at| postings[at].frame());
            let first = last.map_or(0, |last| last + 1);
            for (left, earlier) in fades.after.iter().zip((first..frame).rev()) {
                if !marks.same_sitting(frame, earlier) {
                    break;
                }
                if last.is_none_or(|last| *left > fades.before(earlier - last)) {
                    found.hit(earlier).context += context * left;
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

/// What is left of a word one frame on, two frames on, and so forth.
struct Fades {
    before: Vec<f32>,
    after: Vec<f32>,
}

impl Fades {
    fn new(rules: &ContextRules) -> Self {
        let fades = |most: u32, fade: f64| -> Vec<f32> {
            (1..=most).map(|d| fade.powi(d as i32) as f32).collect()
        };
        Self {
            before: fades(rules.before, rules.before_fade),
            after: fades(rules.after, rules.after_fade),
        }
    }

    /// What is left of a word so many frames after it.
    fn before(&self, distance: u32) -> f32 {
        let left = self.before.get(distance as usize - 1);
        left.copied().unwrap_or(0.0)
    }

    /// What is left of a word so many frames ahead of it.
    fn after(&self, distance: u32) -> f32 {
        let left = self.after.get(distance as usize - 1);
        left.copied().unwrap_or(0.0)
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
