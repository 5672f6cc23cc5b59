//! Inclusion proofs (RFC 6962): that one record stands in the ledger, without the rest of it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ct_merkle::{RootHash, mem_backed_tree::MemoryBackedTree};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Head, LedgerKey, Record};
use crate::{
    digest::Digest,
    json::{self, JsonError},
    keys::PublicKey,
    moment::Moment,
};

/// The Merkle tree over the records. A leaf is the canonical JSON of a whole record, signature and all.
#[derive(Default)]
pub struct Tree {
    leaves: MemoryBackedTree<Sha256, Vec<u8>>,
    last: Option<Digest>,
}

/// What the runtime states about the whole ledger at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// How many records there are.
    pub size: u64,
    /// The root of their tree.
    pub root: Digest,
    /// `entry_hash` of the last record; zero where there is none.
    pub last: Digest,
    /// When this is stated.
    pub at: Moment,
    /// The runtime's Ed25519 signature, as base64url.
    pub sig: String,
}

/// That a record stands at its place under a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The record's place, from 0.
    pub seq: u64,
    /// The hashes beside its way to the root, lowest first.
    pub path: Vec<Digest>,
}

/// A record is not shown to be in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// The checkpoint is not the runtime's.
    #[error("the checkpoint is not signed by the trusted key")]
    Checkpoint,
    /// The path does not lead from the record to the root.
    #[error("the path does not lead to the root")]
    Path,
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tree({} records)", self.leaves.len())
    }
}

impl Tree {
    /// Of these records, in their order.
    ///
    /// # Errors
    /// [`JsonError`] where a number is too large for canonical JSON.
    pub fn of<'r>(records: impl IntoIterator<Item = &'r Record>) -> Result<Self, JsonError> {
        let mut tree = Self::default();
        for record in records {
            tree.push(record)?;
        }
        Ok(tree)
    }

    /// Adds the next record.
    ///
    /// # Errors
    /// As [`Tree::of`].
    pub fn push(&mut self, record: &Record) -> Result<(), JsonError> {
        self.leaves.push(json::canonical(record)?);
        self.last = Some(record.entry_hash);
        Ok(())
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Digest {
        Digest::from_bytes((*self.leaves.root().as_bytes()).into())
    }

    /// Where the ledger ends.
    #[must_use]
    pub fn head(&self) -> Head {
        Head {
            size: self.leaves.len(),
            last: self.last.unwrap_or(Digest::ZERO),
        }
    }

    /// States the whole ledger, signed.
    #[must_use]
    pub fn checkpoint(&self, key: &LedgerKey, at: Moment) -> Checkpoint {
        let Head { size, last } = self.head();
        let mut checkpoint = Checkpoint {
            size,
            root: self.root(),
            last,
            at,
            sig: String::new(),
        };
        checkpoint.sig = key.sign(&checkpoint.signed_text());
        checkpoint
    }

    /// The proof for the record at a place; `None` past the end.
    #[must_use]
    pub fn prove(&self, seq: u64) -> Option<InclusionProof> {
        let place = usize::try_from(seq)
            .ok()
            .filter(|_| seq < self.leaves.len())?;
        let proof = self.leaves.prove_inclusion(place);
        let (hashes, _) = proof.as_bytes().as_chunks::<32>();
        let path = hashes
            .iter()
            .map(|hash| Digest::from_bytes(*hash))
            .collect();
        Some(InclusionProof { seq, path })
    }
}

impl Checkpoint {
    /// What is signed: a line that says what it is, and the other members, a line each.
    fn signed_text(&self) -> String {
        let Self {
            size,
            root,
            last,
            at,
            ..
        } = self;
        format!("kiri-ioh ledger checkpoint v1\n{size}\n{root}\n{last}\n{at}")
    }

    /// Whether the runtime stated this.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let sig = URL_SAFE_NO_PAD.decode(&self.sig);
        sig.is_ok_and(|sig| key.verifies(self.signed_text().as_bytes(), &sig))
    }
}

impl InclusionProof {
    /// Verifies that a record stands in the ledger that a checkpoint states.
    ///
    /// # Errors
    /// [`InclusionError`].
    pub fn verify(
        &self,
        record: &Record,
        checkpoint: &Checkpoint,
        key: &PublicKey,
    ) -> Result<(), InclusionError> {
        if !checkpoint.is_signed_by(key) {
            return Err(InclusionError::Checkpoint);
        }
        let leaf = json::canonical(record).map_err(|_| InclusionError::Path)?;
        let path: Vec<u8> = self.path.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let path = ct_merkle::InclusionProof::<Sha256>::try_from_bytes(path)
            .map_err(|_| InclusionError::Path)?;
        if record.seq != self.seq || self.path.len() > LONGEST_PATH {
            return Err(InclusionError::Path);
        }
        RootHash::<Sha256>::new((*checkpoint.root.as_bytes()).into(), checkpoint.size)
            .verify_inclusion(&leaf, self.seq, &path)
            .map_err(|_| InclusionError::Path)
    }
}

/// No tree of records that can be counted is higher.
const LONGEST_PATH: usize = 64;
