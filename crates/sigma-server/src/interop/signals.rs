//! Signals leave through the outbox, after the commit: each is delivered at least once, in their order.

use crate::interop::{Interop, client::Client};
use kiri_ioh::{signal::Signal, store::Store as _};
use std::{sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};

/// How often the outbox is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// Signals that are taken at once.
const BATCH: usize = 100;

/// Delivers signals until it is dropped: to `receiver` where there is one, and to the log.
pub async fn deliver(interop: Arc<Interop>, receiver: Option<Client>) {
    let mut tick = interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        while pass_on(&interop, receiver.as_ref()).await {}
    }
}

/// Whether a batch was delivered and there may be more.
async fn pass_on(interop: &Arc<Interop>, receiver: Option<&Client>) -> bool {
    let found = interop
        .ask(|gateway, _| gateway.store().outbox(BATCH))
        .await;
    let signals = match found {
        Ok(Ok(signals)) => signals,
        Ok(Err(error)) => {
            tracing::error!(%error, "signals cannot be read");
            return false;
        }
        Err(_) => return false,
    };
    let whole = signals.len() == BATCH;
    for signal in signals {
        if !deliver_one(interop, receiver, signal).await {
            return false;
        }
    }
    whole
}

async fn deliver_one(interop: &Arc<Interop>, receiver: Option<&Client>, signal: Signal) -> bool {
    if let Some(receiver) = receiver
        && let Err(error) = receiver.signal(&signal).await
    {
        tracing::warn!(%error, id = signal.id, "a signal was not taken; it is kept");
        return false;
    }
    tracing::info!(kind = signal.kind, id = signal.id, "signal");
    let done = interop.ask(move |gateway, _| gateway.store().delivered(&signal.id));
    matches!(done.await, Ok(Ok(())))
}
