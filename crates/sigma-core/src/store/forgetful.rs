//! A store that keeps nothing.

use super::{
    Amendment, CycleCommit, IdempotencyKey, OperationalEvent, Record, SessionStore, SessionSummary,
    StoreError, StoredCycle, StoredSession,
};
use async_trait::async_trait;
use sigma_types::{Cycle, SessionId};

/// Takes every commit and has nothing to give back: for replays, whose sessions end with them.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgetfulStore;

#[async_trait]
impl SessionStore for ForgetfulStore {
    fn keeps(&self) -> bool {
        false
    }

    async fn load(&self, _: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        Ok(None)
    }

    async fn commit(&self, _: CycleCommit) -> Result<(), StoreError> {
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
