//! A store that keeps the frames of one session and nothing else.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use sigma_core::store::{
    Amendment, CycleCommit, IdempotencyKey, OperationalEvent, Record, SessionStore, SessionSummary,
    StoreError, StoredCycle, StoredSession,
};
use sigma_memory::Frame;
use sigma_types::{Cycle, SessionId};

#[derive(Debug, Default)]
pub(super) struct KeptFrames(Mutex<Vec<Vec<u8>>>);

impl KeptFrames {
    /// All frames that were committed, in order.
    pub(super) fn frames(&self) -> Result<Vec<Frame>, serde_json::Error> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .map(|body| serde_json::from_slice(body))
            .collect()
    }
}

#[async_trait]
impl SessionStore for KeptFrames {
    async fn load(&self, _: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        Ok(None)
    }

    async fn commit(&self, commit: CycleCommit) -> Result<(), StoreError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(commit.frames.into_iter().map(|frame| frame.body));
        Ok(())
    }

    async fn amend(&self, _: Amendment) -> Result<(), StoreError> {
        Ok(())
    }

    async fn find_by_key(
        &self,
        _: &SessionId,
        _: &IdempotencyKey,
    ) -> Result<Option<StoredCycle>, StoreError> {
        Ok(None)
    }

    async fn cycles(
        &self,
        _: &SessionId,
        _: Cycle,
        _: usize,
    ) -> Result<Vec<StoredCycle>, StoreError> {
        Ok(Vec::new())
    }

    async fn ledger(&self, _: &SessionId, _: u64, _: usize) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    async fn note(&self, _: &SessionId, _: OperationalEvent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn events(&self, _: &SessionId, _: usize) -> Result<Vec<OperationalEvent>, StoreError> {
        Ok(Vec::new())
    }

    async fn sessions(&self, _: usize) -> Result<Vec<SessionSummary>, StoreError> {
        Ok(Vec::new())
    }
}
