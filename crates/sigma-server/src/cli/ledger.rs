//! `sigma ledger`.

use crate::{
    cli::{
        args::{ErasedText, Ledger, LedgerCommand},
        exit::{Exit, Failure},
        terminal,
    },
    interop::{self, FileGovernance},
    settings::{Loaded, Settings},
};
use kiri_ioh::{
    gateway::{self, Erased, Gateway},
    ids::NegotiationId,
    json,
    keys::{KeySet, PublicKey},
    ledger::{self, Apart, Entry, Kind, LedgerKey, Projection},
    moment::Moment,
    store::Store as _,
};
use serde_json::Value;
use sigma_core::clock::{Clock as _, SystemClock};
use sigma_store::SqliteLedger;
use std::{
    collections::BTreeMap,
    error::Error as _,
    fs,
    io::{self, Write},
    path::Path,
};

/// Entries that are read at once.
const PAGE: usize = 1000;
/// How every SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

pub(crate) fn run(args: &Ledger, loaded: &Loaded) -> Result<Exit, Failure> {
    let mut settings = loaded.settings.clone();
    if let Some(path) = &args.ledger {
        settings.interop.ledger = path.display().to_string();
    }
    let place = || {
        let path = interop::ledger_path(&settings);
        path.ok_or_else(|| Failure::Asked("no ledger is kept; name one with --ledger".into()))
    };
    let key = |path: &Path| Ok::<_, Failure>(interop::ledger_key(&settings.interop, path)?);
    let out = &mut io::stdout().lock();
    match &args.what {
        LedgerCommand::Verify {
            export: Some(export),
            key: named,
        } => {
            let bytes = read(export)?;
            if bytes.starts_with(SQLITE) {
                let store = opened(export)?;
                let trusted = trusted(&settings, export, named.as_deref())?;
                return verify_file(out, &store, &trusted);
            }
            if !ledger::is_export(&bytes) {
                return Err(Failure::NoLedger(export.clone()));
            }
            let trusted = match named {
                Some(file) => public_key(file)?,
                None => trusted(&settings, &place()?, None)?,
            };
            verify_export(out, export, &bytes, &trusted)
        }
        LedgerCommand::Verify {
            export: None,
            key: named,
        } => {
            let path = place()?;
            let store = opened(&path)?;
            let trusted = trusted(&settings, &path, named.as_deref())?;
            verify_file(out, &store, &trusted)
        }
        LedgerCommand::Show { which } => show(out, &opened(&place()?)?, which.as_deref()),
        LedgerCommand::Export { out: file } => {
            let path = place()?;
            export(out, &opened(&path)?, &key(&path)?, file.as_deref())
        }
        LedgerCommand::Erase { negotiation, what } => {
            let path = place()?;
            erase(out, opened(&path)?, key(&path)?, negotiation, *what)
        }
    }
}

/// The key that a ledger is verified with: the one that is named, or that of the ledger's key file.
fn trusted(settings: &Settings, ledger: &Path, named: Option<&Path>) -> Result<PublicKey, Failure> {
    let Some(file) = named else {
        let key = interop::ledger_key(&settings.interop, ledger);
        let key = key.map_err(|error| {
            Failure::Asked(format!("no key to trust: {error}; name it with --key"))
        })?;
        return Ok(key.public().clone());
    };
    public_key(file)
}

/// The ledger's file, which has to be there.
fn opened(path: &Path) -> Result<SqliteLedger, Failure> {
    fs::metadata(path).map_err(|source| Failure::File {
        file: path.to_owned(),
        source,
    })?;
    Ok(SqliteLedger::open_existing(path).map_err(interop::OpenInteropError::from)?)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::File {
        file: path.to_owned(),
        source,
    })
}

/// A JWK, or the only key of a JWK set.
fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let wrong = || Failure::Asked(format!("{}: not one public JSON Web Key", path.display()));
    let value = json::parse(&read(path)?).map_err(|_| wrong())?;
    if value.get("keys").is_none() {
        return serde_json::from_value(value).map_err(|_| wrong());
    }
    let kid = value["keys"][0]["kid"].as_str().unwrap_or_default();
    let single = value["keys"].as_array().is_some_and(|keys| keys.len() == 1);
    let keys = KeySet::parse(&value).map_err(|_| wrong())?;
    keys.find(kid).filter(|_| single).cloned().ok_or_else(wrong)
}

fn verify_export(
    out: &mut impl Write,
    path: &Path,
    file: &[u8],
    key: &PublicKey,
) -> Result<Exit, Failure> {
    let (projection, checkpoint) =
        ledger::verify_export(file, key).map_err(|why| broken(path, &why))?;
    whole(
        out,
        &projection,
        checkpoint.size,
        &checkpoint.last.to_string(),
        key,
    )
}

fn verify_file(
    out: &mut impl Write,
    store: &SqliteLedger,
    key: &PublicKey,
) -> Result<Exit, Failure> {
    let audit = store.audit(key).map_err(|why| broken(store.path(), &why))?;
    let last = audit.head.last.to_string();
    whole(out, &audit.projection, audit.head.size, &last, key)
}

fn broken(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Broken {
        what: path.display().to_string(),
        why: why.to_string(),
    }
}

