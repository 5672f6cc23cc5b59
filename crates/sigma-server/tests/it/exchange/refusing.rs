//! Hostile bodies are refused at once, and by name.

use super::{
    now, signal,
    world::{Runtime, json_bytes},
};
use bytes::Bytes;
use serde_json::{Value, json};
use sigma_interop::{CauseId, CommandBody, CommandKind, Format};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_are_refused() {
    let a = Runtime::start();
    let post = async |media: &str, body: Bytes| {
        let got = a
            .send("POST", "/field/state", &[("content-type", media)], body)
            .await;
        (got.status.as_u16(), got.text())
    };
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (this, before) in "bcdefghij".chars().zip("abcdefghi".chars()) {
        bomb += &format!(
            "{this}: &{this} [{}]\n",
            vec![format!("*{before}"); 9].join(", ")
        );
    }
    let (status, said) = post("application/yaml", bomb.into()).await;
    assert_eq!(status, 400, "{said}");
    for media in [
        "application/json",
        "application/ld+json",
        "application/yaml",
    ] {
        let deep = "[".repeat(20_000) + &"]".repeat(20_000);
        let (status, said) = post(media, deep.into()).await;
        assert_eq!(status, 400, "{media}: {said}");
        let (status, _) = post(media, Bytes::from_static(b"{\"a\": 1, \"a\": 2}")).await;
        assert_eq!(status, 400, "{media}");
        let (status, _) = post(media, Bytes::from_static(b"\xff\xfe\x00")).await;
        assert_eq!(status, 400, "{media}");
        let (status, _) = post(media, Bytes::new()).await;
        assert!((400..500).contains(&status), "{media}");
    }
    let (status, _) = post("application/json", vec![b' '; 70_000].into()).await;
    assert_eq!(status, 413);
}

/// The first line of an answer to bytes that are written as they are.
async fn raw(url: &str, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap())
        .await
        .unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // the server may have had enough before it has everything
    let _ = stream.write_all(body).await;
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read])
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_are_refused_before_they_are_read() {
    let a = Runtime::start();
    for (method, path) in [
        ("POST", "/field/state"),
        ("PUT", "/memory/snapshot"),
        ("POST", "/runtime/handshake"),
    ] {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            100 << 20
        );
        let line = raw(&a.url, &head, b"{").await;
        assert!(line.contains("413"), "{path}: {line}");
    }
    let head = "POST /field/state HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = [
        b"10000\r\n".as_slice(),
        &vec![b' '; 0x10000],
        b"\r\n1\r\n \r\n0\r\n\r\n",
    ]
    .concat();
    let line = raw(&a.url, head, &chunk).await;
    assert!(line.contains("413"), "{line}");
    let bomb = zstd::encode_all(vec![b' '; 100 << 20].as_slice(), 1).unwrap();
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "zstd"),
    ];
    let got = a.send("PUT", "/memory/snapshot", &headers, bomb).await;
    assert_eq!(got.status, 413, "{}", got.text());
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "br"),
    ];
    let got = a.send("POST", "/field/state", &headers, "x").await;
    assert_eq!(
        (got.status.as_u16(), got.header("accept-encoding")),
        (415, "gzip, zstd")
    );
}

/// Sends half of many bodies from an address of this machine.
async fn halves(url: &str, from: [u8; 4], count: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..count {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let to = url.strip_prefix("http://").unwrap().parse().unwrap();
        let mut stream = socket.connect(to).await.unwrap();
        let head = "POST /field/state HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        open.push(stream);
    }
    open
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_bodies_of_one_address_hold_up_no_other() {
    let a = Runtime::start();
    let _open = halves(&a.url, [127, 0, 0, 2], 70).await;
    let mine = halves(&a.url, [127, 0, 0, 1], 8).await;
    // as soon as those are there, this address has no room either
    loop {
        let got = a.send("POST", "/field/state", &[], "{}").await;
        if got.status == 429 {
            break;
        }
        assert_eq!(got.status, 422, "{}", got.text());
    }
    drop(mine);
    loop {
        let got = a.send("POST", "/field/state", &[], "{}").await;
        if got.status == 422 {
            break;
        }
        assert_eq!(got.status, 429, "{}", got.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_whole_not_ours_or_not_new_is_refused_by_name() {
    let (a, b) = (Runtime::start(), Runtime::start());
    a.calm("s", 4).await;
    a.befriend(&b, "state");
    let own = b.identity();
    let us = a.identity().runtime_id();
    let body = CommandBody {
        command: CommandKind::Lock,
        cause_id: CauseId::derive(own.runtime_id(), 1, None),
        sequence: 1,
        parent: None,
        reverts: None,
        reason: None,
        session: None,
    };
    let sealed = signal(&own, us, body.clone()).to_bytes(Format::Json);
    let command: Value = serde_json::from_slice(&sealed).unwrap();
    let post = async |command: &Value| {
        let got = a
            .send("POST", "/phase/lock", &[], json_bytes(command))
            .await;
        got.refusal()
    };
    let mut changed = command.clone();
    changed["payload"]["sequence"] = json!(2);
    assert_eq!(post(&changed).await, (422, "checksum_mismatch".into()));
    let mut unknown = command.clone();
    unknown["payload"]["more"] = json!(1);
    assert_eq!(post(&unknown).await, (422, "not_the_schema".into()));
    let mut later = command.clone();
    later["header"]["protocol_version"] = json!("2.0");
    assert_eq!(post(&later).await, (422, "unsupported_version".into()));
    let mut old = command.clone();
    old["header"]["timestamp"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(post(&old).await, (422, "too_old".into()));
    assert_eq!(post(&command).await, (403, "not_granted".into()));
    assert_eq!(post(&command).await, (409, "replayed".into()));
    let elsewhere = signal(&own, own.runtime_id(), body);
    let elsewhere: Value = serde_json::from_slice(&elsewhere.to_bytes(Format::Json)).unwrap();
    assert_eq!(post(&elsewhere).await, (421, "wrong_target".into()));
    assert!(now().millis() > 0);
}
