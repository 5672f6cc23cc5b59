//! A caller that goes away in the middle of a commit, and asks again.

use std::sync::Arc;

use sigma_core::clock::ManualClock;
use sigma_core::embedding::LocalEmbeddings;
use sigma_core::model::OfflineResponder;
use sigma_core::store::{
    Amendment, CycleCommit, IdempotencyKey, InMemoryStore, OperationalEvent, Record, SessionStore,
    SessionSummary, StoreError, StoredCycle, StoredSession,
};
use sigma_core::{Runtime, Turn, TurnInput};
use sigma_text::BundledEmbedder;
use sigma_types::{Cycle, SessionId, Timestamp};
use tokio::sync::Notify;

/// A store whose writer works on its own: once a commit is handed in it is carried out, whether or not
/// anybody still waits for it. It waits for the gate first.
#[derive(Default)]
struct Handed {
    inner: Arc<InMemoryStore>,
    taken: Arc<Notify>,
    gate: Arc<Notify>,
}

#[async_trait::async_trait]
impl SessionStore for Handed {
    async fn load(&self, session: &SessionId) -> Result<Option<StoredSession>, StoreError> {
        self.inner.load(session).await
    }

    async fn commit(&self, commit: CycleCommit) -> Result<(), StoreError> {
        let (inner, gate) = (Arc::clone(&self.inner), Arc::clone(&self.gate));
        let writer = tokio::spawn(async move {
            gate.notified().await;
            // whoever else waits is let in only after this one is done
            let done = inner.commit(commit).await;
            gate.notify_one();
            done
        });
        self.taken.notify_one();
        writer.await.unwrap()
    }

    async fn amend(&self, amendment: Amendment) -> Result<(), StoreError> {
        self.inner.amend(amendment).await
    }

    async fn find_by_key(
        &self,
        session: &SessionId,
        key: &IdempotencyKey,
    ) -> Result<Option<StoredCycle>, StoreError> {
        self.inner.find_by_key(session, key).await
    }

    async fn cycles(
        &self,
        session: &SessionId,
        from: Cycle,
        limit: usize,
    ) -> Result<Vec<StoredCycle>, StoreError> {
        self.inner.cycles(session, from, limit).await
    }

    async fn ledger(
        &self,
        session: &SessionId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.inner.ledger(session, from, limit).await
    }

    async fn note(&self, session: &SessionId, event: OperationalEvent) -> Result<(), StoreError> {
        self.inner.note(session, event).await
    }

    async fn events(
        &self,
        session: &SessionId,
        limit: usize,
    ) -> Result<Vec<OperationalEvent>, StoreError> {
        self.inner.events(session, limit).await
    }

    async fn sessions(&self, limit: usize) -> Result<Vec<SessionSummary>, StoreError> {
        self.inner.sessions(limit).await
    }
}

#[tokio::test]
async fn who_asks_again_after_vanishing_in_a_commit_gets_the_recorded_cycle() {
    let store = Arc::new(Handed::default());
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Runtime::builder(Arc::new(embeddings))
        .store(Arc::clone(&store) as Arc<dyn SessionStore>)
        .clock(Arc::new(ManualClock::at(Timestamp::EPOCH)))
        .build();
    let session = SessionId::new("s").unwrap();
    let mut input = TurnInput::new(session.clone(), "Who keeps the day book?");
    input.key = Some(IdempotencyKey::new("k").unwrap());

    tokio::select! {
        biased;
        _ = runtime.turn(input.clone(), &OfflineResponder, None) => panic!("the gate is shut"),
        () = store.taken.notified() => {}
    }
    // the caller is gone, the commit is not; the same turn is asked again while it is under way
    let again = runtime.turn(input.clone(), &OfflineResponder, None);
    let open = async {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        store.gate.notify_one();
    };
    let (again, ()) = tokio::join!(again, open);
    let Turn::Repeated { report } = again.unwrap() else {
        panic!("answered twice")
    };
    assert_eq!(report.cycle, Cycle(1));
    let kept = store.inner.cycles(&session, Cycle(1), 10).await.unwrap();
    assert_eq!(kept.len(), 1);

    let mut next = TurnInput::new(session, "And who reads it?");
    next.key = Some(IdempotencyKey::new("l").unwrap());
    store.gate.notify_one();
    match runtime.turn(next, &OfflineResponder, None).await.unwrap() {
        Turn::Answered { report, .. } => assert_eq!(report.cycle, Cycle(2)),
        other => panic!("{other:?}"),
    }
}
