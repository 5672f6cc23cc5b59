//! Finds the session that a client continues by sending its whole history.

use sigma_types::{Hash256, SessionId, hash_canonical};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Dialogues that are remembered; the oldest are forgotten first.
const MOST: usize = 20_000;

/// Which session stands behind a history.
///
/// Two sessions with the same history make it ambiguous and neither is found by it: nobody gets
/// into a session by saying the same words. A found entry is taken out, so that only one goes on.
#[derive(Default)]
pub(crate) struct Continuity(Mutex<Known>);

#[derive(Default)]
struct Known {
    sessions: BTreeMap<Hash256, Option<SessionId>>,
    order: VecDeque<Hash256>,
}

/// A history as its hash: who asks, who the assistant is, and every text in order.
pub(crate) fn key(
    caller: &str,
    identity: Option<&str>,
    said: &[(&'static str, &str)],
) -> Option<Hash256> {
    let said: Vec<_> = said
        .iter()
        .map(|(role, text)| (role, text.trim()))
        .collect();
    hash_canonical(&(caller, identity, said)).ok()
}

impl Continuity {
    /// Takes out the session behind a history.
    pub(crate) fn take(&self, key: Hash256) -> Option<SessionId> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.sessions.remove(&key).flatten()
    }

    /// Remembers the session behind a history.
    pub(crate) fn put(&self, key: Hash256, session: SessionId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Known { sessions, order } = &mut *known;
        let before = sessions.get(&key).cloned();
        let entry = match before {
            None => Some(session),
            Some(other) => other.filter(|other| *other == session),
        };
        sessions.insert(key, entry);
        order.push_back(key);
        while order.len() > MOST {
            if let Some(oldest) = order.pop_front() {
                sessions.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(caller: &str, texts: &[&str]) -> Hash256 {
        let said: Vec<_> = texts.iter().map(|text| ("user", *text)).collect();
        key(caller, None, &said).unwrap()
    }

    fn id(name: &str) -> SessionId {
        SessionId::new(name).unwrap()
    }

    #[test]
    fn a_history_is_found_once_and_only_by_its_caller() {
        let known = Continuity::default();
        known.put(history("ann", &["a", "b "]), id("s1"));
        assert_eq!(known.take(history("bob", &["a", "b"])), None);
        assert_eq!(known.take(history("ann", &["a"])), None);
        assert_eq!(known.take(history("ann", &["a", "b"])), Some(id("s1")));
        assert_eq!(known.take(history("ann", &["a", "b"])), None);
    }

    #[test]
    fn the_same_words_in_two_sessions_lead_into_neither() {
        let known = Continuity::default();
        known.put(history("", &["hello"]), id("s1"));
        known.put(history("", &["hello"]), id("s2"));
        assert_eq!(known.take(history("", &["hello"])), None);
        known.put(history("", &["hello"]), id("s3"));
        assert_eq!(known.take(history("", &["hello"])), Some(id("s3")));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let known = Continuity::default();
        for at in 0..=MOST {
            known.put(history("", &[&at.to_string()]), id("s"));
        }
        assert_eq!(known.take(history("", &["0"])), None);
        assert_eq!(known.take(history("", &["1"])), Some(id("s")));
    }
}
