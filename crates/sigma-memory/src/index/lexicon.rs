//! The inverted index: which frames hold a term, and how often.

use std::collections::HashMap;

use super::Marks;
use crate::rules::RecallRules;

/// Frame number and count in 32 bits: 28 for the frame, 4 for the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posting(u32);

const COUNT_BITS: u32 = 4;
const MOST: u32 = (1 << COUNT_BITS) - 1;

impl Posting {
    fn new(frame: u32, count: u32) -> Self {
        Self((frame << COUNT_BITS) | count.min(MOST))
    }

    fn frame(self) -> u32 {
        self.0 >> COUNT_BITS
    }

    fn count(self) -> u32 {
        self.0 & MOST
    }
}

/// Frames that the index can number.
pub(crate) const CAPACITY: usize = 1 << (32 - COUNT_BITS);

/// Frames that a question "is there one with all of these" looks through.
const LOOKED_THROUGH: usize = 4_096;

#[derive(Debug, Clone, Default)]
pub(crate) struct Lexicon {
    terms: HashMap<Box<str>, u32>,
    postings: Vec<Vec<Posting>>,
    lengths: Vec<u16>,
    total: u64,
}

/// The lexical pass over one query: a score for each frame.
#[derive(Debug, Clone, Default)]
pub(crate) struct Match {
    /// BM25 by frame, as a share of the best that the query allows (`0..=1`).
    pub(crate) scores: Vec<f32>,
    /// The same for the nearest of the frames before that hold a term, faded by distance.
    pub(crate) before: Vec<f32>,
    /// The same for the frames after.
    pub(crate) after: Vec<f32>,
    /// Frames with a score of any kind, in no order.
    pub(crate) touched: Vec<u32>,
}

impl Match {
    fn touch(&mut self, frame: u32) {
        let at = frame as usize;
        if self.scores[at] == 0.0 && self.before[at] == 0.0 && self.after[at] == 0.0 {
            self.touched.push(frame);
        }
    }
}

impl Lexicon {
    pub(crate) fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Adds the next frame.
    pub(crate) fn push(&mut self, terms: &[(String, u32)], length: u32) {
        let frame = self.lengths.len() as u32;
        for (term, count) in terms {
            let id = if let Some(id) = self.terms.get(term.as_str()) {
                *id
            } else {
                let id = self.postings.len() as u32;
                self.terms.insert(term.as_str().into(), id);
                self.postings.push(Vec::new());
                id
            };
            self.postings[id as usize].push(Posting::new(frame, (*count).max(1)));
        }
        self.lengths.push(length.min(u16::MAX.into()) as u16);
        self.total += u64::from(length);
    }

    fn postings(&self, term: &str) -> &[Posting] {
        self.terms
            .get(term)
            .map_or(&[], |id| &self.postings[*id as usize])
    }

    /// In how many frames a term stands.
    pub(crate) fn frequency(&self, term: &str) -> usize {
        self.postings(term).len()
    }

    /// Inverse document frequency, above 0.
    pub(crate) fn idf(&self, term: &str) -> f64 {
        let (n, df) = (self.len() as f64, self.frequency(term) as f64);
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }

    /// Newest frames that hold a term, at most `limit`.
    pub(crate) fn newest(&self, term: &str, limit: usize) -> impl Iterator<Item = u32> {
        self.postings(term)
            .iter()
            .rev()
            .take(limit)
            .map(|p| p.frame())
    }

    /// Scores all frames against weighted terms by BM25.
    ///
    /// The rarest terms come first. When `rules.postings` entries were read, the remaining, very
    /// common ones are only looked up in frames that a rarer one had found.
    pub(crate) fn search(
        &self,
        terms: &[(String, f64)],
        rules: &RecallRules,
        marks: &Marks,
    ) -> Match {
        let mut known: Vec<(&[Posting], f64)> = terms
            .iter()
            .map(|(term, weight)| (self.postings(term), weight * self.idf(term)))
            .filter(|(postings, _)| !postings.is_empty())
            .collect();
        known.sort_by_key(|(postings, _)| postings.len());
        let best: f64 = terms.iter().map(|(t, w)| w * self.idf(t)).sum();
        let zeros = || vec![0.0; self.len()];
        let mut found = Match {
            scores: zeros(),
            before: zeros(),
            after: zeros(),
            touched: Vec::new(),
        };
        let (mut budget, mut spreading) = (rules.postings, rules.spreading);
        for (postings, weight) in known {
            let gain = (weight / best) as f32;
            if postings.len() <= budget || found.touched.is_empty() {
                let read = &postings[postings.len().saturating_sub(budget.max(1))..];
                budget = budget.saturating_sub(read.len());
                self.add_all(read, gain, rules, &mut found);
            } else {
                self.add_where_found(postings, gain, rules, &mut found);
            }
            if postings.len() <= spreading {
                spreading -= postings.len();
                self.spread(postings, gain, rules, marks, &mut found);
            }
        }
        found
    }

