//! Compact state: vectors to eight bits and term sets to hashes, written as base64.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sigma_text::Embedding;

/// A vector reduced to eight bits a component: a quarter of the memory, and the same bytes after a
/// round trip. Cosines stay within about 0.01 of the full ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Coarse(Vec<i8>);

impl Coarse {
    /// Rounds a vector.
    pub(crate) fn of(embedding: &Embedding) -> Self {
        Self::of_values(embedding.as_slice())
    }

    /// The components on the scale of a unit vector.
    pub(crate) fn values(&self) -> Vec<f32> {
        let mut values: Vec<f32> = self.0.iter().map(|x| f32::from(*x)).collect();
        scale(&mut values);
        values
    }

    /// Rounds plain numbers.
    pub(crate) fn of_values(values: &[f32]) -> Self {
        let top = values.iter().fold(0.0f32, |top, x| top.max(x.abs()));
        if top <= 0.0 {
            return Self(vec![0; values.len()]);
        }
        Self(
            values
                .iter()
                .map(|x| (x / top * 127.0).round() as i8)
                .collect(),
        )
    }

    /// Cosine of the two, `-1..=1`; `None` where they do not fit or one has no direction.
    pub(crate) fn cosine(&self, other: &Self) -> Option<f64> {
        if self.0.len() != other.0.len() || self.0.is_empty() {
            return None;
        }
        let (mut dot, mut a2, mut b2) = (0i32, 0i32, 0i32);
        // 127 * 127 * 4096 stays far below the limit of an i32 for any real model.
        for (a, b) in self.0.iter().zip(&other.0).take(1 << 16) {
            let (a, b) = (i32::from(*a), i32::from(*b));
            dot += a * b;
            a2 += a * a;
            b2 += b * b;
        }
        let norm = f64::from(a2).sqrt() * f64::from(b2).sqrt();
        (norm > 0.0).then(|| (f64::from(dot) / norm).clamp(-1.0, 1.0))
    }

    /// The mean direction of several, rounded again.
    pub(crate) fn mean<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut sum: Vec<i32> = Vec::new();
        for one in all {
            if sum.is_empty() {
                sum = one.0.iter().map(|x| i32::from(*x)).collect();
            } else if sum.len() == one.0.len() {
                sum.iter_mut()
                    .zip(&one.0)
                    .for_each(|(s, x)| *s += i32::from(*x));
            }
        }
        let top = sum.iter().map(|x| x.abs()).max().filter(|top| *top > 0)?;
        Some(Self(
            sum.iter()
                .map(|x| (f64::from(*x) / f64::from(top) * 127.0).round() as i8)
                .collect(),
        ))
    }
}

impl Serialize for Coarse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().map(|x| x.cast_unsigned()).collect();
        serializer.serialize_str(&encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for Coarse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(&String::deserialize(deserializer)?)
            .ok_or_else(|| D::Error::custom("not base64"))?;
        Ok(Self(bytes.into_iter().map(u8::cast_signed).collect()))
    }
}

/// A vector kept bit for bit, for figures that are compared with published ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Exact(Vec<f32>);

impl Exact {
    /// Copies a vector.
    pub(crate) fn of(embedding: &Embedding) -> Self {
        Self(embedding.as_slice().to_vec())
    }

    /// Cosine, `-1..=1`; `None` where the dimensions differ.
    pub(crate) fn cosine(&self, other: &Embedding) -> Option<f64> {
        let other = other.as_slice();
        if self.0.len() != other.len() {
            return None;
        }
        let dot: f64 = self
            .0
            .iter()
            .zip(other)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum();
        Some(dot.clamp(-1.0, 1.0))
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self
            .0
            .iter()
            .flat_map(|x| x.to_bits().to_le_bytes())
            .collect();
        serializer.serialize_str(&encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(&String::deserialize(deserializer)?)
            .filter(|bytes| bytes.len() % 4 == 0)
            .ok_or_else(|| D::Error::custom("not base64 of 32-bit numbers"))?;
        let values: Vec<f32> = bytes
            .chunks_exact(4)
            .map(|b| f32::from_bits(u32::from_le_bytes([b[0], b[1], b[2], b[3]])))
            .collect();
        if values.iter().all(|x| x.is_finite()) {
            Ok(Self(values))
        } else {
            Err(D::Error::custom("a component is not finite"))
        }
    }
}

/// Counts of hashed words in constant space: never too low, seldom too high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally(Vec<u16>);

impl Tally {
    const ROW: usize = 4096;

    /// Counts nothing yet.
    pub(crate) fn new() -> Self {
        Self(vec![0; 2 * Self::ROW])
    }

