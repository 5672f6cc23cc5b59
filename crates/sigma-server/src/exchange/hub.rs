//! Telemetry to many listeners: what one session tells is written once, and whoever cannot keep up is
//! let go without holding up the others.

use bytes::Bytes;
use sigma_types::{Cycle, SessionId};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::broadcast;

/// How much is kept for listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HubLimits {
    /// Events of one session that a listener who comes back finds.
    pub(crate) ring: usize,
    /// Events that a listener may be behind before it is let go.
    pub(crate) behind: usize,
    /// Sessions whose events are kept.
    pub(crate) sessions: usize,
    /// Listeners at once.
    pub(crate) listeners: usize,
}

/// One event, as it goes to every listener.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its number: the cycle that it is about.
    pub(crate) id: u64,
    /// What it is.
    pub(crate) kind: &'static str,
    /// The data, one line of JSON.
    pub(crate) data: String,
    /// The same in the words of an event stream.
    pub(crate) sse: Bytes,
}

impl Event {
    pub(crate) fn new(cycle: Cycle, kind: &'static str, data: String) -> Self {
        let id = cycle.0;
        let sse = format!("id: {id}\nevent: {kind}\ndata: {data}\n\n").into();
        Self {
            id,
            kind,
            data,
            sse,
        }
    }
}