    fn add_all(&self, postings: &[Posting], gain: f32, rules: &RecallRules, found: &mut Match) {
        for posting in postings {
            let frame = posting.frame();
            found.touch(frame);
            found.scores[frame as usize] += gain * self.saturation(*posting, rules);
        }
    }

    fn add_where_found(
        &self,
        postings: &[Posting],
        gain: f32,
        rules: &RecallRules,
        found: &mut Match,
    ) {
        for frame in &found.touched {
            if let Ok(at) = postings.binary_search_by_key(frame, |p| p.frame()) {
                found.scores[*frame as usize] += gain * self.saturation(postings[at], rules);
            }
        }
    }

    /// Lets a term count for the frames around those that hold it, in the same sitting: each frame
    /// takes the nearest holder on either side.
    fn spread(
        &self,
        postings: &[Posting],
        gain: f32,
        rules: &RecallRules,
        marks: &Marks,
        found: &mut Match,
    ) {
        let decay = rules.decay as f32;
        for (at, posting) in postings.iter().enumerate() {
            let frame = posting.frame();
            if !marks.mark(frame).is_live() {
                continue;
            }
            let here = gain * self.saturation(*posting, rules);
            let until = postings.get(at + 1).map_or(u32::MAX, |next| next.frame());
            let from = at.checked_sub(1).map_or(0, |last| postings[last].frame());
            let mut faded = here;
            for distance in 1..=rules.reach {
                faded *= decay;
                let later = frame + distance;
                if later <= until && marks.same_sitting(frame, later) {
                    found.touch(later);
                    found.before[later as usize] += faded;
                }
                let earlier = frame.wrapping_sub(distance);
                if earlier >= from && earlier < frame && marks.same_sitting(frame, earlier) {
                    found.touch(earlier);
                    found.after[earlier as usize] += faded;
                }
            }
        }
    }

    /// `tf / (tf + k1 (1 - b + b length / mean))`.
    fn saturation(&self, posting: Posting, rules: &RecallRules) -> f32 {
        let mean = (self.total as f32 / self.lengths.len().max(1) as f32).max(1.0);
        let length = f32::from(self.lengths[posting.frame() as usize]) / mean;
        let (k1, b) = (rules.k1 as f32, rules.b as f32);
        let tf = posting.count() as f32;
        tf / (tf + k1 * (1.0 - b + b * length))
    }

    /// Those of the terms that a frame holds.
    pub(crate) fn held<'a>(&self, frame: u32, terms: impl Iterator<Item = &'a str>) -> Vec<String> {
        terms
            .filter(|t| {
                self.postings(t)
                    .binary_search_by_key(&frame, |p| p.frame())
                    .is_ok()
            })
            .map(str::to_owned)
            .collect()
    }

    /// True if one of the frames that `live` admits holds all the terms.
    pub(crate) fn any_with_all(&self, terms: &[&str], live: impl Fn(u32) -> bool) -> bool {
        let mut lists: Vec<&[Posting]> = terms.iter().map(|t| self.postings(t)).collect();
        lists.sort_by_key(|l| l.len());
        let Some((rarest, others)) = lists.split_first() else {
            return false;
        };
        let holds =
            |list: &[Posting], frame: u32| list.binary_search_by_key(&frame, |p| p.frame()).is_ok();
        rarest
            .iter()
            .rev()
            .take(LOOKED_THROUGH)
            .map(|p| p.frame())
            .any(|frame| live(frame) && others.iter().all(|list| holds(list, frame)))
    }

    /// Bytes held, without the allocator's own.
    pub(crate) fn bytes(&self) -> usize {
        let postings: usize = self.postings.iter().map(|p| p.capacity() * 4).sum();
        let terms: usize = self.terms.keys().map(|t| t.len() + 24).sum();
        postings + terms + self.postings.capacity() * 24 + self.lengths.capacity() * 2
    }
}
