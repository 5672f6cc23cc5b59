//! What is known of each frame beside its words and vector, in a few bytes.

use std::collections::HashMap;

use sigma_types::{Cycle, Speaker};

use crate::{Lifecycle, times::TimeAnchor};

/// Whether a frame may be recalled, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Live {
    /// It may.
    Yes,
    /// It only repeats an insert.
    Echo,
    /// Its hash or its parent's does not fit.
    Orphan,
    /// A recovery pruned it.
    Pruned,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) at: i64,
    pub(crate) cycle: Cycle,
    /// The last cycle whose prompt held it; its own until then.
    pub(crate) recalled: Cycle,
    pub(crate) participant: u32,
    pub(crate) attractor: u32,
    times: (u32, u16),
    motifs: (u32, u16),
    pub(crate) speaker: Speaker,
    pub(crate) phase: Option<Lifecycle>,
    /// Symbolic density of its cycle; 0 where none was measured.
    pub(crate) density: f32,
    pub(crate) live: Live,
    /// It has content words of its own.
    pub(crate) content: bool,
    /// It tells something and does not ask.
    pub(crate) tells: bool,
    /// There is a question in it.
    pub(crate) asks: bool,
    /// It repeats an earlier frame.
    pub(crate) duplicate_of: Option<u32>,
}

/// Numbers for names; 0 stands for none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    ids: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    pub(crate) fn intern(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        self.names.push(name.to_owned());
        let id = self.names.len() as u32;
        self.ids.insert(name.to_owned(), id);
        id
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.ids.get(name).copied()
    }

    pub(crate) fn name(&self, id: u32) -> Option<&str> {
        self.names
            .get((id as usize).checked_sub(1)?)
            .map(String::as_str)
    }

    /// Bytes held, without the allocator's own.
    pub(crate) fn bytes(&self) -> usize {
        self.names.iter().map(|name| 2 * name.len() + 56).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.names
            .iter()
            .enumerate()
            .map(|(at, name)| (at as u32 + 1, name.as_str()))
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    all: Vec<Mark>,
    times: Vec<TimeAnchor>,
    motifs: Vec<u32>,
    /// The sitting that each frame belongs to, counted from 0.
    sittings: Vec<u32>,
}

/// What [`Marks::push`] is told of a frame.
pub(crate) struct NewMark<'a> {
    pub(crate) mark: Mark,
    pub(crate) times: &'a [TimeAnchor],
    pub(crate) motifs: &'a [u32],
    /// Milliseconds of silence that begin a new sitting.
    pub(crate) gap: u64,
}

impl Mark {
    pub(crate) fn new(at: i64, cycle: Cycle, speaker: Speaker, live: Live) -> Self {
        Self {
            at,
            cycle,
            recalled: cycle,
            participant: 0,
            attractor: 0,
            times: (0, 0),
            motifs: (0, 0),
            speaker,
            phase: None,
            density: 0.0,
            live,
            content: false,
            tells: false,
            asks: false,
            duplicate_of: None,
        }
    }

    /// It may be recalled.
    #[inline]
    pub(crate) fn is_live(&self) -> bool {
        self.live == Live::Yes
    }
}

impl Marks {
    pub(crate) fn push(&mut self, new: &NewMark<'_>) {
        let mut mark = new.mark;
        mark.times = (self.times.len() as u32, new.times.len() as u16);
        mark.motifs = (self.motifs.len() as u32, new.motifs.len() as u16);
        self.times.extend_from_slice(new.times);
        self.motifs.extend_from_slice(new.motifs);
        let sitting = self.all.last().map_or(0, |last| {
            let silent = last.at.abs_diff(mark.at) > new.gap;
            self.sittings.last().copied().unwrap_or(0) + u32::from(silent)
        });
        self.sittings.push(sitting);
        self.all.push(mark);
    }

    /// True if both frames were said in one sitting; false for a frame that is not there.
    #[inline]
    pub(crate) fn same_sitting(&self, a: u32, b: u32) -> bool {
        let sitting = |frame: u32| self.sittings.get(frame as usize);
        sitting(a).is_some() && sitting(a) == sitting(b)
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    #[inline]
    pub(crate) fn mark(&self, frame: u32) -> &Mark {
        &self.all[frame as usize]
    }

    pub(crate) fn mark_mut(&mut self, frame: u32) -> Option<&mut Mark> {
        self.all.get_mut(frame as usize)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, &Mark)> + ExactSizeIterator {
        self.all
            .iter()
            .enumerate()
            .map(|(at, mark)| (at as u32, mark))
    }

    /// The first frame said at `at` or later, if frames stand in order of time.
    pub(crate) fn first_at(&self, at: i64) -> u32 {
        self.all.partition_point(|mark| mark.at < at) as u32
    }

    #[inline]
    pub(crate) fn times(&self, frame: u32) -> &[TimeAnchor] {
        let (start, n) = self.mark(frame).times;
        &self.times[start as usize..start as usize + usize::from(n)]
    }

    #[inline]
    pub(crate) fn motifs(&self, frame: u32) -> &[u32] {
        let (start, n) = self.mark(frame).motifs;
        &self.motifs[start as usize..start as usize + usize::from(n)]
    }

    /// Bytes held, without the allocator's own.
    pub(crate) fn bytes(&self) -> usize {
        self.all.capacity() * size_of::<Mark>()
            + self.times.capacity() * size_of::<TimeAnchor>()
            + (self.motifs.capacity() + self.sittings.capacity()) * 4
    }
}
