//! A memory for what was taken already. It is bounded, and it never forgets what could still be
//! taken: when it is full it refuses.

use serde::{Deserialize, Serialize};
use sigma_types::{Hash256, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

use crate::{RuntimeId, rules::ReplayRules};

/// Remembers messages until their time is too old to be taken at all.
///
/// Time is an argument, and it only goes forward: a clock that is set back does not reopen what was
/// closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct ReplayCache {
    rules: ReplayRules,
    latest: i64,
    not_before: Option<i64>,
    seen: BTreeSet<(RuntimeId, Hash256)>,
    expiring: BTreeSet<(i64, RuntimeId, Hash256)>,
    per_source: BTreeMap<RuntimeId, usize>,
}

/// A message is not remembered, and so not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayRefusal {
    /// It was taken before.
    #[error("the message was taken before")]
    Seen,
    /// There is no room for another message of this source.
    #[error("too many messages of this source are remembered; again in {retry_after_ms} ms")]
    SourceFull {
        /// Milliseconds until there is room.
        retry_after_ms: i64,
    },
    /// There is no room at all.
    #[error("too many messages are remembered; again in {retry_after_ms} ms")]
    Full {
        /// Milliseconds until there is room.
        retry_after_ms: i64,
    },
}

impl ReplayCache {
    /// An empty memory, for a runtime that took nothing before.
    #[must_use]
    pub const fn new(rules: ReplayRules) -> Self {
        Self {
            rules,
            latest: i64::MIN,
            not_before: None,
            seen: BTreeSet::new(),
            expiring: BTreeSet::new(),
            per_source: BTreeMap::new(),
        }
    }

    /// An empty memory for a runtime that lost its memory: what is dated before `at` is too old. A
    /// message that a clock ahead of ours dated after `at` could be taken twice; where that matters, store
    /// the memory.
    #[must_use]
    pub const fn restarted(rules: ReplayRules, at: Timestamp) -> Self {
        let mut fresh = Self::new(rules);
        fresh.not_before = Some(at.millis());
        fresh
    }

    /// Messages remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The time that counts: the latest that it was told. What has expired by then is forgotten.
    pub(super) fn advance(&mut self, now: Timestamp) -> i64 {
        self.latest = self.latest.max(now.millis());
        while let Some(&(until, source, id)) = self.expiring.first()
            && until < self.latest
        {
            self.expiring.pop_first();
            self.seen.remove(&(source, id));
            if let Some(count) = self.per_source.get_mut(&source) {
                *count -= 1;
                if *count == 0 {
                    self.per_source.remove(&source);
                }
            }
        }
        self.latest
    }

    /// Milliseconds by which a time lies before this memory began, if it does.
    pub(super) fn before_start(&self, at: Timestamp) -> Option<i64> {
        let before = self.not_before?.saturating_sub(at.millis());
        (before > 0).then_some(before)
    }

    /// Remembers a message until a time, or says why not. [`Self::advance`] was called before.
    pub(super) fn remember(
        &mut self,
        source: RuntimeId,
        id: Hash256,
        until: i64,
    ) -> Result<(), ReplayRefusal> {
        if self.seen.contains(&(source, id)) {
            return Err(ReplayRefusal::Seen);
        }
        let of_source = self.per_source.get(&source).copied().unwrap_or_default();
        if of_source >= self.rules.per_source {
            let first = self.expiring.iter().find(|entry| entry.1 == source);
            return Err(ReplayRefusal::SourceFull {
                retry_after_ms: self.wait(first),
            });
        }
        if self.seen.len() >= self.rules.total {
            return Err(ReplayRefusal::Full {
                retry_after_ms: self.wait(self.expiring.first()),
            });
        }
        self.insert(source, id, until);
        Ok(())
    }

    fn wait(&self, first: Option<&(i64, RuntimeId, Hash256)>) -> i64 {
        first.map_or(1, |first| {
            first.0.saturating_sub(self.latest).saturating_add(1)
        })
    }

    fn insert(&mut self, source: RuntimeId, id: Hash256, until: i64) {
        if self.seen.insert((source, id)) {
            self.expiring.insert((until, source, id));
            *self.per_source.entry(source).or_default() += 1;
        }
    }
}

/// What is stored of it.
#[derive(Serialize, Deserialize)]
struct Stored {
    rules: ReplayRules,
    latest: i64,
    not_before: Option<i64>,
    entries: Vec<(i64, RuntimeId, Hash256)>,
}

impl From<ReplayCache> for Stored {
    fn from(cache: ReplayCache) -> Self {
        Self {
            rules: cache.rules,
            latest: cache.latest,
            not_before: cache.not_before,
            entries: cache.expiring.into_iter().collect(),
        }
    }
}

impl From<Stored> for ReplayCache {
    fn from(stored: Stored) -> Self {
        let mut cache = Self::new(stored.rules);
        cache.latest = stored.latest;
        cache.not_before = stored.not_before;
        for (until, source, id) in stored.entries {
            cache.insert(source, id, until);
        }
        cache
    }
}
