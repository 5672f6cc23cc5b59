//! How long a running server takes to refuse hostile bodies, from the connection to the whole answer.
//!
//! `cargo run --release -p sigma-server --example refusals -- [http://127.0.0.1:8088] [RUNS]`
//!
//! It asks as nobody, so that the server need not know it. Have `SIGMA_EXCHANGE_REQUESTS_PER_MINUTE=0` there, or
//! what is measured is the limit of requests.

#![allow(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{
    error::Error,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A body that nobody means well with.
struct Hostile {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static str,
    body: Vec<u8>,
    /// What `content-length` says, where that is not the length of what is sent.
    stated: Option<usize>,
}

const JSON: &str = "content-type: application/json\r\n";
const YAML: &str = "content-type: application/yaml\r\n";

fn hostile() -> Outcome<Vec<Hostile>> {
    let state = |name, headers, body: Vec<u8>| Hostile {
        name,
        method: "POST",
        path: "/field/state",
        headers,
        body,
        stated: None,
    };
    let deep = || [vec![b'['; 20_000], vec![b']'; 20_000]].concat();
    let block: String = (0..250).fold(String::new(), |all, depth| {
        all + &" ".repeat(depth) + "a:\n"
    });
    let zeros = vec![b' '; 100 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&zeros)?;
    let snapshot = |name, headers, body: Vec<u8>| Hostile {
        method: "PUT",
        path: "/memory/snapshot",
        ..state(name, headers, body)
    };
    Ok(vec![
        state("YAML aliases, 9^10", YAML, aliases().into()),
        state("YAML 20,000 deep, in one line", YAML, deep()),
        state("YAML 250 deep, in lines", YAML, block.into()),
        state("JSON 20,000 deep", JSON, deep()),
        snapshot("JSON 20,000 deep, as a snapshot", JSON, deep()),
        state("a name twice", JSON, br#"{"header":{},"header":{}}"#.into()),
        state("bad UTF-8", JSON, b"{\"\xff\xfe\": 1}".into()),
        Hostile {
            stated: Some(100 << 20),
            ..state("100 MiB, as stated", JSON, b"{".into())
        },
        Hostile {
            stated: Some(100 << 20),
            ..snapshot("100 MiB, as stated, as a snapshot", JSON, b"{".into())
        },
        state("64 KiB of spaces", JSON, vec![b' '; 65_536]),
        snapshot("8 MiB of spaces, as a snapshot", JSON, vec![b' '; 8 << 20]),
        snapshot(
            "1,000,001 values, as a snapshot",
            JSON,
            format!("[{}0]", "0,".repeat(1_000_000)).into(),
        ),
        snapshot(
            "gzip of 100 MiB",
            "content-type: application/json\r\ncontent-encoding: gzip\r\n",
            gzip.finish()?,
        ),
        snapshot(
            "zstd of 100 MiB",
            "content-type: application/json\r\ncontent-encoding: zstd\r\n",
            zstd::encode_all(zeros.as_slice(), 1)?,
        ),
    ])
}

/// Ten lists of nine aliases each.
fn aliases() -> String {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (this, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        let nine = vec![format!("*{before}"); 9].join(", ");
        text += &format!("{this}: &{this} [{nine}]\n");
    }
    text
}

fn main() -> Outcome<()> {
    let mut args = std::env::args().skip(1);
    let url = args.next();
    let url = url.as_deref().unwrap_or("http://127.0.0.1:8088");
    let authority = url.strip_prefix("http://").ok_or("the URL is http://…")?;
    let authority = authority.trim_end_matches('/');
    let runs: usize = args.next().map_or(Ok(21), |text| text.parse())?;
    println!(
        "{:<36} {:>6} {:>10} {:>10}",
        "body", "status", "median", "longest"
    );
    for one in hostile()? {
        let mut took = Vec::new();
        let mut status = String::new();
        for _ in 0..runs.max(1) {
            let (said, time) = sent(authority, &one)?;
            status = said;
            took.push(time);
        }
        took.sort_unstable();
        let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        println!(
            "{:<36} {status:>6} {:>7.2} ms {:>7.2} ms",
            one.name,
            ms(took.get(took.len() / 2)),
            ms(took.last())
        );
    }
    Ok(())
}

/// Sends one body on a connection of its own: the status, and the time until the whole answer was there.
fn sent(authority: &str, what: &Hostile) -> Outcome<(String, Duration)> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let head = format!(
        "{} {} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
        what.method,
        what.path,
        what.headers,
        what.stated.unwrap_or(what.body.len())
    );
    stream.write_all(head.as_bytes())?;
    // the server may have had enough before it has everything
    let _ = stream.write_all(&what.body);
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    // what was not read can end the connection, and the answer came before that
    while let Ok(read @ 1..) = stream.read(&mut piece) {
        answer.extend_from_slice(&piece[..read]);
    }
    let took = begun.elapsed();
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.split(' ').nth(1).unwrap_or("none");
    Ok((status.to_owned(), took))
}
