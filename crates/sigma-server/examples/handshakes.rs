//! Many handshakes at once over real sockets: how long they take, and what the ledger's durability costs
//! beside what the file can do at best.
//!
//! `cargo run --release -p sigma-server --example handshakes [HANDSHAKES] [SOCKETS] [FOLDER]`

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use axum::{Router, http::header, routing::get};
use kiri_ioh::{
    address::Reach,
    gateway::{Gateway, Settings},
    ledger::{LedgerKey, PrivateText},
    moment::Moment,
    store::{Store as _, StoreError},
    translation::{Row, Translations},
    wire::{AnnounceRequest, Envelope},
};
use sigma_core::clock::{Clock as _, SystemClock};
use sigma_server::interop::{
    self, FileGovernance, Interop, KeyFile, Options,
    client::{self, Client, ClientError},
    fetch::{FetchLimits, Fetcher, SystemResolver},
};
use sigma_store::SqliteLedger;
use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Times of the five phases.
type Times = [Duration; 5];

const PHASES: [&str; 5] = ["announce", "negotiate", "bind", "operate", "dissolve"];

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut args = std::env::args().skip(1);
    let mut number = |usual: usize| args.next().map_or(Ok(usual), |text| text.parse());
    let (handshakes, sockets) = (number(1000)?, number(1000)?);
    let folder = match args.next() {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let path = folder.path().join("interop.db");
    let best = best_rate(&folder.path().join("empty.db"), 5 * handshakes)?;
    let (client, world) = server(&path).await?;
    let begun = Instant::now();
    let mut times = run(client, handshakes, sockets).await?;
    let took = begun.elapsed();

    let audit = world
        .gateway()
        .store()
        .audit(world.gateway().key().public())?;
    let sealed = audit.projection.handshakes().values();
    let sealed = sealed.filter(|stored| stored.sealing.is_some()).count();
    println!("{handshakes} handshakes at once, {sockets} sockets at once, in {took:.2?}");
    println!(
        "  lost {}, doubled {}",
        handshakes.saturating_sub(sealed),
        sealed.saturating_sub(handshakes)
    );
    let rate = audit.head.size as f64 / took.as_secs_f64();
    println!(
        "  {} ledger entries, each a durable commit: {rate:.0}/s",
        audit.head.size
    );
    println!("  bare commits to such a file, one after another, before: {best:.0}/s");
    println!("{:>12} {:>12} {:>12}", "", "median", "p99");
    let whole: Vec<_> = times.iter().map(|times| times.iter().sum()).collect();
    for (phase, name) in PHASES.iter().enumerate() {
        tell(name, times.iter_mut().map(|times| times[phase]).collect());
    }
    tell("handshake", whole);
    Ok(())
}

fn tell(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{name:>12} {:>12.1?} {:>12.1?}", at(0.5), at(0.99));
}

/// The file's own commit rate: one short text a transaction, from one thread.
fn best_rate(path: &Path, commits: usize) -> Outcome<f64> {
    let store = SqliteLedger::open(path)?;
    let begun = Instant::now();
    for n in 0..commits {
        let mut salt = [0; 20];
        salt[..8].copy_from_slice(&n.to_be_bytes());
        let text = PrivateText::new("ops@foo.example", &salt);
        let commitment = text.commitment()?;
        let kept: Result<(), StoreError> = store.transact(|tx| tx.keep_text(&commitment, &text));
        kept?;
    }
    Ok(commits as f64 / begun.elapsed().as_secs_f64())
}

async fn server(path: &Path) -> Outcome<(Client, Arc<Interop>)> {
    let rows = vec![Row {
        from: "ext:*".into(),
        to: "kiri:agent.v1".parse()?,
    }];
    let settings = Settings {
        translations: Translations::new(rows),
        reach: Reach::Loopback,
        ..Settings::default()
    };
    let key = LedgerKey::from_seed("runtime-1", &[1; 32])?;
    let gateway = Gateway::new(
        SqliteLedger::open(path)?,
        FileGovernance::none(),
        settings,
        key,
    );
    let limits = FetchLimits {
        time: Duration::from_secs(60),
        ..FetchLimits::STANDARD
    };
    let fetcher = Fetcher::new(Arc::new(SystemResolver::default()), limits, &[])?;
    let clock = Arc::new(SystemClock::default());
    let world = Interop::new(gateway, Arc::new(fetcher), clock, Options::default());
    let world = Arc::new(world);
    let url = serve(interop::router(&world)).await?;
    Ok((Client::new(&url)?, world))
}

async fn serve(routes: Router) -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(url)
}

async fn run(client: Client, handshakes: usize, sockets: usize) -> Outcome<Vec<Times>> {
    let key = Arc::new(KeyFile::draw("peer")?);
    let mut announced = AnnounceRequest {
        schema_id: "ext:foo/v2".parse()?,
        namespace_uri: String::new(),
        version: "2.1.0".parse()?,
        contact: "ops@foo.example".into(),
    };
    let descriptor = client::descriptor(&announced, &key)?.to_string();
    let media = [(header::CONTENT_TYPE, "application/ld+json")];
    let namespace =
        serve(Router::new().route("/ns", get(async move || (media, descriptor)))).await?;
    announced.namespace_uri = format!("{namespace}/ns");
    let sockets = Arc::new(Semaphore::new(sockets));
    let mut running = JoinSet::new();
    for n in 0..handshakes {
        let (client, announced) = (client.clone(), announced.clone());
        let (key, sockets) = (Arc::clone(&key), Arc::clone(&sockets));
        running.spawn(async move { walk(n, &client, &announced, &key, &sockets).await });
    }
    let mut times = Vec::with_capacity(handshakes);
    while let Some(done) = running.join_next().await {
        times.push(done??);
    }
    Ok(times)
}

async fn walk(
    n: usize,
    client: &Client,
    announced: &AnnounceRequest,
    key: &KeyFile,
    sockets: &Semaphore,
) -> Outcome<Times> {
    let mut times = Times::default();
    let opened = timed(&mut times[0], sockets, client.announce(announced)).await?;
    let id = opened.answer.negotiation_id;
    let offered = timed(&mut times[1], sockets, client.negotiate(&id)).await?;
    let offer = offered.answer.binding_offer_hash;
    let bound = timed(&mut times[2], sockets, client.bind(&id, &offer, key)).await?;
    let token = bound.answer.bind_token;
    let envelope = Envelope {
        schema_id: announced.schema_id.clone(),
        version: announced.version.clone(),
        id: format!("m-{n}"),
        payload: n.into(),
    };
    let operate = client.operate(&token, &envelope, key, now()?);
    timed(&mut times[3], sockets, operate).await?;
    let dissolve = client.dissolve(&token, "done", key, now()?);
    timed(&mut times[4], sockets, dissolve).await?;
    Ok(times)
}

async fn timed<T>(
    took: &mut Duration,
    sockets: &Semaphore,
    call: impl Future<Output = Result<T, ClientError>>,
) -> Outcome<T> {
    let _socket = sockets.acquire().await?;
    let begun = Instant::now();
    let answer = call.await?;
    *took = begun.elapsed();
    Ok(answer)
}

fn now() -> Outcome<Moment> {
    Ok(Moment::from_millis(SystemClock::default().now().millis())?)
}
