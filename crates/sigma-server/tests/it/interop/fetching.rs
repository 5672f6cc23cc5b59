//! Fetching descriptors from namespaces that mean no good: every trick is played over real sockets.

use super::world::GENEROUS;
use async_trait::async_trait;
use flate2::{Compression, write::GzEncoder};
use kiri_ioh::address::{Address, Reach};
use sigma_server::interop::fetch::{
    FetchError, FetchLimits, Fetcher, Namespaces, Resolve, SystemResolver,
};
use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};

/// A socket that counts who comes.
struct Trap {
    address: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Trap {
    /// Answers every visitor with these bytes, then waits for it to leave.
    async fn new(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let trap = Self {
            address: listener.local_addr().unwrap(),
            visits: Arc::default(),
        };
        let visits = Arc::clone(&trap.visits);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                visits.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut head = [0; 4096];
                    let _ = stream.read(&mut head).await;
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.read(&mut head).await;
                });
            }
        });
        trap
    }

    async fn http(head: &str, body: &[u8]) -> Self {
        let length = body.len();
        let mut answer =
            format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n").into_bytes();
        answer.extend(body);
        Self::new(answer).await
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    fn url(&self) -> Address {
        let text = format!("http://{}/ns", self.address);
        Address::parse(&text, Reach::Loopback).unwrap()
    }
}

fn fetcher(resolver: impl Resolve + 'static, limits: FetchLimits) -> Fetcher {
    Fetcher::new(Arc::new(resolver), limits, &[tls("authority.der")]).unwrap()
}

fn plain() -> Fetcher {
    fetcher(SystemResolver::default(), GENEROUS)
}

fn tls(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
    std::fs::read(folder.join(name)).unwrap()
}

/// Names that lead where the test wants, another way each time.
struct Names(Mutex<Vec<Vec<SocketAddr>>>);

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        let mut answers = self.0.lock().unwrap();
        Ok(if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0].clone()
        })
    }
}

fn names(answers: Vec<Vec<SocketAddr>>) -> Names {
    Names(Mutex::new(answers))
}

