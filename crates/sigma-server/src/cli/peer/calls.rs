//! The commands that ask another runtime.

use super::{Desk, grants, now};
use crate::{
    assemble,
    cli::{
        args::{Asked, Fetched, PeerCommand},
        exit::{Exit, Failure},
    },
    exchange::{
        Exchange, OpenExchangeError,
        client::{Answer, Client},
        open,
        peers::{self, Grant, Peer},
        trace::{self, Came},
    },
};
use sigma_core::clock::SystemClock;
use sigma_interop::{
    Capabilities, CauseId, CommandBody, CommandKind, FieldState, Format, Header, Label,
    MemoryShare, Message, MinimalState, Open, Outcome, Payload, PhaseReport, PublicKey,
    TokenAlgorithm, rules::SRIP_05,
};
use sigma_types::SessionId;
use std::{fs, io::Write, path::Path, sync::Arc};
use tokio::runtime::Builder;

pub(super) fn run(out: &mut impl Write, desk: &Desk, what: &PeerCommand) -> Result<Exit, Failure> {
    let executor = Builder::new_multi_thread().enable_all().build()?;
    executor.block_on(async {
        match what {
            PeerCommand::Handshake {
                url,
                trust,
                expect,
                grant,
            } => handshake(out, desk, url, *trust, *expect, grant).await,
            PeerCommand::Send {
                peer,
                session,
                memory,
            } => send(out, desk, peer, session.as_deref(), *memory).await,
            PeerCommand::Fetch {
                peer,
                what,
                session,
                count,
            } => fetch(out, desk, peer, *what, session.as_deref(), *count).await,
            PeerCommand::Check { url, trace } => check(out, desk, url, trace.as_deref()).await,
            PeerCommand::Command {
                peer,
                what,
                revert,
                session,
            } => command(out, desk, peer, *what, *revert, session.as_deref()).await,
            _ => Ok(Exit::Fine),
        }
    })
}

async fn handshake(
    out: &mut impl Write,
    desk: &Desk,
    url: &str,
    trust: bool,
    expect: Option<PublicKey>,
    grant: &[Grant],
) -> Result<Exit, Failure> {
    let client = Client::new(url)?;
    let own = &desk.own;
    let mut ours = Capabilities::of_this_crate(own.runtime_id(), vec![own.published()], &SRIP_05);
    ours.tokens = vec![Open::Known(TokenAlgorithm::Ed25519)];
    ours.emit_every = desk.settings.exchange.federate_cycles.max(1);
    let answer = client.handshake(own, ours.clone(), now()).await?;
    let key_id = answer.key_id().clone();
    let reply = &answer.message().payload;
    let id = reply.capabilities.runtime_id;
    let mut keys = reply.capabilities.keys.iter();
    let key = keys
        .find(|key| key.key_id == key_id)
        .map(|key| key.public_key)
        .ok_or_else(|| Failure::Asked("the runtime publishes no key of its own".into()))?;
    writeln!(out, "runtime  {id}\nkey      {key_id} {key}")?;
    let negotiation = &reply.negotiation;
    let outcome = serde_json::json!(negotiation.outcome);
    let outcome = outcome.as_str().unwrap_or_default();
    match negotiation.protocol_version {
        Some(version) => writeln!(out, "settled  {outcome} exchange in version {version}")?,
        None => writeln!(out, "settled  {outcome}")?,
    }
    for reason in &negotiation.reasons {
        let reason = serde_json::json!(reason);
        writeln!(out, "because  {}", reason.as_str().unwrap_or_default())?;
    }
    if expect.is_some_and(|expect| expect != key) {
        return Err(Failure::Broken {
            what: url.into(),
            why: "it shows another key than the one that was expected; nothing was changed".into(),
        });
    }
    let known = peers::find(&desk.store, id)?;
    if let Some(known) = &known
        && known.public_key != key
        && !trust
    {
        return Err(Failure::Broken {
            what: url.into(),
            why: "it shows another key than the one that is known; nothing was changed".into(),
        });
    }
    let record = negotiation.record(now(), id, &ours, &reply.capabilities);
    match (known, trust) {
        (None, false) => writeln!(out, "it is no peer yet; --trust makes it one")?,
        (known, _) => {
            let mut peer = known.unwrap_or_else(|| Peer {
                runtime_id: id,
                key_id: key_id.clone(),
                public_key: key,
                url: None,
                grants: grant.iter().copied().collect(),
                added_at: now(),
                met: None,
            });
            if trust {
                (peer.key_id, peer.public_key) = (key_id, key);
                peer.grants = grant.iter().copied().collect();
            }
            peer.url = Some(client.url().to_owned());
            peer.met = Some(record);
            desk.add(&peer)?;
            writeln!(out, "it is a peer, with {}", grants(&peer))?;
        }
    }
    Ok(match negotiation.outcome {
        Outcome::Rejected => Exit::Unavailable,
        _ => Exit::Fine,
    })
}