    /// Counts a word once.
    pub(crate) fn add(&mut self, hash: u32) {
        let places = Self::places(hash);
        let count = self.count(hash).saturating_add(1);
        // Only the cells that bound the count move: collisions cost less.
        for place in places {
            self.0[place] = self.0[place].max(count);
        }
    }

    /// How often it was counted, at most.
    pub(crate) fn count(&self, hash: u32) -> u16 {
        Self::places(hash)
            .map(|place| self.0[place])
            .into_iter()
            .min()
            .unwrap_or(0)
    }

    /// Halves all counts.
    pub(crate) fn halve(&mut self) {
        self.0.iter_mut().for_each(|cell| *cell /= 2);
    }

    fn places(hash: u32) -> [usize; 2] {
        let other = hash.wrapping_mul(0x9e37_79b1).rotate_left(15);
        [
            hash as usize % Self::ROW,
            Self::ROW + other as usize % Self::ROW,
        ]
    }
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|cell| cell.to_le_bytes()).collect();
        serializer.serialize_str(&encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(&String::deserialize(deserializer)?)
            .filter(|bytes| bytes.len() == 4 * Self::ROW)
            .ok_or_else(|| D::Error::custom("not a tally of words"))?;
        Ok(Self(
            bytes
                .chunks_exact(2)
                .map(|b| u16::from_le_bytes([b[0], b[1]]))
                .collect(),
        ))
    }
}

/// How many texts hold each term, in constant space; halved with age.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sketch {
    texts: u32,
    tally: Tally,
}

impl Sketch {
    const TOP: u32 = 400;

    /// Counts nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            texts: 0,
            tally: Tally::new(),
        }
    }

    /// Counts one text: each term once.
    pub(crate) fn add(&mut self, terms: &TermSet) {
        if self.texts >= Self::TOP {
            self.texts /= 2;
            self.tally.halve();
        }
        self.texts += 1;
        terms.hashes().iter().for_each(|hash| self.tally.add(*hash));
    }

    /// How much a term says: `ln((n + 1.5) / (df + .5))`, at least a little.
    pub(crate) fn rarity(&self, hash: u32) -> f64 {
        let df = self.tally.count(hash);
        ((f64::from(self.texts) + 1.5) / (f64::from(df) + 0.5))
            .ln()
            .max(0.1)
    }

    /// Whether the term was ever counted (and not aged away).
    pub(crate) fn knows(&self, hash: u32) -> bool {
        self.tally.count(hash) > 0
    }

    /// Texts counted (after ageing).
    pub(crate) fn texts(&self) -> u32 {
        self.texts
    }
}

/// The middle of all vectors so far: what they share says nothing about any of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Middle {
    sum: Vec<f32>,
    count: f32,
}

impl Middle {
    const FADE_AT: f32 = 4096.0;

    /// Takes a vector in; one of another length starts anew.
    pub(crate) fn add(&mut self, vector: &[f32]) {
        if self.sum.len() != vector.len() {
            *self = Self {
                sum: vec![0.0; vector.len()],
                count: 0.0,
            };
        }
        self.sum
            .iter_mut()
            .zip(vector)
            .for_each(|(sum, x)| *sum += x);
        self.count += 1.0;
        if self.count > Self::FADE_AT {
            self.count /= 2.0;
            self.sum.iter_mut().for_each(|sum| *sum /= 2.0);
        }
    }

    /// A vector without what it shares with the others, as far as a few of them can tell; scaled to
    /// unit length.
    pub(crate) fn without(&self, vector: &[f32], half: f32) -> Vec<f32> {
        let mut left = vector.to_vec();
        if self.sum.len() == vector.len() && self.count > 0.0 {
            let factor = 1.0 / (self.count + half);
            left.iter_mut()
                .zip(&self.sum)
                .for_each(|(x, sum)| *x -= sum * factor);
        }
        scale(&mut left);
        left
    }
}

/// Scales to unit length; a vector without direction stays as it is.
pub(crate) fn scale(vector: &mut [f32]) {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if norm > 1e-9 {
        vector.iter_mut().for_each(|x| *x /= norm);
    }
}

/// Dot product; 0 where the lengths differ.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f64 {
    if a.len() != b.len() {
        return 0.0;
    }
    f64::from(a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>())
}

impl Serialize for Middle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self
            .sum
            .iter()
            .flat_map(|x| x.to_bits().to_le_bytes())
            .collect();
        (self.count, encode(&bytes)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Middle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (count, text) = <(f32, String)>::deserialize(deserializer)?;
        let exact = decode(&text)
            .filter(|bytes| bytes.len() % 4 == 0)
            .ok_or_else(|| D::Error::custom("not base64 of 32-bit numbers"))?;
        let sum: Vec<f32> = exact
            .chunks_exact(4)
            .map(|b| f32::from_bits(u32::from_le_bytes([b[0], b[1], b[2], b[3]])))
            .collect();
        if count.is_finite() && count >= 0.0 && sum.iter().all(|x| x.is_finite()) {
            Ok(Self { sum, count })
        } else {
            Err(D::Error::custom("a component is not finite"))
        }
    }
}

