//! The ledger as a file: canonical JSON, one line each for the key, every entry and a checkpoint.

use serde::{Deserialize, Serialize};

use super::{Broken, Checkpoint, Entry, Fault, LedgerKey, Projection, Tree, Verifier};
use crate::{
    json::{self, JsonError},
    keys::PublicKey,
    moment::Moment,
};

/// The form of the file.
const FORM: &str = "kiri-ioh ledger export v1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    form: String,
    key: PublicKey,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    checkpoint: Checkpoint,
}

/// A ledger could not be written out.
#[derive(Debug, thiserror::Error)]
#[error("the ledger has no canonical form")]
pub struct ExportError(#[from] JsonError);

/// Writes a ledger out, with a checkpoint at its end.
///
/// # Errors
/// [`ExportError`] where a number is too large for canonical JSON.
pub fn export(entries: &[Entry], key: &LedgerKey, at: Moment) -> Result<Vec<u8>, ExportError> {
    let mut file = Vec::new();
    let mut line = |bytes: Vec<u8>| {
        file.extend(bytes);
        file.push(b'\n');
    };
    let first = First {
        form: FORM.into(),
        key: key.public().clone(),
    };
    line(json::canonical(&first)?);
    let mut tree = Tree::default();
    for entry in entries {
        tree.push(&entry.record)?;
        line(json::canonical(entry)?);
    }
    line(json::canonical(&Last {
        checkpoint: tree.checkpoint(key, at),
    })?);
    Ok(file)
}

/// Whether a file was meant to be what [`export`] writes, by its first line; that says nothing yet about
/// whether it is whole.
#[must_use]
pub fn is_export(file: &[u8]) -> bool {
    let first = file.split(|byte| *byte == b'\n').next().unwrap_or_default();
    // one of the two stays where the other was damaged
    let named = first
        .windows(FORM.len())
        .any(|part| part == FORM.as_bytes());
    named || first.starts_with(b"{\"form\":")
}

/// Verifies a ledger that was written out, trusting `key`.
///
/// Every byte counts: a line that is not in its one canonical form is broken.
///
/// # Errors
/// [`Broken`], with the place of the first broken entry; one past the last for the checkpoint.
pub fn verify_export(file: &[u8], key: &PublicKey) -> Result<(Projection, Checkpoint), Broken> {
    let mut verifier = Verifier::new(key);
    let mut tree = Tree::default();
    let at = |seq, fault| Broken {
        seq,
        entry_id: None,
        fault,
    };
    let body = file.strip_suffix(b"\n").ok_or(at(0, Fault::Checkpoint))?;
    let mut lines = body.split(|byte| *byte == b'\n');
    let first: First = lines.next().and_then(exact).ok_or(at(0, Fault::Form))?;
    if first.form != FORM || first.key != *key {
        return Err(at(0, Fault::Key));
    }
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        let seq = verifier.head().size;
        if lines.peek().is_none() {
            let Last { checkpoint } = exact(line).ok_or(at(seq, Fault::Checkpoint))?;
            let fits = checkpoint.is_signed_by(key)
                && checkpoint.size == seq
                && checkpoint.last == verifier.head().last
                && checkpoint.root == tree.root();
            let projection = verifier.projection().clone();
            return fits
                .then_some((projection, checkpoint))
                .ok_or(at(seq, Fault::Checkpoint));
        }
        let entry: Entry = exact(line).ok_or(at(seq, Fault::Form))?;
        verifier.next(&entry)?;
        tree.push(&entry.record).map_err(|_| at(seq, Fault::Form))?;
    }
    Err(at(0, Fault::Checkpoint))
}

/// Reads a line that is written in its one form.
fn exact<T: Serialize + for<'de> Deserialize<'de>>(line: &[u8]) -> Option<T> {
    let value: T = json::parse_as(line).ok()?;
    (json::canonical(&value).ok()? == line).then_some(value)
}
