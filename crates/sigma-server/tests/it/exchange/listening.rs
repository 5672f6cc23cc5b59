//! Telemetry: streams, resuming, and listeners that take nothing.

use super::world::{PATIENCE, Runtime};
use serde_json::Value;
use sigma_interop::{Event, EventDecoder, rules::SRIP_05};
use sigma_server::exchange::Identity;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// A listener on a connection of its own.
struct Listener {
    stream: TcpStream,
    decoder: EventDecoder,
    heard: Vec<Event>,
}

impl Listener {
    async fn new(to: &Runtime, more: &str) -> Self {
        Self::of(to, &to.identity(), more).await
    }

    /// A listener who shows to be somebody.
    async fn of(to: &Runtime, whom: &Identity, more: &str) -> Self {
        let bearer = to.bearer(whom, "/phase/telemetry?session=s");
        let address = to.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        // HTTP/1.0, so that the body comes without chunks
        let request = format!(
            "GET /phase/telemetry?session=s HTTP/1.0\r\nhost: {address}\r\nauthorization: {bearer}\r\n{more}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        assert!(
            head.contains(" 200 ") && head.contains("text/event-stream"),
            "{head}"
        );
        Self {
            stream,
            decoder: EventDecoder::new(SRIP_05.stream),
            heard: Vec::new(),
        }
    }

    /// The next events, up to `count`.
    async fn next(&mut self, count: usize) -> Vec<Event> {
        let mut piece = [0; 4096];
        while self.heard.len() < count {
            let read = timeout(PATIENCE, self.stream.read(&mut piece))
                .await
                .unwrap()
                .unwrap();
            assert_ne!(read, 0, "the stream ended: {:?}", self.heard);
            self.heard
                .extend(self.decoder.push(&piece[..read]).unwrap());
        }
        self.heard.drain(..count).collect()
    }
}

fn ids(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.id.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_come_as_they_are_and_a_listener_resumes() {
    let mut a = Runtime::start_with(&[], &[("SIGMA_EXCHANGE_KEPT_EVENTS", "4")]);
    a.calm("s", 2).await;
    let mut first = Listener::new(&a, "").await;
    let frame = first.next(1).await.remove(0);
    assert_eq!((frame.name.as_str(), frame.id.as_str()), ("frame", "2"));
    let told: Value = serde_json::from_str(&frame.data).unwrap();
    let fields: Vec<_> = told["payload"]["frame"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(fields.len(), 12, "{fields:?}");
    a.calm("s", 3).await;
    assert_eq!(ids(&first.next(3).await), ["3", "4", "5"]);
    drop(first);
    let mut back = Listener::new(&a, "last-event-id: 3\r\n").await;
    assert_eq!(ids(&back.next(2).await), ["4", "5"]);
    a.calm("s", 3).await;
    let mut late = Listener::new(&a, "last-event-id: 2\r\n").await;
    let events = late.next(5).await;
    assert_eq!(events[0].name, "gap", "what is kept no longer is told");
    assert_eq!(ids(&events[1..]), ["5", "6", "7", "8"]);
    // after a restart the last cycle is there again
    a.go_on(&[], &[]);
    let mut anew = Listener::new(&a, "").await;
    assert_eq!(ids(&anew.next(1).await), ["8"]);
    let own = a.identity();
    let bad = a
        .ask_with(&own, "/phase/telemetry", &[("last-event-id", "x")])
        .await;
    assert_eq!(bad.refusal(), (400, "bad_event_id".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_socket_tells_the_same() {
    let a = Runtime::start();
    a.calm("s", 2).await;
    let bearer = a.bearer(&a.identity(), "/phase/telemetry?session=s");
    let token = bearer.strip_prefix("Bearer ").unwrap();
    let address = a.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // browsers cannot send headers here
    let request = format!(
        "GET /phase/telemetry?session=s&token={token} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    assert!(
        head.starts_with(b"HTTP/1.1 101"),
        "{}",
        String::from_utf8_lossy(&head)
    );
    let mut text = async || {
        let opcode = stream.read_u8().await.unwrap();
        let mut length = u64::from(stream.read_u8().await.unwrap());
        if length == 126 {
            length = u64::from(stream.read_u16().await.unwrap());
        }
        let mut body = vec![0; length as usize];
        stream.read_exact(&mut body).await.unwrap();
        (opcode, body)
    };
    let (opcode, body) = timeout(PATIENCE, text()).await.unwrap();
    assert_eq!(opcode, 0x81, "one text");
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&told["id"], &told["event"]), (&2.into(), &"frame".into()));
    assert!(told["data"]["signature"].is_object());
    a.calm("s", 1).await;
    let (_, body) = timeout(PATIENCE, text()).await.unwrap();
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(told["id"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_is_removed_hears_nothing_more() {
    let a = Runtime::start_with(&[], &[("SIGMA_EXCHANGE_HEARTBEAT_SECONDS", "1")]);
    let b = Runtime::start();
    a.calm("s", 2).await;
    a.befriend(&b, "state");
    let own = b.identity();
    let mut removed = Listener::of(&a, &own, "").await;
    let mut stays = Listener::new(&a, "").await;
    assert_eq!(ids(&removed.next(1).await), ["2"]);
    assert_eq!(ids(&stays.next(1).await), ["2"]);
    a.told(&["peer", "remove", &own.runtime_id().to_string()]);
    let mut rest = String::new();
    let ended = removed.stream.read_to_string(&mut rest);
    timeout(PATIENCE, ended).await.unwrap().unwrap();
    assert!(!rest.contains("event:"), "{rest}");
    a.calm("s", 1).await;
    assert_eq!(ids(&stays.next(1).await), ["3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_that_takes_nothing_is_let_go_and_the_others_hear_everything() {
    let few = [
        ("SIGMA_EXCHANGE_LISTENERS", "2"),
        ("SIGMA_EXCHANGE_HEARTBEAT_SECONDS", "1"),
    ];
    let a = Runtime::start_with(&[], &few);
    a.calm("s", 2).await;
    let mut hears = Listener::new(&a, "").await;
    let takes_nothing = Listener::new(&a, "").await;
    let own = a.identity();
    let full = a.ask(&own, "/phase/telemetry?session=s").await;
    assert_eq!(full.refusal(), (429, "too_many_requests".into()));
    let listeners = async || a.figure("sigma_phase_listeners").await;
    assert_eq!(listeners().await, 2);
    hears.next(1).await;
    a.calm("s", 4).await;
    assert_eq!(ids(&hears.next(4).await), ["3", "4", "5", "6"]);
    // a place is given back when the other side goes
    drop(takes_nothing);
    let gone = async {
        while listeners().await > 1 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(PATIENCE, gone).await.unwrap();
    a.calm("s", 1).await;
    assert_eq!(ids(&hears.next(1).await), ["7"]);
}
