//! Many listeners to telemetry at once over real sockets: what each costs the server in memory, how long an
//! event takes to each, whether each hears everything, and what becomes of those that take nothing.
//!
//! `cargo run --release -p sigma-server --example subscribers [LISTENERS] [CYCLES] [STALLED]`
//!
//! The server is a process of its own, so that its memory is its own. Loopback only.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use serde_json::json;
use sigma_core::{
    Runtime,
    clock::{Clock as _, SystemClock},
    embedding::LocalEmbeddings,
    model::OfflineResponder,
};
use sigma_interop::{EventDecoder, rules::SRIP_05};
use sigma_server::{
    exchange::{Exchange, Identity, Options, federation, router},
    interop::KeyFile,
    serve::{Service, router_of, serve_for},
    settings::{Hidden, Settings},
};
use sigma_store::SqliteExchange;
use sigma_text::BundledEmbedder;
use sigma_types::Timestamp;
use std::{
    error::Error,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Milliseconds that frames took.
type Delays = Arc<Mutex<Vec<i64>>>;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const KEY: &str = "the-operator";
const STALLED: Duration = Duration::from_secs(3);

fn main() -> Outcome<()> {
    // both processes need a file descriptor for each listener
    let (_, hard) = rlimit::Resource::NOFILE.get()?;
    rlimit::Resource::NOFILE.set(hard, hard)?;
    let executor = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut args = std::env::args().skip(1);
    let first = args.next();
    if first.as_deref() == Some("server") {
        return executor.block_on(server());
    }
    let number = |text: Option<String>, usual: usize| text.map_or(Ok(usual), |text| text.parse());
    let listeners = number(first, 5000)?;
    let cycles = number(args.next(), 20)?;
    let stalled = number(args.next(), 50)?;
    if hard < listeners as u64 + 200 {
        println!("only {hard} files may be open; run fewer listeners, or raise the hard limit");
    }
    executor.block_on(measure(listeners, cycles, stalled))
}

/// A server with one session, which tells where it listens.
async fn server() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let clock = Arc::new(SystemClock::default());
    let embeddings = LocalEmbeddings::new(Arc::new(BundledEmbedder::new()));
    let runtime = Arc::new(Runtime::builder(Arc::new(embeddings)).build());
    let options = Options {
        rules: SRIP_05,
        operator_key: Hidden::new(KEY),
        peer_requests_per_minute: 0,
        requests_per_minute: 0,
        listeners: 100_000,
        kept_events: 256,
        heartbeat: Duration::from_secs(15),
        loopback: false,
    };
    let store = SqliteExchange::open(folder.path().join("exchange.db"))?;
    let identity = Identity::of(KeyFile::draw("load")?)?;
    let exchange = Exchange::new(
        Arc::clone(&runtime),
        identity,
        store,
        clock.clone(),
        options,
    )?;
    let exchange = Arc::new(exchange);
    let _ = router(&exchange);
    tokio::spawn(federation::attend(Arc::clone(&exchange)));
    let mut settings = Settings::default().server;
    settings.api_key = Hidden::new(KEY);
    let service = Service {
        runtime,
        model: Arc::new(OfflineResponder),
        identity: String::new(),
        fixed_model: true,
        clock,
    };
    let routes = router_of(service, &settings, None, Some(&exchange));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    serve_for(listener, routes, STALLED, std::future::pending()).await?;
    Ok(())
}

