//! A store in memory: for tests, and for runtimes that may forget.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Kept, Message, Store, StoreError, Transaction};
use crate::{
    digest::Digest,
    handshake::Stored,
    ids::{BindToken, NegotiationId},
    ledger::{Entry, Head, PrivateText},
    signal::Signal,
};

/// Everything in memory, behind one lock.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    handshakes: BTreeMap<NegotiationId, Kept>,
    tokens: BTreeMap<BindToken, NegotiationId>,
    entries: Vec<Entry>,
    texts: BTreeMap<Digest, PrivateText>,
    messages: BTreeMap<(BindToken, String), Message>,
    counts: BTreeMap<BindToken, u64>,
    outbox: Vec<Signal>,
}

/// What a transaction has written so far, over the state as it is.
struct Staged<'a> {
    base: &'a State,
    new: State,
    erased: Vec<Digest>,
}

impl MemoryStore {
    /// Empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    // Nothing is written outside `commit`, which cannot stop half-way, so a poisoned lock is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn head(&self) -> Option<Head> {
        self.entries.last().map(|entry| entry.record.head())
    }

    fn commit(&mut self, new: Self, erased: &[Digest]) {
        self.handshakes.extend(new.handshakes);
        self.tokens.extend(new.tokens);
        self.entries.extend(new.entries);
        self.texts.extend(new.texts);
        self.messages.extend(new.messages);
        self.counts.extend(new.counts);
        self.outbox.extend(new.outbox);
        for commitment in erased {
            self.texts.remove(commitment);
        }
    }
}

impl Transaction for Staged<'_> {
    fn handshake(&mut self, id: &NegotiationId) -> Result<Option<Kept>, StoreError> {
        let found = self
            .new
            .handshakes
            .get(id)
            .or_else(|| self.base.handshakes.get(id));
        Ok(found.cloned())
    }

    fn handshake_of(&mut self, token: &BindToken) -> Result<Option<Kept>, StoreError> {
        let id = self
            .new
            .tokens
            .get(token)
            .or_else(|| self.base.tokens.get(token))
            .cloned();
        id.map_or(Ok(None), |id| self.handshake(&id))
    }

    fn put(&mut self, expected: Option<u64>, stored: &Stored) -> Result<(), StoreError> {
        let id = stored.opening.negotiation_id.clone();
        let revision = self.handshake(&id)?.map(|kept| kept.revision);
        if revision != expected {
            return Err(StoreError::Conflict);
        }
        if let Some(token) = stored.bind_token() {
            let other = self.handshake_of(token)?;
            if other.is_some_and(|other| other.stored.opening.negotiation_id != id) {
                return Err(StoreError::Conflict);
            }
            self.new.tokens.insert(token.clone(), id.clone());
        }
        let revision = expected.unwrap_or_default() + 1;
        self.new.handshakes.insert(
            id,
            Kept {
                revision,
                stored: stored.clone(),
            },
        );
        Ok(())
    }

    fn head(&mut self) -> Result<Head, StoreError> {
        Ok(self
            .new
            .head()
            .or_else(|| self.base.head())
            .unwrap_or(Head::EMPTY))
    }

    fn append(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let head = self.head()?;
        if (entry.record.seq, entry.record.prev_hash) != (head.size, head.last) {
            return Err(StoreError::Conflict);
        }
        self.new.entries.push(entry.clone());
        Ok(())
    }

    fn keep_text(&mut self, commitment: &Digest, text: &PrivateText) -> Result<(), StoreError> {
        self.new.texts.insert(*commitment, text.clone());
        Ok(())
    }

    fn text(&mut self, commitment: &Digest) -> Result<Option<PrivateText>, StoreError> {
        if self.erased.contains(commitment) {
            return Ok(None);
        }
        let found = self
            .new
            .texts
            .get(commitment)
            .or_else(|| self.base.texts.get(commitment));
        Ok(found.cloned())
    }

    fn erase_text(&mut self, commitment: &Digest) -> Result<bool, StoreError> {
        let was = self.text(commitment)?.is_some();
        self.erased.push(*commitment);
        Ok(was)
    }

    fn message(&mut self, token: &BindToken, id: &str) -> Result<Option<Message>, StoreError> {
        let key = (token.clone(), id.to_owned());
        let found = self
            .new
            .messages
            .get(&key)
            .or_else(|| self.base.messages.get(&key));
        Ok(found.copied())
    }

    fn messages(&mut self, token: &BindToken) -> Result<u64, StoreError> {
        let found = self
            .new
            .counts
            .get(token)
            .or_else(|| self.base.counts.get(token));
        Ok(found.copied().unwrap_or_default())
    }

    fn put_message(
        &mut self,
        token: &BindToken,
        id: &str,
        message: &Message,
    ) -> Result<(), StoreError> {
        if self.message(token, id)?.is_some() {
            return Err(StoreError::Conflict);
        }
        self.new
            .messages
            .insert((token.clone(), id.to_owned()), *message);
        self.new.counts.insert(token.clone(), message.number);
        Ok(())
    }

    fn emit(&mut self, signal: &Signal) -> Result<(), StoreError> {
        self.new.outbox.push(signal.clone());
        Ok(())
    }
}

impl Store for MemoryStore {
    fn transact<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut state = self.lock();
        let mut staged = Staged {
            base: &state,
            new: State::default(),
            erased: Vec::new(),
        };
        let done = work(&mut staged)?;
        let Staged { new, erased, .. } = staged;
        state.commit(new, &erased);
        Ok(done)
    }

    fn handshake(&self, id: &NegotiationId) -> Result<Option<Stored>, StoreError> {
        Ok(self
            .lock()
            .handshakes
            .get(id)
            .map(|kept| kept.stored.clone()))
    }

    fn handshake_of(&self, token: &BindToken) -> Result<Option<Stored>, StoreError> {
        let state = self.lock();
        let kept = state
            .tokens
            .get(token)
            .and_then(|id| state.handshakes.get(id));
        Ok(kept.map(|kept| kept.stored.clone()))
    }

    fn entries(&self, from: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(self
            .lock()
            .entries
            .iter()
            .skip(from)
            .take(limit)
            .cloned()
            .collect())
    }

    fn outbox(&self, limit: usize) -> Result<Vec<Signal>, StoreError> {
        Ok(self.lock().outbox.iter().take(limit).cloned().collect())
    }

    fn delivered(&self, signal_id: &str) -> Result<(), StoreError> {
        self.lock().outbox.retain(|signal| signal.id != signal_id);
        Ok(())
    }
}