/// The peer with its address.
fn reached(desk: &Desk, start: &str) -> Result<(Peer, Client), Failure> {
    let peer = desk.find(start)?;
    let Some(url) = &peer.url else {
        return Err(Failure::Asked(format!(
            "{} has no address; add it anew with --url",
            peer.runtime_id
        )));
    };
    let client = Client::new(url)?;
    Ok((peer, client))
}

async fn send(
    out: &mut impl Write,
    desk: &Desk,
    start: &str,
    session: Option<&str>,
    memory: bool,
) -> Result<Exit, Failure> {
    let (peer, client) = reached(desk, start)?;
    let exchange = local(desk).await?;
    let session = session.map(SessionId::new).transpose()?;
    let answer = if memory {
        let sealed = exchange.memory_for(session.as_ref(), &peer).await;
        let sealed = sealed.map_err(Failure::KeptBack)?;
        client.push("PUT", "/memory/snapshot", &sealed).await?
    } else {
        let told = exchange.state_for(session.as_ref(), &peer).await;
        let told = told.map_err(Failure::KeptBack)?.to_bytes(Format::Json);
        client.push_bytes("POST", "/field/state", told).await?
    };
    writeln!(out, "{}", String::from_utf8_lossy(&answer.body))?;
    Ok(Exit::Fine)
}

/// The exchange over this runtime's own sessions.
async fn local(desk: &Desk) -> Result<Exchange, Failure> {
    let runtime = Arc::new(assemble::runtime(&desk.settings).await?);
    let exchange = open(&desk.settings, runtime, Arc::new(SystemClock::default()))?;
    exchange.ok_or_else(|| OpenExchangeError::Tls("there is no exchange".into()).into())
}

fn with_session(path: &str, session: Option<&str>) -> String {
    match session {
        Some(session) => {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("session", session)
                .finish();
            format!("{path}?{query}")
        }
        None => path.to_owned(),
    }
}

async fn fetch(
    out: &mut impl Write,
    desk: &Desk,
    start: &str,
    what: Fetched,
    session: Option<&str>,
    count: usize,
) -> Result<Exit, Failure> {
    let (peer, client) = reached(desk, start)?;
    let path = match what {
        Fetched::State => "/field/state",
        Fetched::Phase => "/phase/state",
        Fetched::Memory => "/memory/snapshot",
        Fetched::Safety => "/aegida/safety",
        Fetched::Telemetry => "/phase/telemetry",
    };
    let target = with_session(path, session);
    if what == Fetched::Telemetry {
        return listen(out, desk, &peer, &client, &target, count).await;
    }
    let answer = client
        .fetch(&desk.own, peer.runtime_id, &target, now())
        .await?;
    match what {
        Fetched::State if answer.is_minimal() => {
            verified::<MinimalState>(out, desk, &peer, &answer)?;
        }
        Fetched::State => verified::<FieldState>(out, desk, &peer, &answer)?,
        Fetched::Phase => verified::<PhaseReport>(out, desk, &peer, &answer)?,
        Fetched::Memory => verified::<MemoryShare>(out, desk, &peer, &answer)?,
        Fetched::Safety | Fetched::Telemetry => {
            writeln!(out, "{}", String::from_utf8_lossy(&answer.body))?;
        }
    }
    Ok(Exit::Fine)
}

