//! Many at once.

use super::world::{Peer, World, envelope, ledger_key, now};
use sigma_server::interop::{Options, client::Client};
use std::{collections::BTreeSet, sync::Arc};
use tokio::{sync::Semaphore, task::JoinSet};

const MANY: usize = 1000;
/// Sockets at once; all handshakes are open at the same time all the same.
const SOCKETS: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_thousand_handshakes_at_once_none_is_lost_and_none_doubled() {
    let world = World::new(Options::default());
    let client = Client::new(&world.serve().await).unwrap();
    let (peer, sockets) = (
        Arc::new(Peer::new().await),
        Arc::new(Semaphore::new(SOCKETS)),
    );
    let mut running = JoinSet::new();
    for n in 0..MANY {
        let (client, peer, sockets) = (client.clone(), Arc::clone(&peer), Arc::clone(&sockets));
        running.spawn(async move {
            macro_rules! once {
                ($call:expr) => {{
                    let _socket = sockets.acquire().await.unwrap();
                    $call.await.unwrap().answer
                }};
            }
            let id = once!(client.announce(&peer.announcement)).negotiation_id;
            let offer = once!(client.negotiate(&id)).binding_offer_hash;
            let token = once!(client.bind(&id, &offer, &peer.key)).bind_token;
            once!(client.operate(&token, &envelope(&format!("m-{n}")), &peer.key, now()));
            once!(client.dissolve(&token, "done", &peer.key, now()));
            (id, token)
        });
    }
    let ended: BTreeSet<_> = running.join_all().await.into_iter().collect();
    let audit = world
        .interop
        .gateway()
        .store()
        .audit(ledger_key().public())
        .unwrap();
    assert_eq!(audit.head.size, 5 * MANY as u64);
    let recorded: BTreeSet<_> = audit
        .projection
        .handshakes()
        .iter()
        .filter(|(_, stored)| stored.sealing.is_some())
        .filter_map(|(id, stored)| Some((id.clone(), stored.bind_token()?.clone())))
        .collect();
    assert_eq!(recorded, ended);
    assert_eq!(ended.len(), MANY);
    assert!(world.path().exists());
}
