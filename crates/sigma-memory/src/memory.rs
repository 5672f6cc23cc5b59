//! The memory of one session.

use std::collections::{HashMap, VecDeque};

use sigma_types::{Cycle, Hash256, SessionId};

use crate::{
    Frame, FrameId, Pil, Rules,
    frame::genesis,
    index::{Bodies, Body, CAPACITY, Lexicon, Live, Mark, Marks, Names, NewMark, Rows},
    tombstone::Tombstone,
    trail::{Point, Trail},
    vector::EmbedderTag,
};

/// The memory of one session: an index over its frames, its identity invariants, and the last few
/// cycles in full (`SRIP-04 §2`).
///
/// It belongs to the session it was made for: frames of another one do not fit its hash chain. All
/// of it but the [`Pil`] can be rebuilt from frames and tombstones ([`Memory::load`]).
#[derive(Debug, Clone)]
pub struct Memory {
    pub(crate) session: SessionId,
    pub(crate) rules: Rules,
    pub(crate) pil: Pil,
    pub(crate) head: Hash256,
    pub(crate) summary_head: Hash256,
    pub(crate) embedder: Option<EmbedderTag>,
    pub(crate) lexicon: Lexicon,
    pub(crate) rows: Rows,
    pub(crate) marks: Marks,
    pub(crate) bodies: Bodies,
    pub(crate) participants: Names,
    pub(crate) attractors: Names,
    pub(crate) motifs: Names,
    pub(crate) recent: VecDeque<Frame>,
    pub(crate) trail: Trail,
    pub(crate) tombstones: u64,
    pub(crate) tombstone_head: Hash256,
    /// The first frame of each text, by a short hash of its folded words.
    texts: HashMap<u64, u32>,
    pub(crate) tally: Tally,
    /// What each frame was said in is not after the next one's: time can be searched by halving.
    in_order: bool,
}

/// Running counts for ER: retained frames with content, and those that are noise whatever the field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) retained: usize,
    pub(crate) duplicates: usize,
    pub(crate) orphans: usize,
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is new.
    New,
    /// The same frame was there already: nothing changed (`SRIP-04 §3.2`).
    AlreadyThere,
}

/// A frame was not appended; nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// A frame was left out before it.
    #[error("frame {given} does not follow: the next one is {next}")]
    NotNext {
        /// The frame given.
        given: FrameId,
        /// The one that is to come.
        next: FrameId,
    },
    /// Another frame stands at its place, and frames are never changed.
    #[error("another frame stands at {0} already")]
    Occupied(FrameId),
    /// It was composed for another session, or after another frame.
    #[error("frame {0} names another parent than the last frame of this session")]
    OtherParent(FrameId),
    /// Its hash is not that of its content.
    #[error("frame {0} is damaged: its hash is not that of its content")]
    Damaged(FrameId),
    /// No more frames can be numbered.
    #[error("a session holds at most {CAPACITY} frames")]
    Full,
}

/// Bytes that a memory holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Footprint {
    /// Frames.
    pub frames: usize,
    /// Vectors and sketches.
    pub vectors: usize,
    /// The inverted index.
    pub lexicon: usize,
    /// Words and summaries.
    pub words: usize,
    /// The rest of what is known of each frame, and the names of people and motifs.
    pub marks: usize,
}

impl Footprint {
    /// All bytes.
    pub const fn bytes(&self) -> usize {
        self.vectors + self.lexicon + self.words + self.marks
    }
}

impl Memory {
    /// An empty memory for one session.
    pub fn new(session: SessionId, pil: Pil, rules: Rules) -> Self {
        let head = genesis(&session);
        Self {
            session,
            rules,
            pil,
            head,
            summary_head: Hash256::ZERO,
            embedder: None,
            lexicon: Lexicon::default(),
            rows: Rows::default(),
            marks: Marks::default(),
            bodies: Bodies::default(),
            participants: Names::default(),
            attractors: Names::default(),
            motifs: Names::default(),
            recent: VecDeque::new(),
            trail: Trail::default(),
            tombstones: 0,
            tombstone_head: Tombstone::genesis(head),
            texts: HashMap::new(),
            tally: Tally::default(),
            in_order: true,
        }
    }

    /// Whose memory it is.
    pub fn session(&self) -> &SessionId {
        &self.session
    }

