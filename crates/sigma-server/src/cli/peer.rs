//! `sigma peer`: who is known, and the exchange with them by hand.

mod calls;

use crate::{
    cli::{
        args::{Peer as Args, PeerCommand},
        exit::{Exit, Failure},
    },
    exchange::{
        Identity, key_path,
        peers::{self, Peer},
        proof, store_path,
    },
    settings::{Loaded, Settings},
};
use sigma_core::clock::{Clock as _, SystemClock};
use sigma_interop::RuntimeId;
use sigma_store::SqliteExchange;
use sigma_types::Timestamp;
use std::{
    collections::BTreeSet,
    io::{self, Write},
};

pub(crate) fn run(args: &Args, loaded: &Loaded) -> Result<Exit, Failure> {
    let mut settings = loaded.settings.clone();
    if let Some(store) = &args.store {
        settings.store.path.clone_from(store);
    }
    let desk = Desk::open(settings)?;
    let out = &mut io::stdout().lock();
    match &args.what {
        PeerCommand::Id => id(out, &desk.own)?,
        PeerCommand::Add {
            id,
            key_id,
            key,
            url,
            grant,
        } => {
            let peer = Peer {
                runtime_id: *id,
                key_id: key_id.clone(),
                public_key: *key,
                url: url.clone(),
                grants: grant.iter().copied().collect(),
                added_at: now(),
                met: None,
            };
            desk.add(&peer)?;
            writeln!(out, "{id} is trusted, with {}", grants(&peer))?;
        }
        PeerCommand::List => list(out, &desk)?,
        PeerCommand::Remove { peer } => {
            let peer = desk.find(peer)?.runtime_id;
            desk.store
                .remove_peer(&peer.to_string())
                .map_err(peers::PeerError::from)?;
            writeln!(
                out,
                "{peer} is trusted no longer, and what came from it is gone"
            )?;
        }
        PeerCommand::Token { runtime, path } => {
            let runtime = match (runtime.as_str(), runtime.parse()) {
                ("self", _) => desk.own.runtime_id(),
                (_, Ok(id)) => id,
                (start, Err(_)) => desk.find(start)?.runtime_id,
            };
            let token = proof::token(&desk.own, runtime, "GET", path, now());
            let token = token.map_err(|error| Failure::Asked(error.to_string()))?;
            writeln!(out, "{token}")?;
        }
        PeerCommand::Quarantine { place } => quarantine(out, &desk, *place)?,
        PeerCommand::Handshake { .. }
        | PeerCommand::Send { .. }
        | PeerCommand::Fetch { .. }
        | PeerCommand::Check { .. }
        | PeerCommand::Command { .. } => return calls::run(out, &desk, &args.what),
    }
    Ok(Exit::Fine)
}

/// What the commands work on.
struct Desk {
    settings: Settings,
    store: SqliteExchange,
    own: Identity,
}

impl Desk {
    fn open(settings: Settings) -> Result<Self, Failure> {
        let path = store_path(&settings).ok_or_else(|| {
            Failure::Asked(
                "there is no exchange: exchange.store is off, or sessions are kept in memory; name a file with \
                 --store or exchange.store"
                    .into(),
            )
        })?;
        let store =
            SqliteExchange::open(&path).map_err(crate::exchange::OpenExchangeError::from)?;
        let own = Identity::open_or_make(&key_path(&settings, &path))?;
        Ok(Self {
            settings,
            store,
            own,
        })
    }

    fn add(&self, peer: &Peer) -> Result<(), Failure> {
        if peer.runtime_id == self.own.runtime_id() {
            return Err(Failure::Asked(format!(
                "{} is this runtime itself",
                peer.runtime_id
            )));
        }
        if peer.runtime_id == RuntimeId::ANY {
            return Err(Failure::Asked(
                "the nil UUID names everybody, not a peer".into(),
            ));
        }
        Ok(peers::put(&self.store, peer)?)
    }