/// All listeners of all sessions.
pub(crate) struct Hub {
    limits: HubLimits,
    topics: Mutex<Topics>,
    listeners: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Topics {
    by_session: BTreeMap<SessionId, Topic>,
    uses: u64,
}

struct Topic {
    ring: VecDeque<Arc<Event>>,
    sender: broadcast::Sender<Arc<Event>>,
    used: u64,
}

/// A listener's place. Dropping it gives the place up.
pub(crate) struct Subscription {
    /// What was told before and is not known yet.
    pub(crate) backlog: VecDeque<Arc<Event>>,
    /// Something between the last known event and the backlog is gone.
    pub(crate) gap: bool,
    pub(crate) receiver: broadcast::Receiver<Arc<Event>>,
    _place: Place,
}

struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hub {
    pub(crate) fn new(limits: HubLimits) -> Self {
        Self {
            limits,
            topics: Mutex::default(),
            listeners: Arc::default(),
        }
    }

    /// Listeners now.
    pub(crate) fn listeners(&self) -> usize {
        self.listeners.load(Ordering::Relaxed)
    }

    /// Whether anything was told of a session.
    pub(crate) fn knows(&self, session: &SessionId) -> bool {
        let topics = self.lock();
        let topic = topics.by_session.get(session);
        topic.is_some_and(|topic| !topic.ring.is_empty())
    }

    /// Tells all listeners of a session. What is older than the last event, or the same once more, is not
    /// told.
    pub(crate) fn tell(&self, session: &SessionId, event: Event) {
        let mut topics = self.lock();
        let topic = topics.of(session, &self.limits);
        let told = |last: &Arc<Event>| {
            last.id > event.id || (last.id == event.id && last.kind == event.kind)
        };
        if topic.ring.back().is_some_and(told) {
            return;
        }
        let event = Arc::new(event);
        topic.ring.push_back(Arc::clone(&event));
        while topic.ring.len() > self.limits.ring {
            topic.ring.pop_front();
        }
        // nobody listening is no error
        let _ = topic.sender.send(event);
    }

    /// A place among the listeners; `None` where there is none left. With `after`, what was told after
    /// that event comes first; without, the last event.
    pub(crate) fn listen(&self, session: &SessionId, after: Option<u64>) -> Option<Subscription> {
        let taken = self.listeners.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(&self.listeners));
        if taken >= self.limits.listeners {
            return None;
        }
        let mut topics = self.lock();
        let topic = topics.of(session, &self.limits);
        let backlog: VecDeque<_> = match after {
            Some(after) => topic
                .ring
                .iter()
                .filter(|event| event.id > after)
                .cloned()
                .collect(),
            None => topic.ring.back().cloned().into_iter().collect(),
        };
        let first = backlog.front().map(|event| event.id);
        let gap = after
            .zip(first)
            .is_some_and(|(after, first)| first > after.saturating_add(1));
        Some(Subscription {
            backlog,
            gap,
            receiver: topic.sender.subscribe(),
            _place: place,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Topics> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Topics {
    fn of(&mut self, session: &SessionId, limits: &HubLimits) -> &mut Topic {
        self.uses += 1;
        if !self.by_session.contains_key(session) {
            self.make_room(limits.sessions);
        }
        let topic = self
            .by_session
            .entry(session.clone())
            .or_insert_with(|| Topic {
                ring: VecDeque::new(),
                sender: broadcast::Sender::new(limits.behind.max(1)),
                used: 0,
            });
        topic.used = self.uses;
        topic
    }

    /// The session that told least lately makes room, one that nobody listens to first.
    fn make_room(&mut self, most: usize) {
        while self.by_session.len() >= most.max(1) {
            let oldest = self
                .by_session
                .iter()
                .min_by_key(|(_, topic)| (topic.sender.receiver_count() > 0, topic.used))
                .map(|(session, _)| session.clone());
            let Some(oldest) = oldest else { return };
            self.by_session.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: HubLimits = HubLimits {
        ring: 4,
        behind: 2,
        sessions: 3,
        listeners: 2,
    };

    fn session(name: &str) -> SessionId {
        SessionId::new(name).unwrap()
    }

    fn event(id: u64) -> Event {
        Event::new(Cycle(id), "frame", format!("{{\"n\":{id}}}"))
    }

    fn ids(subscription: &Subscription) -> Vec<u64> {
        subscription.backlog.iter().map(|event| event.id).collect()
    }

    #[tokio::test]
    async fn whoever_comes_back_finds_what_was_told_meanwhile() {
        let hub = Hub::new(LIMITS);
        let s = session("s");
        for id in 1..=6 {
            hub.tell(&s, event(id));
        }
        hub.tell(&s, event(6));
        let back = hub.listen(&s, Some(4)).unwrap();
        assert_eq!((ids(&back), back.gap), (vec![5, 6], false));
        drop(back);
        let long_gone = hub.listen(&s, Some(1)).unwrap();
        assert_eq!((ids(&long_gone), long_gone.gap), (vec![3, 4, 5, 6], true));
        drop(long_gone);
        let mut new = hub.listen(&s, None).unwrap();
        assert_eq!(ids(&new), [6]);
        hub.tell(&s, event(7));
        assert_eq!(new.receiver.recv().await.unwrap().id, 7);
        assert_eq!(
            new.receiver.try_recv().unwrap_err(),
            broadcast::error::TryRecvError::Empty
        );
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_and_the_others_have_everything() {
        let hub = Hub::new(LIMITS);
        let s = session("s");
        let (mut slow, mut quick) = (hub.listen(&s, None).unwrap(), hub.listen(&s, None).unwrap());
        for id in 1..=9 {
            hub.tell(&s, event(id));
            assert_eq!(quick.receiver.recv().await.unwrap().id, id);
        }
        let lagged = slow.receiver.recv().await.unwrap_err();
        assert!(matches!(lagged, broadcast::error::RecvError::Lagged(_)));
    }

    #[test]
    fn places_are_bounded_and_given_back() {
        let hub = Hub::new(LIMITS);
        let s = session("s");
        let first = hub.listen(&s, None).unwrap();
        let _second = hub.listen(&s, None).unwrap();
        assert!(hub.listen(&s, None).is_none());
        drop(first);
        assert_eq!(hub.listeners(), 1);
        assert!(hub.listen(&s, None).is_some());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_doubled_between_backlog_and_stream(
            before in 0u64..10, after in 0u64..10, last in 0u64..12,
        ) {
            let limits = HubLimits { ring: 100, behind: 100, ..LIMITS };
            let hub = Hub::new(limits);
            let s = session("s");
            for id in 1..=before { hub.tell(&s, event(id)); }
            let mut heard = hub.listen(&s, Some(last)).unwrap();
            for id in before + 1..=before + after { hub.tell(&s, event(id)); }
            let mut all = ids(&heard);
            while let Ok(event) = heard.receiver.try_recv() { all.push(event.id); }
            let wanted: Vec<_> = (last + 1..=before + after).collect();
            let all: Vec<_> = all.into_iter().filter(|id| *id > last).collect();
            prop_assert_eq!(all, wanted);
        }
    }
}