/// A set of terms as sorted 32-bit hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TermSet(Vec<u32>);

impl TermSet {
    /// Hashes at most `limit` terms.
    pub(crate) fn of<'a>(terms: impl IntoIterator<Item = &'a str>, limit: usize) -> Self {
        let mut all: Vec<u32> = terms.into_iter().take(limit).map(term_hash).collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Number of different terms.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the term with this hash is in it.
    pub(crate) fn holds(&self, hash: u32) -> bool {
        self.0.binary_search(&hash).is_ok()
    }

    /// The hashes in order.
    pub(crate) fn hashes(&self) -> &[u32] {
        &self.0
    }

    /// Adds the other's terms up to `limit` in all.
    pub(crate) fn absorb(&mut self, other: &Self, limit: usize) {
        for hash in &other.0 {
            if self.0.len() >= limit {
                return;
            }
            if let Err(at) = self.0.binary_search(hash) {
                self.0.insert(at, *hash);
            }
        }
    }

    /// The union of several.
    pub(crate) fn union<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut hashes: Vec<u32> = all
            .into_iter()
            .flat_map(|set| set.0.iter().copied())
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// How many terms both have.
    pub(crate) fn shared(&self, other: &Self) -> usize {
        let (mut i, mut j, mut shared) = (0, 0, 0);
        while let (Some(a), Some(b)) = (self.0.get(i), other.0.get(j)) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    i += 1;
                    j += 1;
                }
            }
        }
        shared
    }

    /// Dice coefficient `2 |A∩B| / (|A| + |B|)`; `None` where both are empty.
    pub(crate) fn dice(&self, other: &Self) -> Option<f64> {
        let total = self.len() + other.len();
        (total > 0).then(|| 2.0 * self.shared(other) as f64 / total as f64)
    }
}

impl Serialize for TermSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        serializer.serialize_str(&encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for TermSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = decode(&String::deserialize(deserializer)?)
            .filter(|bytes| bytes.len() % 4 == 0)
            .ok_or_else(|| D::Error::custom("not base64 of 32-bit numbers"))?;
        let mut hashes: Vec<u32> = bytes
            .chunks_exact(4)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        Ok(Self(hashes))
    }
}

/// A stable 32-bit hash of a term (FNV-1a).
pub(crate) fn term_hash(term: &str) -> u32 {
    term.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0u32, |word, byte| (word << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            text.push(char::from(ALPHABET[((word >> (18 - 6 * i)) & 63) as usize]));
        }
    }
    text
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut word = 0u32;
        for byte in chunk {
            word = (word << 6) | ALPHABET.iter().position(|a| a == byte)? as u32;
        }
        word <<= 6 * (4 - chunk.len());
        bytes.extend_from_slice(&word.to_be_bytes()[1..chunk.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_survive_base64(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn a_coarse_vector_keeps_its_direction(
            values in proptest::collection::vec(-1.0f32..1.0, 64),
            others in proptest::collection::vec(-1.0f32..1.0, 64),
        ) {
            let (a, b) = (Embedding::new(values).unwrap(), Embedding::new(others).unwrap());
            let coarse = Coarse::of(&a).cosine(&Coarse::of(&b)).unwrap();
            prop_assert!((coarse - a.cosine(&b)).abs() < 0.02);
            let text = serde_json::to_string(&Coarse::of(&a)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Coarse>(&text).unwrap(), Coarse::of(&a));
        }

        #[test]
        fn term_sets_survive_json(words in proptest::collection::vec("[a-z]{1,8}", 0..60)) {
            let set = TermSet::of(words.iter().map(String::as_str), 50);
            let text = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(serde_json::from_str::<TermSet>(&text).unwrap(), set);
        }
    }

    #[test]
    fn vectors_of_different_models_do_not_compare() {
        let a = Coarse::of(&Embedding::new(vec![1.0, 0.0]).unwrap());
        let b = Coarse::of(&Embedding::new(vec![1.0, 0.0, 0.0]).unwrap());
        assert_eq!(a.cosine(&b), None);
    }

    #[test]
    fn dice_counts_what_both_have() {
        let (a, b) = (
            TermSet::of(["a", "b", "c"], 9),
            TermSet::of(["b", "c", "d", "e"], 9),
        );
        assert_eq!(a.dice(&b), Some(4.0 / 7.0));
        assert_eq!(TermSet::default().dice(&TermSet::default()), None);
    }
}