    /// The rules it goes by.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The identity invariants (`SRIP-04 §3.4`).
    pub fn pil(&self) -> &Pil {
        &self.pil
    }

    /// Adds identity invariants: all that `pil` holds beyond the present ones. Nothing is taken away.
    pub fn anchor(&mut self, pil: &Pil) {
        self.pil.union(pil);
    }

    /// Frames, pruned ones among them.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// True before the first frame.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hash of the last frame, or the session's genesis.
    pub fn head(&self) -> Hash256 {
        self.head
    }

    /// Hash of the last summary (`SRIP-05 §3`), or zero.
    pub fn summary_hash(&self) -> Hash256 {
        self.summary_head
    }

    /// The last cycle that a frame belongs to.
    pub fn cycle(&self) -> Cycle {
        self.marks
            .iter()
            .next_back()
            .map_or(Cycle(0), |(_, mark)| mark.cycle)
    }

    /// The newest frames, the oldest of them first; as many as [`Bounds::episodes`] says.
    ///
    /// [`Bounds::episodes`]: crate::rules::Bounds::episodes
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &Frame> + ExactSizeIterator {
        self.recent.iter()
    }

    /// Bytes held by the index.
    pub fn footprint(&self) -> Footprint {
        Footprint {
            frames: self.len(),
            vectors: self.rows.bytes(),
            lexicon: self.lexicon.bytes(),
            words: self.bodies.bytes(),
            marks: self.marks.bytes()
                + self.texts.capacity() * 17
                + self.participants.bytes()
                + self.attractors.bytes()
                + self.motifs.bytes(),
        }
    }

    /// Appends a frame made by [`Memory::compose`]. The same frame twice is the same as once.
    ///
    /// Costs about as much as the frame has terms, whatever the memory holds.
    ///
    /// # Errors
    /// [`AppendError`]; nothing changed then.
    pub fn append(&mut self, frame: Frame) -> Result<Appended, AppendError> {
        let next = FrameId(self.len() as u64);
        if frame.id < next {
            let same = self.bodies.body(frame.id.0 as u32).hash == frame.hash();
            return if same {
                Ok(Appended::AlreadyThere)
            } else {
                Err(AppendError::Occupied(frame.id))
            };
        }
        if frame.id > next {
            return Err(AppendError::NotNext {
                given: frame.id,
                next,
            });
        }
        if frame.parent != self.head {
            return Err(AppendError::OtherParent(frame.id));
        }
        if !frame.is_intact() {
            return Err(AppendError::Damaged(frame.id));
        }
        if self.len() >= CAPACITY {
            return Err(AppendError::Full);
        }
        self.enter(frame, true);
        Ok(Appended::New)
    }

    /// Enters a frame into all indices; `linked` says whether its place in the chain was verified.
    pub(crate) fn enter(&mut self, frame: Frame, linked: bool) {
        let number = self.len() as u32;
        let live = match (linked, frame.echo_of) {
            (false, _) => Live::Orphan,
            (true, Some(_)) => Live::Echo,
            (true, None) => Live::Yes,
        };
        let codes = frame
            .vector
            .as_ref()
            .filter(|v| self.speaks(&v.embedder))
            .map(|v| v.codes.clone());
        self.rows.push(codes.as_ref());
        let shown: &[(String, u32)] = if live == Live::Yes { &frame.terms } else { &[] };
        self.lexicon.push(shown, frame.length);
        self.enter_mark(&frame, live, number);
        self.bodies.push(Body::new(
            &frame.text,
            &frame.summary,
            frame.hash(),
            frame.fidelity,
        ));
        for id in &frame.inserted {
            if let Some(mark) = u32::try_from(id.0)
                .ok()
                .and_then(|id| self.marks.mark_mut(id))
            {
                mark.recalled = mark.recalled.max(frame.cycle);
            }
        }
        self.head = frame.hash();
        self.summary_head = frame.summary_hash;
        if let Some(record) = &frame.record {
            let keep = Trail::length(&self.rules.invariants);
            self.trail
                .push(Point::new(frame.cycle, linked, record), keep);
        }
        self.recent.push_back(frame);
        if self.recent.len() > self.rules.bounds.episodes {
            self.recent.pop_front();
        }
    }