/// Prints a message whose seals hold.
fn verified<P: Payload>(
    out: &mut impl Write,
    desk: &Desk,
    peer: &Peer,
    answer: &Answer,
) -> Result<(), Failure> {
    let us = desk.own.runtime_id();
    let message = answer.verified::<P>(us, peer, now())?;
    let text = String::from_utf8_lossy(&message.to_bytes(Format::Json)).into_owned();
    writeln!(out, "{text}")?;
    Ok(())
}

async fn listen(
    out: &mut impl Write,
    desk: &Desk,
    peer: &Peer,
    client: &Client,
    target: &str,
    count: usize,
) -> Result<Exit, Failure> {
    let mut left = count;
    let mut broken = None;
    let heard = client.listen(&desk.own, peer.runtime_id, target, now(), |event| {
        let line = writeln!(out, "{} {} {}", event.id, event.name, event.data);
        broken = line.err();
        left = left.saturating_sub(1);
        left == 0 || broken.is_some()
    });
    heard.await?;
    match broken {
        Some(error) => Err(error.into()),
        None => Ok(Exit::Fine),
    }
}

async fn command(
    out: &mut impl Write,
    desk: &Desk,
    start: &str,
    what: Asked,
    revert: Option<CauseId>,
    session: Option<&str>,
) -> Result<Exit, Failure> {
    let (peer, client) = reached(desk, start)?;
    let (kind, path) = match what {
        Asked::Sync => (CommandKind::Sync, "/phase/sync"),
        Asked::Lock => (CommandKind::Lock, "/phase/lock"),
        Asked::Recenter => (CommandKind::Recenter, "/phase/recenter"),
    };
    let us = desk.own.runtime_id();
    // counts upwards from one command to the next without being kept
    let sequence = u64::try_from(now().millis()).unwrap_or(0);
    let reason: Option<Label> = "by the operator's hand".parse().ok();
    let body = CommandBody {
        command: if revert.is_some() {
            CommandKind::Revert
        } else {
            kind
        },
        cause_id: CauseId::derive(us, sequence, None),
        sequence,
        parent: None,
        reverts: revert,
        reason,
        session: session.map(SessionId::new).transpose()?,
    };
    let header = Header::new(us, peer.runtime_id, now());
    // an operator's word tells nothing of a session: no gate holds it back
    let cleared = crate::exchange::word_of_the_operator(Message::new(header, body));
    let cleared = cleared.map_err(Failure::KeptBack)?;
    let sealed = desk.own.sealer().seal(cleared);
    let sealed = sealed.map_err(crate::exchange::client::ClientError::from)?;
    let answer = client.push("POST", path, &sealed).await?;
    writeln!(out, "{}", String::from_utf8_lossy(&answer.body))?;
    Ok(Exit::Fine)
}

async fn check(
    out: &mut impl Write,
    desk: &Desk,
    url: &str,
    file: Option<&Path>,
) -> Result<Exit, Failure> {
    let text = match file {
        None => trace::SRIP_05.to_owned(),
        Some(file) => fs::read_to_string(file).map_err(|source| Failure::File {
            file: file.into(),
            source,
        })?,
    };
    let steps = trace::read(&text).map_err(|why| Failure::Broken {
        what: "the trace".into(),
        why,
    })?;
    let client = Client::new(url)?;
    let came = trace::run(&client, &desk.own, &steps, now).await?;
    let mut counts = [0; 3];
    for (name, came) in &came {
        let (place, word) = match came {
            Came::As => (0, "ok".to_owned()),
            Came::Skipped => (1, "skipped: the runtime does not know us".to_owned()),
            Came::Otherwise(why) => (2, format!("FAILED: {why}")),
        };
        counts[place] += 1;
        writeln!(out, "{name} ... {word}")?;
    }
    let [passed, skipped, failed] = counts;
    writeln!(out, "\n{passed} passed, {skipped} skipped, {failed} failed")?;
    Ok(if failed == 0 { Exit::Fine } else { Exit::Data })
}
