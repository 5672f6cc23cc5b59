//! `sigma bind`: the five steps of IOH-01 from the peer's side, each shown.

use crate::{
    cli::{
        args::Bind,
        exit::{Exit, Failure},
    },
    interop::{
        KeyFile,
        client::{self, Client, Exchange},
        fetch::{FetchLimits, Fetcher, Namespaces as _, SystemResolver},
    },
};
use axum::{Router, http::header, routing::get};
use kiri_ioh::{
    address::{Address, Reach},
    digest::Digest,
    ids::BindToken,
    json,
    keys::PublicKey,
    moment::Moment,
    wire::{AnnounceRequest, Envelope},
};
use serde_json::Value;
use sigma_core::clock::{Clock as _, SystemClock};
use std::{
    io::{self, Write},
    sync::Arc,
};
use tokio::{net::TcpListener, runtime::Builder, task::JoinSet};

const PATH: &str = "/ns";

pub(crate) fn run(args: &Bind) -> Result<Exit, Failure> {
    // what the server would refuse is found before anything is bound
    let payload = json::parse(args.message.as_bytes())
        .map_err(|error| Failure::Asked(format!("--message: {error}")))?;
    if args.stay && args.key.is_none() {
        return Err(Failure::Asked(
            "--stay needs --key FILE: without a file the key is gone when the command ends, and nobody could \
             use or dissolve the binding"
                .into(),
        ));
    }
    let key = match &args.key {
        Some(path) => KeyFile::open_or_make(path, "peer")?,
        None => KeyFile::draw("peer")?,
    };
    let out = &mut io::stdout().lock();
    if args.descriptor {
        let descriptor = described(&announcement(args, String::new()), &key)?;
        writeln!(out, "{descriptor}")?;
        return Ok(Exit::Fine);
    }
    let executor = Builder::new_multi_thread().enable_all().build()?;
    executor.block_on(walk(out, args, &key, payload))
}

/// The five steps.
async fn walk(
    out: &mut impl Write,
    args: &Bind,
    key: &KeyFile,
    payload: Value,
) -> Result<Exit, Failure> {
    let client = Client::new(&args.url)?;
    let mut serving = JoinSet::new();
    let announced = if let Some(uri) = &args.namespace {
        announcement(args, uri.clone())
    } else {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let announced = announcement(args, format!("http://{}{PATH}", listener.local_addr()?));
        serving.spawn(serve(listener, described(&announced, key)?));
        let uri = &announced.namespace_uri;
        writeln!(out, "your descriptor is served at {uri} meanwhile\n")?;
        announced
    };
    let ledger = Ledger {
        client: &client,
        key: client.key().await?,
    };

    let opened = client.announce(&announced).await?;
    step(out, 1, "ANNOUNCE", &opened.exchange)?;
    let opened = opened.answer;
    let negotiation = opened.negotiation_id.clone();
    ledger
        .show(out, &format!("kiri:interop/{negotiation}"))
        .await?;

    let offered = client.negotiate(&negotiation).await?;
    step(out, 2, "NEGOTIATE", &offered.exchange)?;
    let offered = offered.answer;
    ledger
        .show(out, &format!("kiri:interop/{negotiation}#negotiated"))
        .await?;
    let registry = client.registry().await?.answer;
    let descriptor = published(&announced.namespace_uri).await?;
    let own = client::rebuild_offer(&announced, &opened, &offered, &registry, &descriptor);
    let own = own.map_err(client::ClientError::from)?;
    same_offer(out, own, offered.binding_offer_hash)?;

    let bound = client
        .bind(&negotiation, &offered.binding_offer_hash, key)
        .await?;
    step(out, 3, "BIND", &bound.exchange)?;
    let token = bound.answer.bind_token;
    ledger.show(out, &bound.answer.ledger_entry).await?;

    let envelope = Envelope {
        schema_id: args.schema.clone(),
        version: args.schema_version.clone(),
        id: "m-1".into(),
        payload,
    };
    if let Err(failure) = operate(out, &ledger, &token, &envelope, key).await {
        if !args.stay {
            undo(out, &client, &token, key).await?;
        }
        return Err(failure);
    }
    end(out, args, &ledger, &token, key).await
}

async fn operate(
    out: &mut impl Write,
    ledger: &Ledger<'_>,
    token: &BindToken,
    envelope: &Envelope,
    key: &KeyFile,
) -> Result<(), Failure> {
    let accepted = ledger.client.operate(token, envelope, key, now()).await?;
    step(out, 4, "OPERATE (signed)", &accepted.exchange)?;
    ledger.show(out, &accepted.answer.ledger_entry).await
}

