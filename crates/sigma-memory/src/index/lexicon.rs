//! The inverted index: which frames hold a term, and how often.

mod search;

use std::collections::HashMap;

pub(crate) use search::Match;
use search::Spare;

/// Frame number and count in 32 bits: 28 for the frame, 4 for the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Posting(u32);

const COUNT_BITS: u32 = 4;
const MOST: u32 = (1 << COUNT_BITS) - 1;

impl Posting {
    fn new(frame: u32, count: u32) -> Self {
        Self((frame << COUNT_BITS) | count.min(MOST))
    }

    #[inline]
    fn frame(self) -> u32 {
        self.0 >> COUNT_BITS
    }

    #[inline]
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
    spare: Spare,
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
        postings
            + terms
            + self.postings.capacity() * 24
            + self.lengths.capacity() * 2
            + self.spare.bytes()
    }
}