    /// True for the session's embedder; the first one seen becomes it.
    fn speaks(&mut self, tag: &EmbedderTag) -> bool {
        self.embedder.get_or_insert_with(|| tag.clone()) == tag
    }

    fn enter_mark(&mut self, frame: &Frame, live: Live, number: u32) {
        let mut mark = Mark::new(frame.at.millis(), frame.cycle, frame.speaker, live);
        mark.participant = frame
            .participant
            .as_deref()
            .map_or(0, |p| self.participants.intern(p));
        mark.attractor = frame
            .attractor
            .map_or(0, |a| self.attractors.intern(&a.to_string()));
        mark.phase = frame.phase;
        mark.density = frame.density.value().map_or(0.0, |d| d.get() as f32);
        mark.content = frame.length > 0 || live == Live::Echo;
        mark.tells = matches!(frame.intent, crate::Intent::Tell | crate::Intent::Direct);
        mark.asks = frame.text.contains(QUESTION_MARKS);
        mark.duplicate_of = self.duplicate(frame, number);
        self.in_order &= self
            .marks
            .iter()
            .next_back()
            .is_none_or(|(_, last)| last.at <= mark.at);
        self.tally.count(&mark, true);
        let motifs: Vec<u32> = frame.motifs.iter().map(|m| self.motifs.intern(m)).collect();
        self.marks.push(&NewMark {
            mark,
            times: &frame.times,
            motifs: &motifs,
            gap: self.rules.recall.sitting_gap,
        });
    }

    /// The earlier live frame that a new one repeats: the same words, or a cosine at the limit among
    /// the newest frames that share its rarest terms.
    fn duplicate(&mut self, frame: &Frame, number: u32) -> Option<u32> {
        if frame.length == 0 {
            return None;
        }
        let folded = frame
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        let first = *self.texts.entry(short_hash(&folded)).or_insert(number);
        if first != number {
            return Some(first);
        }
        let mut rarest: Vec<(usize, &str)> = frame
            .terms
            .iter()
            .map(|(t, _)| (self.lexicon.frequency(t), t.as_str()))
            .collect();
        rarest.sort_unstable();
        let limit = self.rules.invariants.er_duplicate as f32;
        rarest
            .iter()
            .take(COMPARED_TERMS)
            .flat_map(|(_, term)| self.lexicon.newest(term, COMPARED_FRAMES))
            .filter(|other| *other < number && self.marks.mark(*other).is_live())
            .find(|other| self.rows.has(number) && self.rows.between(*other, number) >= limit)
    }

    /// Frames said on the days of `times`, at most `most`.
    pub(crate) fn said_on(&self, times: &[crate::TimeAnchor], most: usize) -> Vec<u32> {
        if !self.in_order {
            return Vec::new();
        }
        let mut found = Vec::new();
        for anchor in times {
            let first = i64::from(anchor.span.from) * 86_400_000;
            let end = (i64::from(anchor.span.to) + 1) * 86_400_000;
            let from = self.marks.first_at(first);
            let to = self.marks.first_at(end);
            found.extend((from..to).take(most.saturating_sub(found.len())));
        }
        found
    }
}

impl Tally {
    /// Adds a frame, or takes it out again when it is pruned.
    pub(crate) fn count(&mut self, mark: &Mark, add: bool) {
        if !mark.content {
            return;
        }
        let step = |n: &mut usize| *n = if add { *n + 1 } else { n.saturating_sub(1) };
        step(&mut self.retained);
        match mark.live {
            Live::Orphan => step(&mut self.orphans),
            Live::Echo => step(&mut self.duplicates),
            Live::Yes if mark.duplicate_of.is_some() => step(&mut self.duplicates),
            Live::Yes | Live::Pruned => {}
        }
    }
}

/// 64 bits of a hash: texts of one session do not collide by chance.
fn short_hash(text: &str) -> u64 {
    let hash = Hash256::of(text.as_bytes());
    hash.as_bytes()
        .as_chunks::<8>()
        .0
        .first()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Of Latin, Arabic and East Asian writing.
const QUESTION_MARKS: [char; 3] = ['?', '\u{61f}', '\u{ff1f}'];

/// Rarest terms of a frame whose other frames it is compared with.
const COMPARED_TERMS: usize = 3;
/// Newest frames looked at for each of them.
const COMPARED_FRAMES: usize = 32;