    /// The one peer whose UUID begins so.
    fn find(&self, start: &str) -> Result<Peer, Failure> {
        let all = peers::all(&self.store)?;
        let start = start.to_ascii_lowercase();
        let mut found = all
            .into_iter()
            .filter(|peer| peer.runtime_id.to_string().starts_with(&start));
        match (found.next(), found.next()) {
            (Some(peer), None) => Ok(peer),
            (Some(_), Some(_)) => Err(Failure::Asked(format!(
                "several peers begin with {start:?}; write more of the UUID"
            ))),
            (None, _) => Err(Failure::Asked(format!(
                "no peer begins with {start:?}; `sigma peer list` shows all"
            ))),
        }
    }
}

fn now() -> Timestamp {
    SystemClock::default().now()
}

fn grants(peer: &Peer) -> String {
    let names: BTreeSet<_> = peer.grants.iter().map(|grant| grant.name()).collect();
    match names.len() {
        0 => "no grant".into(),
        _ => names.into_iter().collect::<Vec<_>>().join(", "),
    }
}

fn id(out: &mut impl Write, own: &Identity) -> io::Result<()> {
    let (id, key_id, key) = (own.runtime_id(), own.key_id(), own.public());
    writeln!(out, "runtime  {id}\nkey id   {key_id}\nkey      {key}\n")?;
    writeln!(
        out,
        "another operator adds it with\n  sigma peer add {id} --key-id {key_id} --key {key}"
    )
}

fn list(out: &mut impl Write, desk: &Desk) -> Result<(), Failure> {
    writeln!(out, "this runtime is {}", desk.own.runtime_id())?;
    let all = peers::all(&desk.store)?;
    if all.is_empty() {
        writeln!(
            out,
            "it knows no other; `sigma peer handshake URL --trust` makes one known"
        )?;
    }
    for peer in &all {
        let id = peer.runtime_id;
        writeln!(out, "\n{id}\n  key     {} {}", peer.key_id, peer.public_key)?;
        writeln!(out, "  grants  {}", grants(peer))?;
        writeln!(out, "  url     {}", peer.url.as_deref().unwrap_or("none"))?;
        match &peer.met {
            None => writeln!(out, "  met     never")?,
            Some(met) => {
                let version = met.negotiation.protocol_version;
                let version =
                    version.map_or(String::new(), |version| format!(", version {version}"));
                let outcome = serde_json::json!(met.negotiation.outcome);
                let outcome = outcome.as_str().unwrap_or_default();
                writeln!(out, "  met     {}, {outcome} exchange{version}", met.at)?;
            }
        }
        for kind in ["state", "minimal", "frame", "sync"] {
            let told = desk.store.told(&id.to_string(), kind);
            if let Some((at, _)) = told.map_err(peers::PeerError::from)? {
                let at = Timestamp::from_millis(at).unwrap_or(Timestamp::EPOCH);
                writeln!(out, "  told    {kind}, {at}")?;
            }
        }
    }
    Ok(())
}

fn quarantine(out: &mut impl Write, desk: &Desk, place: Option<i64>) -> Result<(), Failure> {
    let failed = |error| Failure::from(peers::PeerError::from(error));
    if let Some(place) = place {
        let body = desk.store.quarantined_body(place).map_err(failed)?;
        let body = body.ok_or_else(|| {
            Failure::Asked(format!(
                "nothing lies at {place}; `sigma peer quarantine` lists what does"
            ))
        })?;
        writeln!(out, "{body}")?;
        return Ok(());
    }
    let all = desk.store.quarantined().map_err(failed)?;
    if all.is_empty() {
        writeln!(out, "nothing lies in quarantine")?;
    }
    for row in all {
        let at = Timestamp::from_millis(row.at).unwrap_or(Timestamp::EPOCH);
        writeln!(
            out,
            "{:>4}  {at}  {} bytes of {}\n      {}",
            row.place, row.bytes, row.runtime_id, row.checksum
        )?;
    }
    Ok(())
}