/// Leaves no binding behind that nobody uses; why it came to that is told afterwards.
async fn undo(
    out: &mut impl Write,
    client: &Client,
    token: &BindToken,
    key: &KeyFile,
) -> Result<(), Failure> {
    let reason = "the message was not taken";
    match client.dissolve(token, reason, key, now()).await {
        Ok(_) => writeln!(out, "{token} is dissolved, for {reason}")?,
        Err(error) => writeln!(
            out,
            "{token} stays bound, for it cannot be dissolved: {error}"
        )?,
    }
    Ok(())
}

async fn end(
    out: &mut impl Write,
    args: &Bind,
    ledger: &Ledger<'_>,
    token: &BindToken,
    key: &KeyFile,
) -> Result<Exit, Failure> {
    if args.stay {
        writeln!(
            out,
            "still bound as {token}; every request needs the key that signed"
        )?;
        return Ok(Exit::Fine);
    }
    let sealed = ledger
        .client
        .dissolve(token, "the walk is over", key, now())
        .await?;
    step(out, 5, "DISSOLVE (signed)", &sealed.exchange)?;
    ledger.show(out, &sealed.answer.ledger_entry).await?;
    writeln!(
        out,
        "five steps, all in the ledger; {token} is sealed for good"
    )?;
    Ok(Exit::Fine)
}

/// The server's ledger, and the key that it says it is signed with.
struct Ledger<'a> {
    client: &'a Client,
    key: PublicKey,
}

impl Ledger<'_> {
    /// Shows that the entry stands in the ledger, having seen the proof.
    async fn show(&self, out: &mut impl Write, entry: &str) -> Result<(), Failure> {
        let proven = self.client.entry(entry).await?;
        let broken = |why: &str| Failure::Broken {
            what: entry.to_owned(),
            why: why.to_owned(),
        };
        proven
            .verify(&self.key)
            .map_err(|error| broken(&error.to_string()))?;
        let record = &proven.entry.record;
        if record.entry_id != entry {
            return Err(broken("the server showed another entry"));
        }
        let (seq, hash, size) = (record.seq, &record.entry_hash, proven.checkpoint.size);
        writeln!(
            out,
            "  ledger    {entry}\n            entry {seq} of {size}, {hash}, inclusion proved\n"
        )?;
        Ok(())
    }
}

fn step(out: &mut impl Write, number: u8, name: &str, exchange: &Exchange) -> io::Result<()> {
    let Exchange {
        method,
        target,
        sent,
        status,
        received,
    } = exchange;
    writeln!(
        out,
        "{number}  {name}\n  sent      {method} {target}\n            {sent}"
    )?;
    writeln!(out, "  received  {status}\n            {received}")
}

fn same_offer(out: &mut impl Write, own: Digest, theirs: Digest) -> Result<(), Failure> {
    if own != theirs {
        return Err(Failure::Broken {
            what: "the offer".into(),
            why: format!(
                "the server says {theirs}, and what it offered makes {own}; nothing was signed"
            ),
        });
    }
    writeln!(
        out,
        "  the offer was rebuilt and is the one that the server hashed\n"
    )?;
    Ok(())
}

fn announcement(args: &Bind, namespace_uri: String) -> AnnounceRequest {
    AnnounceRequest {
        schema_id: args.schema.clone(),
        namespace_uri,
        version: args.schema_version.clone(),
        contact: args.contact.clone(),
    }
}

fn described(announced: &AnnounceRequest, key: &KeyFile) -> Result<String, Failure> {
    let descriptor = client::descriptor(announced, key).map_err(client::ClientError::from)?;
    Ok(descriptor.to_string())
}

/// Our own descriptor, as the server finds it too.
async fn published(uri: &str) -> Result<Vec<u8>, Failure> {
    let asked = |why: &dyn std::fmt::Display| Failure::Asked(format!("--namespace {uri}: {why}"));
    let address = Address::parse(uri, Reach::Loopback).map_err(|error| asked(&error))?;
    let resolver = Arc::new(SystemResolver::default());
    let fetcher = Fetcher::new(resolver, FetchLimits::STANDARD, &[]).map_err(|why| asked(&why))?;
    let fetched = fetcher.fetch(&address).await;
    fetched
        .map(|fetched| fetched.body)
        .map_err(|error| asked(&error))
}

async fn serve(listener: TcpListener, descriptor: String) {
    let media = [(header::CONTENT_TYPE, "application/ld+json")];
    let app = Router::new().route(PATH, get(async move || (media, descriptor)));
    drop(axum::serve(listener, app).await);
}

fn now() -> Moment {
    Moment::from_millis(SystemClock::default().now().millis()).unwrap_or(Moment::EPOCH)
}