#[tokio::test]
async fn every_way_to_write_an_inner_address_is_refused_before_any_connection() {
    let trap = Trap::http("200 OK", b"{}").await;
    let port = trap.address.port();
    for reach in [Reach::Public, Reach::Loopback] {
        for host in [
            "2130706433",
            "0177.0.0.1",
            "017700000001",
            "0x7f.0.0.1",
            "0x7f000001",
            "127.1",
            "127.0.1",
            "127.0.0.1.",
            "①②⑦.0.0.1",
            "127。0。0。1",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[2002:7f00:1::]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b:1::7f00:1]",
            "[2001:0:7f00:1::]",
            "[fe80::1]",
            "[fd00::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::]",
            "0.0.0.0",
            "10.0.0.1",
            "169.254.169.254",
            "192.168.0.1",
            "100.64.0.1",
            "user@127.0.0.1",
            "user:pass@127.0.0.1",
            "@127.0.0.1",
            "127.0.0.1\\@foo.example",
            "foo.example@127.0.0.1",
        ] {
            for text in [
                format!("http://{host}:{port}/ns"),
                format!("https://{host}:{port}/ns"),
                format!("https://{host}/ns"),
            ] {
                if let Ok(address) = Address::parse(&text, reach) {
                    let fetched = plain().fetch(&address).await;
                    assert!(
                        matches!(fetched, Err(FetchError::Special(_))),
                        "{text}: {fetched:?}"
                    );
                }
            }
        }
    }
    for (text, reach) in [
        (format!("http://127.0.0.1:{port}/ns"), Reach::Public),
        (format!("https://127.0.0.1:{port}/ns"), Reach::Public),
        ("https://127.0.0.1/ns".to_owned(), Reach::Public),
        ("https://[::1]/ns".to_owned(), Reach::Public),
        ("https://foo.example:8443/ns".to_owned(), Reach::Public),
        (format!("http://localhost:{port}/ns"), Reach::Loopback),
        (format!("ftp://127.0.0.1:{port}/ns"), Reach::Loopback),
        (format!("http://127.0.0.1:{port}/ns#part"), Reach::Loopback),
        (format!("http://127.0.0.1:{port}/a/../ns"), Reach::Loopback),
    ] {
        assert!(Address::parse(&text, reach).is_err(), "{text}");
    }
    assert_eq!(trap.visits(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_an_inner_address_is_not_asked() {
    let trap = Trap::http("200 OK", b"{}").await;
    let address = Address::parse("https://foo.example/ns", Reach::Public).unwrap();
    let number = |text: &str| SocketAddr::new(text.parse().unwrap(), trap.address.port());
    for special in [
        "127.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fc00::1",
    ] {
        // alone, and hidden behind one that is public
        for answer in [
            vec![number(special)],
            vec![number("93.184.216.34"), number(special)],
        ] {
            let fetched = fetcher(names(vec![answer]), GENEROUS).fetch(&address).await;
            assert!(
                matches!(fetched, Err(FetchError::Special(ip)) if ip == number(special).ip()),
                "{special}"
            );
        }
    }
    assert_eq!(trap.visits(), 0);
}

#[tokio::test]
async fn a_name_is_resolved_once_and_the_vetted_number_is_connected_to() {
    let vetted = secured("namespace.test").await;
    let other = Trap::http("200 OK", b"{}").await;
    let asked = names(vec![vec![vetted], vec![other.address]]);
    let fetcher = fetcher(asked, GENEROUS);
    let address = Address::parse("https://namespace.test/ns", Reach::Loopback).unwrap();
    let fetched = fetcher.fetch(&address).await.unwrap();
    assert_eq!(fetched.body, b"{\"from\":\"namespace.test\"}");
    assert_eq!(other.visits(), 0, "the second answer was never asked for");
    // the next fetch resolves anew, and finds somebody who cannot show the certificate
    let fetched = fetcher.fetch(&address).await;
    assert!(
        matches!(fetched, Err(FetchError::Connect(_))),
        "{fetched:?}"
    );
    assert_eq!(other.visits(), 1);
}

#[tokio::test]
async fn a_certificate_has_to_be_the_names_own() {
    let server = secured("namespace.test").await;
    let address = Address::parse("https://other.test/ns", Reach::Loopback).unwrap();
    let fetched = fetcher(names(vec![vec![server]]), GENEROUS)
        .fetch(&address)
        .await;
    assert!(
        matches!(fetched, Err(FetchError::Connect(_))),
        "{fetched:?}"
    );
    let address = Address::parse("https://namespace.test/ns", Reach::Loopback).unwrap();
    let strangers = Fetcher::new(Arc::new(names(vec![vec![server]])), GENEROUS, &[]).unwrap();
    let fetched = strangers.fetch(&address).await;
    assert!(
        matches!(fetched, Err(FetchError::Connect(_))),
        "{fetched:?}"
    );
}

/// A server with a certificate for `namespace.test`.
async fn secured(name: &'static str) -> SocketAddr {
    let chain = vec![CertificateDer::from(tls(&format!("{name}.der")))];
    let key = PrivatePkcs8KeyDer::from(tls(&format!("{name}.key.der"))).into();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let body = format!("{{\"from\":\"{name}\"}}");
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all((head + &body).as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    address
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inner = Trap::http("200 OK", b"{}").await;
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let head = format!("{status}\r\nlocation: http://{}/", inner.address);
        let outer = Trap::http(&head, b"").await;
        let fetched = plain().fetch(&outer.url()).await;
        assert!(
            matches!(fetched, Err(FetchError::Status(_))),
            "{status}: {fetched:?}"
        );
        assert_eq!(outer.visits(), 1);
    }
    assert_eq!(inner.visits(), 0);
}

#[tokio::test]
async fn no_proxy_of_the_environment_is_asked() {
    // what curl and others would read; the fetcher has no code for it, so the trap stays empty
    let trap = Trap::http("200 OK", b"{\"from\":\"itself\"}").await;
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_sigma"))
        .args([
            "bind",
            &format!("http://{}", trap.address),
            "--namespace",
            "https://foo.example/ns",
        ])
        .env("http_proxy", "http://127.0.0.1:1")
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    assert!(
        trap.visits() > 0,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn huge_bodies_are_cut_off_whether_their_length_is_told_or_not() {
    let size = GENEROUS.size;
    let fits = Trap::http("200 OK", &vec![b' '; size]).await;
    assert_eq!(plain().fetch(&fits.url()).await.unwrap().body.len(), size);
    let told = Trap::http("200 OK", &vec![b' '; size + 1]).await;
    let fetched = plain().fetch(&told.url()).await;
    assert!(
        matches!(fetched, Err(FetchError::TooLarge(_))),
        "{fetched:?}"
    );
    let mut endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..=(size / 4096) {
        endless.extend(b"1000\r\n");
        endless.extend(vec![b' '; 4096]);
        endless.extend(b"\r\n");
    }
    let untold = Trap::new(endless).await;
    let fetched = plain().fetch(&untold.url()).await;
    assert!(
        matches!(fetched, Err(FetchError::TooLarge(_))),
        "{fetched:?}"
    );
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    for n in 0..100_000 {
        head.extend(format!("x-{n}: y\r\n").as_bytes());
    }
    let headers = Trap::new(head).await;
    let fetched = plain().fetch(&headers.url()).await;
    assert!(matches!(fetched, Err(FetchError::Http(_))), "{fetched:?}");
}

#[tokio::test]
async fn decompression_bombs_do_not_go_off() {
    let gzip = |body: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let head = "200 OK\r\ncontent-encoding: gzip";
    let good = Trap::http(head, &gzip(b"{\"packed\":true}")).await;
    assert_eq!(
        plain().fetch(&good.url()).await.unwrap().body,
        b"{\"packed\":true}"
    );
    let bomb = gzip(&vec![0; 64 << 20]);
    assert!(bomb.len() < GENEROUS.size);
    let trap = Trap::http(head, &bomb).await;
    let fetched = plain().fetch(&trap.url()).await;
    assert!(
        matches!(fetched, Err(FetchError::TooLarge(_))),
        "{fetched:?}"
    );
    for (head, body) in [
        (head, b"not gzip".to_vec()),
        (head, gzip(b"{}")[..12].to_vec()),
        ("200 OK\r\ncontent-encoding: gzip, gzip", gzip(&gzip(b"{}"))),
        (
            "200 OK\r\ncontent-encoding: gzip\r\ncontent-encoding: gzip",
            gzip(b"{}"),
        ),
        ("200 OK\r\ncontent-encoding: br", b"{}".to_vec()),
    ] {
        let trap = Trap::http(head, &body).await;
        let fetched = plain().fetch(&trap.url()).await;
        assert!(
            matches!(fetched, Err(FetchError::Encoding)),
            "{head}: {fetched:?}"
        );
    }
}

#[tokio::test]
async fn slow_namespaces_are_given_up() {
    let impatient = FetchLimits {
        time: Duration::from_millis(200),
        ..FetchLimits::STANDARD
    };
    let silent = Trap::new(Vec::new()).await;
    let half = Trap::new(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()).await;
    for trap in [silent, half] {
        let fetched = fetcher(SystemResolver::default(), impatient)
            .fetch(&trap.url())
            .await;
        assert!(
            matches!(fetched, Err(FetchError::TooSlow(_))),
            "{fetched:?}"
        );
    }
    // one byte at a time, for ever
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let address = Address::parse(&format!("http://{address}/ns"), Reach::Loopback).unwrap();
    let fetched = fetcher(SystemResolver::default(), impatient)
        .fetch(&address)
        .await;
    assert!(
        matches!(
            fetched,
            Err(FetchError::TooSlow(_) | FetchError::TooLarge(_))
        ),
        "{fetched:?}"
    );
}
