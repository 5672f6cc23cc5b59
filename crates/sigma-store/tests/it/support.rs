//! Sessions whose every byte follows from the number of the cycle.

use sigma_aegida::{EntryKind, Ledger, LedgerEntry};
use sigma_core::store::{
    CycleCommit, Idempotency, IdempotencyKey, Record, SessionStore, StoreError, StoredSession,
};
use sigma_store::SqliteStore;
use sigma_types::{Cycle, Hash256, SessionId, Timestamp};

pub(crate) fn id(name: &str) -> SessionId {
    SessionId::new(name).unwrap()
}

pub(crate) fn at(cycle: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(cycle).unwrap() * 1_000).unwrap()
}

/// A cycle with nothing in it but its state and report.
pub(crate) fn bare(session: &SessionId, cycle: u64) -> CycleCommit {
    CycleCommit {
        session: session.clone(),
        cycle: Cycle(cycle),
        at: at(cycle),
        state: format!("state {cycle}").into_bytes(),
        frames: vec![],
        tombstones: vec![],
        ledger: vec![],
        report: format!("report {cycle}").into_bytes(),
        idempotency: None,
    }
}

pub(crate) fn record(seq: u64, cycle: u64, body: Vec<u8>) -> Record {
    Record {
        seq,
        cycle: Cycle(cycle),
        hash: Hash256::of(&body),
        body,
    }
}

/// How many frames come before a cycle, and in it.
fn frames(cycle: u64) -> std::ops::Range<u64> {
    let before = |cycle: u64| (1..cycle).map(|c| c % 4).sum::<u64>();
    before(cycle)..before(cycle + 1)
}

fn key(session: &SessionId, cycle: u64) -> Idempotency {
    Idempotency {
        key: IdempotencyKey::new(format!("turn-{cycle}")).unwrap(),
        request: Hash256::of(format!("{session} {cycle}").as_bytes()),
    }
}

fn chained(ledger: &mut Ledger, cycle: u64) -> Vec<LedgerEntry> {
    let entry = |n: u64| {
        let payload = serde_json::json!({"cycle": cycle, "n": n, "share": 0.1 * n as f64});
        ledger
            .append(Cycle(cycle), at(cycle), EntryKind::Examined, payload)
            .unwrap()
    };
    (0..=cycle % 3).map(entry).collect()
}

/// Writes like a session: frames, a tombstone now and then, a ledger that is chained.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dialogue {
    pub(crate) session: SessionId,
    pub(crate) cycle: u64,
    ledger: Ledger,
}

impl Dialogue {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            session: id(name),
            cycle: 0,
            ledger: Ledger::new(Hash256::of(name.as_bytes())),
        }
    }

    /// The session as it must be after some cycles.
    pub(crate) fn after(name: &str, cycles: u64) -> Self {
        let mut dialogue = Self::new(name);
        for _ in 0..cycles {
            dialogue.next();
        }
        dialogue
    }

    /// The commit of the next cycle.
    pub(crate) fn next(&mut self) -> CycleCommit {
        self.cycle += 1;
        let cycle = self.cycle;
        let seq = self.ledger.next_seq();
        let entries = chained(&mut self.ledger, cycle);
        let ledger = entries.iter().zip(seq..).map(|(entry, seq)| {
            let body = serde_json::to_vec(entry).unwrap();
            Record {
                seq,
                cycle: Cycle(cycle),
                hash: entry.hash,
                body,
            }
        });
        let frame = |seq| {
            record(
                seq,
                cycle,
                format!("frame {seq} of {cycle} ").repeat(150).into(),
            )
        };
        let tombstone = |seq| record(seq, cycle, format!("tombstone {seq}").into());
        CycleCommit {
            state: self.state(),
            frames: frames(cycle).map(frame).collect(),
            tombstones: cycle
                .is_multiple_of(5)
                .then(|| tombstone(cycle / 5 - 1))
                .into_iter()
                .collect(),
            ledger: ledger.collect(),
            report: format!("report {cycle} ").repeat(200).into(),
            idempotency: Some(key(&self.session, cycle)),
            ..bare(&self.session, cycle)
        }
    }

    fn state(&self) -> Vec<u8> {
        serde_json::to_vec(&(self.cycle, self.ledger, "state ".repeat(3_000))).unwrap()
    }
}

/// What a store holds of a session, all of it, compared with what it must hold. Returns its cycle.
pub(crate) async fn verify(store: &SqliteStore, name: &str) -> Result<u64, StoreError> {
    let session = id(name);
    let Some(stored) = store.load(&session).await? else {
        assert!(
            store
                .cycles(&session, Cycle(0), usize::MAX)
                .await?
                .is_empty()
        );
        assert!(store.ledger(&session, 0, usize::MAX).await?.is_empty());
        return Ok(0);
    };
    let last = stored.cycle.0;
    let mut dialogue = Dialogue::new(name);
    let mut expected = StoredSession {
        cycle: Cycle(last),
        state: vec![],
        frames: vec![],
        tombstones: vec![],
    };
    let cycles = store.cycles(&session, Cycle(1), usize::MAX).await?;
    assert_eq!(cycles.len() as u64, last);
    let mut ledger = Vec::new();
    for stored in cycles {
        let commit = dialogue.next();
        let asked = commit.idempotency.unwrap();
        assert_eq!((stored.cycle, stored.at), (commit.cycle, commit.at));
        assert_eq!(stored.report, commit.report);
        assert_eq!(stored.request, Some(asked.request));
        assert_eq!(store.find_by_key(&session, &asked.key).await?, Some(stored));
        expected.frames.extend(commit.frames);
        expected.tombstones.extend(commit.tombstones);
        expected.state = commit.state;
        ledger.extend(commit.ledger);
    }
    assert_eq!(stored, expected);
    let next = key(&session, last + 1).key;
    assert!(
        store.find_by_key(&session, &next).await?.is_none(),
        "half a cycle is there"
    );
    let records = store.ledger(&session, 0, usize::MAX).await?;
    assert_eq!(records, ledger);
    let entries: Vec<LedgerEntry> = records
        .iter()
        .map(|record| serde_json::from_slice(&record.body).unwrap())
        .collect();
    let start = Dialogue::new(name).ledger;
    assert_eq!(
        start.verify_to(&entries, dialogue.ledger),
        Ok(()),
        "the chain is whole"
    );
    Ok(last)
}
