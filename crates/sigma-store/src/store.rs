//! The store itself.

use async_trait::async_trait;
use rusqlite::Connection;
use sigma_core::store::{
    Amendment, CycleCommit, IdempotencyKey, OperationalEvent, Record, SessionStore, SessionSummary,
    StoreError, StoredCycle, StoredSession,
};
use sigma_types::{Cycle, SessionId};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::connect::{self, Options};
use crate::fault::{OpenError, Place, Trouble};
use crate::worker::Worker;
use crate::{read, write};

/// Keeps sessions in one SQLite file. One thread writes, others read; several processes may share the
/// file. Dropping the store waits for the jobs that it has accepted.
#[derive(Debug)]
pub struct SqliteStore {
    place: Place,
    writer: Worker,
    readers: Vec<Worker>,
    turn: AtomicUsize,
}

impl SqliteStore {
    /// Opens a file, making it if there is none. Blocks for as long as that takes.
    ///
    /// # Errors
    /// [`OpenError`] says what is wrong with the file and how to mend it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        Self::open_with(path, &Options::default())
    }

    /// As [`SqliteStore::open`], with options.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(path: impl Into<PathBuf>, options: &Options) -> Result<Self, OpenError> {
        let place = Place {
            path: path.into(),
            busy_timeout: options.busy_timeout,
        };
        let start = |name, connection| Worker::start(name, connection).map_err(OpenError::Thread);
        let writer = start("store-writer", connect::writer(&place)?)?;
        let readers = (0..options.readers.max(1))
            .map(|_| start("store-reader", connect::reader(&place)?))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            place,
            writer,
            readers,
            turn: AtomicUsize::new(0),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// Erases a session with all that belongs to it, and tells whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn erase(&self, session: &SessionId) -> Result<bool, StoreError> {
        let name = session.clone();
        self.write(session, move |connection| write::erase(connection, &name))
            .await
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        session: &SessionId,
        job: impl FnOnce(&mut Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.writer.run(job).await;
        done.map_err(|trouble| self.place.error(trouble, Some(session)))
    }

    pub(crate) async fn read<T: Send + 'static>(
        &self,
        session: Option<&SessionId>,
        job: impl FnOnce(&mut Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.readers.len();
        let done = self.readers[turn].run(job).await;
        done.map_err(|trouble| self.place.error(trouble, session))
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    async fn load(&self, session: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        let name = session.clone();
        self.read(Some(session), move |connection| {
            read::load(connection, &name)
        })
        .await
    }

    async fn commit(&self, commit: CycleCommit) -> Result<(), StoreError> {
        let session = commit.session.clone();
        self.write(&session, move |connection| {
            write::commit(connection, &commit)
        })
        .await
    }

    async fn amend(&self, amendment: Amendment) -> Result<(), StoreError> {
        let session = amendment.session.clone();
        self.write(&session, move |connection| {
            write::amend(connection, &amendment)
        })
        .await
    }

    async fn find_by_key(
        &self,
        session: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredCycle>, StoreError> {
        let (name, key) = (session.clone(), key.clone());
        let job = move |connection: &mut Connection| read::find_by_key(connection, &name, &key);
        self.read(Some(session), job).await
    }

    async fn cycles(
        &self,
        session: &SessionId,
        from: Cycle,
        limit: usize,
    ) -> Result<Vec<StoredCycle>, StoreError> {
        let name = session.clone();
        let job = move |connection: &mut Connection| read::cycles(connection, &name, from, limit);
        self.read(Some(session), job).await
    }

    async fn ledger(
        &self,
        session: &SessionId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let name = session.clone();
        let job = move |connection: &mut Connection| read::ledger(connection, &name, from, limit);
        self.read(Some(session), job).await
    }

    async fn note(&self, session: &SessionId, event: OperationalEvent) -> Result<(), StoreError> {
        let name = session.clone();
        self.write(session, move |connection| {
            write::note(connection, &name, &event)
        })
        .await
    }

    async fn events(
        &self,
        session: &SessionId,
        limit: usize,
    ) -> Result<Vec<OperationalEvent>, StoreError> {
        let name = session.clone();
        let job = move |connection: &mut Connection| read::events(connection, &name, limit);
        self.read(Some(session), job).await
    }

    async fn sessions(&self, limit: usize) -> Result<Vec<SessionSummary>, StoreError> {
        self.read(None, move |connection| read::sessions(connection, limit))
            .await
    }
}