/// Ends with its owner.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn measure(listeners: usize, cycles: usize, stalled: usize) -> Outcome<()> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("server")
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let output = child.stdout.take().ok_or("no output")?;
    BufReader::new(output).read_line(&mut line)?;
    let address: SocketAddr = line.trim().parse()?;
    let pid = child.id();
    let _served = Served(child);
    for n in 0..3 {
        say(address, n).await?;
    }
    let before = resident(pid)?;

    let (ready, heard) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let delays = Delays::default();
    let mut all = JoinSet::new();
    let begun = Instant::now();
    for n in 0..listeners {
        let (ready, heard) = (Arc::clone(&ready), Arc::clone(&heard));
        let delays = Arc::clone(&delays);
        all.spawn(listen(address, cycles + 1, ready, heard, delays));
        if n % 64 == 63 {
            tokio::task::yield_now().await;
        }
    }
    until(|| ready.load(Ordering::Relaxed) >= listeners).await?;
    let joined = begun.elapsed();
    let with = resident(pid)?;
    let each = (with.saturating_sub(before)) as f64 / listeners.max(1) as f64;
    println!("{listeners} listeners joined in {joined:.1?}");
    println!(
        "  the server holds {:.1} MiB, {:.1} MiB before: {:.1} KiB each",
        mib(with),
        mib(before),
        each / 1024.0
    );

    // some take nothing from here on
    let mut idle = Vec::new();
    for _ in 0..stalled {
        idle.push(open(address, true).await?);
    }
    let mut spread = Vec::new();
    for n in 0..cycles {
        let wanted = heard.load(Ordering::Relaxed) + listeners;
        say(address, n + 3).await?;
        let told = Instant::now();
        until(|| heard.load(Ordering::Relaxed) >= wanted).await?;
        spread.push(told.elapsed());
    }
    spread.sort_unstable();
    let missed = (cycles + 1) * listeners - heard.load(Ordering::Relaxed);
    println!("{cycles} cycles told to each: {missed} missed");
    let median = spread.get(spread.len() / 2).copied().unwrap_or_default();
    println!("  from the answer of a turn until all had its frame: median {median:.1?}");
    let mut delays = delays
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    delays.sort_unstable();
    let at = |share: usize| delays.get(delays.len() * share / 100).copied().unwrap_or(0);
    println!(
        "  from the sealing of a frame until a listener had read it, over {}: p50 {} ms, p99 {} ms, longest {} ms",
        delays.len(),
        at(50),
        at(99),
        delays.last().copied().unwrap_or(0)
    );
    let after = resident(pid)?;
    println!("  the server holds {:.1} MiB after that", mib(after));
    all.abort_all();
    drop(idle);
    Ok(())
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

async fn until(done: impl Fn() -> bool) -> Outcome<()> {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > Duration::from_secs(120) {
            return Err("it took longer than two minutes".into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// A stream of telemetry, its head read.
async fn open(address: SocketAddr, small: bool) -> Outcome<TcpStream> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    if small {
        socket.set_recv_buffer_size(4096)?;
    }
    let mut stream = socket.connect(address).await?;
    let request = format!(
        "GET /phase/telemetry?session=load HTTP/1.0\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    if head.starts_with(b"HTTP/1.0 200") || head.starts_with(b"HTTP/1.1 200") {
        Ok(stream)
    } else {
        Err(String::from_utf8_lossy(&head).into_owned().into())
    }
}

async fn listen(
    address: SocketAddr,
    count: usize,
    ready: Arc<AtomicUsize>,
    heard: Arc<AtomicUsize>,
    delays: Delays,
) -> Outcome<()> {
    let mut stream = open(address, false).await?;
    let mut decoder = EventDecoder::new(SRIP_05.stream);
    let mut piece = [0; 2048];
    let mut own = 0;
    while own < count {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return Err("the stream ended".into());
        }
        for event in decoder.push(&piece[..read])? {
            if matches!(event.name.as_str(), "frame" | "withheld") {
                if own == 0 {
                    // what was kept for those who come is not new
                    ready.fetch_add(1, Ordering::Relaxed);
                } else if let Some(sealed) = sealed_at(&event.data) {
                    let now = SystemClock::default().now().millis();
                    let mut delays = delays.lock().unwrap_or_else(PoisonError::into_inner);
                    delays.push(now - sealed);
                }
                own += 1;
                heard.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
    // stays until all are done
    std::future::pending().await
}

/// When a frame was sealed, in milliseconds since 1970: the header comes first, and has the first time.
fn sealed_at(data: &str) -> Option<i64> {
    let (_, rest) = data.split_once("\"timestamp\":\"")?;
    let (time, _) = rest.split_once('"')?;
    Some(time.parse::<Timestamp>().ok()?.millis())
}

async fn say(address: SocketAddr, n: usize) -> Outcome<()> {
    let body = json!({
        "session_id": "load",
        "messages": [{"role": "user", "content": format!("What does the tide table say of day {n}?")}],
    })
    .to_string();
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "POST /v1/chat/completions HTTP/1.0\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.contains(" 200 ") {
        Ok(())
    } else {
        Err(answer.into())
    }
}

/// Bytes that a process holds in memory.
fn resident(pid: u32) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.ok_or("no VmRSS")?.parse::<u64>()? * 1024)
}