fn whole(
    out: &mut impl Write,
    projection: &Projection,
    size: u64,
    last: &str,
    key: &PublicKey,
) -> Result<Exit, Failure> {
    let mut phases: BTreeMap<&str, usize> = BTreeMap::new();
    for stored in projection.handshakes().values() {
        let phase = match (&stored.terms, &stored.binding, &stored.sealing) {
            (_, _, Some(_)) => "sealed",
            (_, Some(_), None) => "bound",
            (Some(_), None, None) => "negotiated",
            (None, None, None) => "announced",
        };
        *phases.entry(phase).or_default() += 1;
    }
    let handshakes = projection.handshakes().len();
    writeln!(
        out,
        "whole: {size} entries of {handshakes} handshakes, signed by {}",
        key.kid()
    )?;
    for (phase, count) in phases {
        writeln!(out, "  {phase}: {count}")?;
    }
    writeln!(out, "  last entry: {last}")?;
    Ok(Exit::Fine)
}

fn pages(
    store: &SqliteLedger,
    mut each: impl FnMut(Entry) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut from = 0;
    loop {
        let entries = store
            .entries(from, PAGE)
            .map_err(interop::OpenInteropError::from)?;
        let read = entries.len();
        from += read as u64;
        for entry in entries {
            each(entry)?;
        }
        if read < PAGE {
            return Ok(());
        }
    }
}

fn show(out: &mut impl Write, store: &SqliteLedger, which: Option<&str>) -> Result<Exit, Failure> {
    let mut found = false;
    // a binding's entries begin under the name of its negotiation
    let about = which.map(|which| related(store, which)).transpose()?;
    pages(store, |entry| {
        let record = &entry.record;
        match (&about, which) {
            (None, _) => {
                let kind = kind(record.kind);
                let Record {
                    seq,
                    at,
                    entry_id,
                    actor,
                } = Record::of(&entry);
                writeln!(out, "{seq:>6}  {at}  {kind:<10}  {entry_id}  {actor}")?;
            }
            (Some(about), which) => {
                let named = Some(record.entry_id.as_str()) == which;
                if !named && Some(&record.negotiation_id) != about.as_ref() {
                    return Ok(());
                }
                let text = serde_json::to_string_pretty(&entry).unwrap_or_default();
                writeln!(out, "{text}")?;
            }
        }
        found = true;
        Ok(())
    })?;
    match which {
        Some(which) if !found => Err(Failure::Asked(format!(
            "the ledger has nothing of {which:?}"
        ))),
        _ => Ok(Exit::Fine),
    }
}

/// What a line of the list shows.
struct Record<'a> {
    seq: u64,
    at: Moment,
    entry_id: &'a str,
    actor: &'a str,
}

impl<'a> Record<'a> {
    fn of(entry: &'a Entry) -> Self {
        let record = &entry.record;
        Self {
            seq: record.seq,
            at: record.at,
            entry_id: &record.entry_id,
            actor: &record.actor,
        }
    }
}

/// The negotiation that a name is about, where it is one's or a binding's.
fn related(store: &SqliteLedger, which: &str) -> Result<Option<NegotiationId>, Failure> {
    if let Ok(id) = which.parse::<NegotiationId>() {
        return Ok(Some(id));
    }
    let Ok(token) = which.parse() else {
        return Ok(None);
    };
    let stored = store
        .handshake_of(&token)
        .map_err(interop::OpenInteropError::from)?;
    Ok(stored.map(|stored| stored.opening.negotiation_id))
}

fn kind(kind: Kind) -> String {
    match serde_json::to_value(kind) {
        Ok(Value::String(name)) => name,
        _ => String::new(),
    }
}

fn now() -> Moment {
    Moment::from_millis(SystemClock::default().now().millis()).unwrap_or(Moment::EPOCH)
}

fn export(
    out: &mut impl Write,
    store: &SqliteLedger,
    key: &LedgerKey,
    file: Option<&Path>,
) -> Result<Exit, Failure> {
    let mut entries = Vec::new();
    pages(store, |entry| {
        entries.push(entry);
        Ok(())
    })?;
    let bytes =
        ledger::export(&entries, key, now()).map_err(|error| Failure::Ledger(error.to_string()))?;
    match file {
        None => out.write_all(&bytes)?,
        Some(file) => {
            fs::write(file, bytes).map_err(|source| Failure::File {
                file: file.to_owned(),
                source,
            })?;
            let count = entries.len();
            terminal::note(format_args!(
                "{count} entries and a checkpoint in {}",
                file.display()
            ));
        }
    }
    Ok(Exit::Fine)
}

fn erase(
    out: &mut impl Write,
    store: SqliteLedger,
    key: LedgerKey,
    id: &NegotiationId,
    what: ErasedText,
) -> Result<Exit, Failure> {
    let apart = match what {
        ErasedText::Contact => Apart::Contact,
        ErasedText::Reason => Apart::Reason,
    };
    let gateway = Gateway::new(
        store,
        FileGovernance::none(),
        gateway::Settings::default(),
        key,
    );
    let erased = gateway.erase(id, apart, now());
    let erased = erased.map_err(|denied| Failure::Asked(denied.to_string()))?;
    // an earlier call may have been kept from it
    gateway.store().empty_log().map_err(|error| {
        Failure::Ledger(format!(
            "the text is erased and still lies in the write-ahead log; stop what holds the file, and erase it \
             again: {}",
            error.source().map_or_else(|| error.to_string(), ToString::to_string)
        ))
    })?;
    match erased {
        Erased::Now => writeln!(out, "erased; the ledger says so and stays whole")?,
        Erased::Before => writeln!(out, "it was gone already")?,
    }
    Ok(Exit::Fine)
}
