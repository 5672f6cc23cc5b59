//! A store that forgets everything when the process ends.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use sigma_types::{Cycle, SessionId, Timestamp};

use super::{
    Amendment, CycleCommit, IdempotencyKey, OperationalEvent, Record, SessionStore, SessionSummary,
    StoreError, StoredCycle, StoredSession,
};

/// Keeps sessions in memory: for replays, tests and one-off runs.
#[derive(Debug, Default)]
pub struct InMemoryStore {
    sessions: Mutex<BTreeMap<SessionId, Entry>>,
}

#[derive(Debug, Default)]
struct Entry {
    cycle: Cycle,
    updated_at: Option<Timestamp>,
    state: Vec<u8>,
    frames: Vec<Record>,
    tombstones: Vec<Record>,
    ledger: Vec<Record>,
    cycles: Vec<StoredCycle>,
    keys: BTreeMap<IdempotencyKey, Cycle>,
    events: Vec<OperationalEvent>,
}

impl InMemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SessionId, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T: Default>(&self, session: &SessionId, f: impl FnOnce(&Entry) -> T) -> T {
        self.lock().get(session).map(f).unwrap_or_default()
    }
}

#[async_trait]
impl SessionStore for InMemoryStore {
    async fn load(&self, session: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        Ok(self.read(session, |entry| {
            (entry.cycle > Cycle(0)).then(|| StoredSession {
                cycle: entry.cycle,
                state: entry.state.clone(),
                frames: entry.frames.clone(),
                tombstones: entry.tombstones.clone(),
            })
        }))
    }

    async fn commit(&self, commit: CycleCommit) -> Result<(), StoreError> {
        let mut sessions = self.lock();
        let entry = sessions.entry(commit.session).or_default();
        if let Some(taken) = commit
            .idempotency
            .as_ref()
            .and_then(|asked| entry.keys.get(&asked.key))
        {
            return Err(StoreError::KeyReused { cycle: *taken });
        }
        if commit.cycle != entry.cycle.next() {
            return Err(StoreError::OutOfOrder {
                given: commit.cycle,
                found: entry.cycle,
            });
        }
        entry.cycle = commit.cycle;
        entry.updated_at = Some(commit.at);
        entry.state = commit.state;
        entry.frames.extend(commit.frames);
        entry.tombstones.extend(commit.tombstones);
        entry.ledger.extend(commit.ledger);
        let request = commit.idempotency.as_ref().map(|asked| asked.request);
        if let Some(asked) = commit.idempotency {
            entry.keys.insert(asked.key, commit.cycle);
        }
        entry.cycles.push(StoredCycle {
            cycle: commit.cycle,
            at: commit.at,
            report: commit.report,
            request,
        });
        Ok(())
    }

    async fn amend(&self, amendment: Amendment) -> Result<(), StoreError> {
        let mut sessions = self.lock();
        let entry = sessions.entry(amendment.session).or_default();
        let next = entry.ledger.len() as u64;
        let follows = amendment.ledger.iter().zip(next..).all(|(r, n)| r.seq == n);
        if amendment.cycle != entry.cycle || entry.cycle == Cycle(0) || !follows {
            return Err(StoreError::OutOfOrder {
                given: amendment.cycle,
                found: entry.cycle,
            });
        }
        entry.updated_at = Some(amendment.at);
        entry.state = amendment.state;
        entry.ledger.extend(amendment.ledger);
        Ok(())
    }

    async fn find_by_key(
        &self,
        session: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredCycle>, StoreError> {
        Ok(self.read(session, |entry| {
            let cycle = entry.keys.get(key)?;
            entry
                .cycles
                .iter()
                .find(|stored| stored.cycle == *cycle)
                .cloned()
        }))
    }

    async fn cycles(
        &self,
        session: &SessionId,
        from: Cycle,
        limit: usize,
    ) -> Result<Vec<StoredCycle>, StoreError> {
        Ok(self.read(session, |entry| {
            entry
                .cycles
                .iter()
                .filter(|c| c.cycle >= from)
                .take(limit)
                .cloned()
                .collect()
        }))
    }

    async fn ledger(
        &self,
        session: &SessionId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        Ok(self.read(session, |entry| {
            entry
                .ledger
                .iter()
                .filter(|r| r.seq >= from)
                .take(limit)
                .cloned()
                .collect()
        }))
    }

    async fn note(&self, session: &SessionId, event: OperationalEvent) -> Result<(), StoreError> {
        self.lock()
            .entry(session.clone())
            .or_default()
            .events
            .push(event);
        Ok(())
    }

    async fn events(
        &self,
        session: &SessionId,
        limit: usize,
    ) -> Result<Vec<OperationalEvent>, StoreError> {
        Ok(self.read(session, |entry| {
            entry.events[entry.events.len().saturating_sub(limit)..].to_vec()
        }))
    }

    async fn sessions(&self, limit: usize) -> Result<Vec<SessionSummary>, StoreError> {
        let sessions = self.lock();
        let mut all: Vec<_> = sessions
            .iter()
            .filter_map(|(session, entry)| {
                let updated_at = entry.updated_at?;
                Some(SessionSummary {
                    session: session.clone(),
                    cycle: entry.cycle,
                    updated_at,
                })
            })
            .collect();
        all.sort_by(|a, b| {
            b.updated_at
                .cmp(&a.updated_at)
                .then(a.session.cmp(&b.session))
        });
        all.truncate(limit);
        Ok(all)
    }
}
