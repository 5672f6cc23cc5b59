//! Signals leave after the commit, in order, and wait for a receiver that is not there.

use super::world::{Peer, World, envelope, now, serve};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};
use kiri_ioh::{signal::Signal, store::Store as _};
use sigma_server::interop::{Options, client::Client, signals::deliver};
use std::sync::{Arc, Mutex};

type Heard = Arc<Mutex<Vec<Signal>>>;

/// Refuses the first that it is told, and takes the rest.
async fn hear(
    State((heard, refused)): State<(Heard, Arc<Mutex<bool>>)>,
    headers: HeaderMap,
    body: String,
) -> StatusCode {
    assert_eq!(
        headers[header::CONTENT_TYPE],
        "application/cloudevents+json"
    );
    if !std::mem::replace(&mut *refused.lock().unwrap(), true) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    heard
        .lock()
        .unwrap()
        .push(serde_json::from_str(&body).unwrap());
    StatusCode::NO_CONTENT
}

#[tokio::test]
async fn signals_are_posted_in_order_and_none_is_lost_to_a_receiver_that_fails() {
    let world = World::new(Options::default());
    let (client, peer) = (
        Client::new(&world.serve().await).unwrap(),
        Peer::new().await,
    );
    let token = peer.bound(&client).await;
    client
        .operate(&token, &envelope("m"), &peer.key, now())
        .await
        .unwrap();
    assert_eq!(world.interop.gateway().store().outbox(10).unwrap().len(), 2);

    let heard = Heard::default();
    let state = (Arc::clone(&heard), Arc::default());
    let routes = Router::new()
        .route("/signals", post(hear))
        .with_state(state);
    let receiver = Client::new(&format!("{}/signals", serve(routes).await)).unwrap();
    let delivering = tokio::spawn(deliver(Arc::clone(&world.interop), Some(receiver)));
    while !world
        .interop
        .gateway()
        .store()
        .outbox(10)
        .unwrap()
        .is_empty()
    {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    delivering.abort();
    let heard = heard.lock().unwrap();
    let kinds: Vec<_> = heard.iter().map(|signal| signal.kind.as_str()).collect();
    assert_eq!(kinds, ["handshake.opened", "bridge.transfer"]);
    assert_eq!(heard[1].id, format!("kiri:interop/{token}#message-1"));
}
