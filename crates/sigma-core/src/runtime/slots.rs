//! The sessions that are in memory, each behind its own lock.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use sigma_types::SessionId;
use tokio::sync::Mutex as AsyncMutex;

/// A session's place: empty until it is loaded, and again while a commit is under way, so that a
/// caller who goes away in the middle leaves nothing half-changed behind.
pub(super) type Slot<T> = Arc<AsyncMutex<Option<T>>>;

/// A bounded set of slots; the one that was used longest ago and is not in use makes room.
pub(super) struct Slots<T> {
    inner: Mutex<Inner<T>>,
    capacity: usize,
}

struct Inner<T> {
    slots: BTreeMap<SessionId, (u64, Slot<T>)>,
    uses: u64,
}

impl<T> Slots<T> {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            inner: Mutex::new(Inner {
                slots: BTreeMap::new(),
                uses: 0,
            }),
            capacity,
        }
    }

    /// The slot of a session, made if there is none. Locking it waits for the turn before.
    pub(super) fn slot(&self, session: &SessionId) -> Slot<T> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.uses += 1;
        let now = inner.uses;
        if let Some((used, slot)) = inner.slots.get_mut(session) {
            *used = now;
            return Arc::clone(slot);
        }
        inner.make_room(self.capacity);
        let slot = Slot::default();
        inner
            .slots
            .insert(session.clone(), (now, Arc::clone(&slot)));
        slot
    }
}

impl<T> Inner<T> {
    fn make_room(&mut self, capacity: usize) {
        while self.slots.len() >= capacity {
            let oldest = self
                .slots
                .iter()
                .filter(|(_, (_, slot))| Arc::strong_count(slot) == 1)
                .min_by_key(|(_, (used, _))| *used)
                .map(|(session, _)| session.clone());
            // all in use: grow for now rather than give one session two slots
            let Some(oldest) = oldest else { return };
            self.slots.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> SessionId {
        SessionId::new(text).unwrap()
    }

    #[test]
    fn a_session_in_use_keeps_its_one_slot() {
        let slots: Slots<u8> = Slots::new(2);
        let held = slots.slot(&id("a"));
        for other in ["b", "c", "d"] {
            slots.slot(&id(other));
        }
        assert!(Arc::ptr_eq(&held, &slots.slot(&id("a"))));
        assert!(slots.inner.lock().unwrap().slots.len() <= 2);
    }

    #[test]
    fn the_one_used_longest_ago_goes_first() {
        let slots: Slots<u8> = Slots::new(2);
        for session in ["a", "b", "a", "c"] {
            slots.slot(&id(session));
        }
        let left: Vec<_> = slots
            .inner
            .lock()
            .unwrap()
            .slots
            .keys()
            .map(ToString::to_string)
            .collect();
        assert_eq!(left, ["a", "c"]);
    }
}
