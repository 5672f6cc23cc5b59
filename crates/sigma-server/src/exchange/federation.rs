//! Several runtimes as one field (`SRIP-08 §6`): after each cycle telemetry is told, every few cycles a
//! frame goes to the peers, and a phase that deviates from their mean is answered with a sync event.

use crate::exchange::{
    Exchange,
    hub::Event,
    look::{phase_of, reading_of},
    peers::{self, Grant, Peer},
    phase::Signed,
};
use sigma_core::CycleReport;
use sigma_interop::{
    CommandBody, CommandKind, Decision, Due, Federation, Format, Header, HeardAs, Message, Outcome,
    Passage, Payload, PhaseFrame, PhaseReport, Reading, RuntimeId, SyncEvent, Verified, Withheld,
};
use sigma_types::{Cycle, SessionId, Timestamp};
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// The phase of a field that rests: what is synchronised with where nobody was heard.
const EQUILIBRIUM: [f64; 3] = [1.0, 0.0, 0.0];

/// Where the federation stands. Cycles are counted over all sessions of the runtime.
#[derive(Debug, Default)]
pub(crate) struct Round {
    federation: Option<Federation>,
    cycle: u64,
    sequence: u64,
    mean: Option<[f64; 3]>,
}

impl Round {
    /// A number for the next frame: higher than all before, over restarts too.
    pub(crate) fn sequence(&mut self, now: Timestamp) -> u64 {
        let now = u64::try_from(now.millis()).unwrap_or(0);
        self.sequence = now.max(self.sequence + 1);
        self.sequence
    }

    /// Hears a peer's frame.
    pub(crate) fn hear(&mut self, exchange: &Exchange, frame: &Verified<PhaseFrame>) -> HeardAs {
        let now = Cycle(self.cycle);
        self.federation(exchange).hear(frame, now)
    }

    /// The phase that the peers have in common.
    pub(crate) fn mean(&self) -> [f64; 3] {
        self.mean.unwrap_or(EQUILIBRIUM)
    }

    /// The sync event that was due is sent.
    fn answered(&mut self) {
        if let Some(federation) = &mut self.federation {
            federation.answered();
        }
    }

    fn step(&mut self, exchange: &Exchange, own: [f64; 3]) -> Due {
        self.cycle += 1;
        let now = Cycle(self.cycle);
        let due = self.federation(exchange).step(now, own);
        self.mean = due.aggregate.as_ref().map(|aggregate| aggregate.mean);
        due
    }

    fn federation(&mut self, exchange: &Exchange) -> &mut Federation {
        let rules = exchange.rules.federation;
        self.federation
            .get_or_insert_with(|| Federation::new(rules, exchange.us()))
    }
}

/// Follows a runtime's cycles until it ends: tells listeners, peers and figures of each.
pub async fn attend(exchange: Arc<Exchange>) {
    let mut reports = exchange.runtime.telemetry();
    loop {
        match reports.recv().await {
            Ok(report) => exchange.cycle(&report).await,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "cycles went by untold; their gates are read again");
            }
            Err(RecvError::Closed) => return,
        }
    }
}

impl Exchange {
    /// Takes in a cycle.
    async fn cycle(self: &Arc<Self>, report: &Arc<CycleReport>) {
        let session = &report.session;
        if !self.gates.follows(session, report.cycle) {
            let before = Cycle(report.cycle.0.saturating_sub(1));
            if let Err(error) = self.gates.catch_up(&self.runtime, session, before).await {
                tracing::error!(error = &error as &dyn std::error::Error, "no gate");
                return;
            }
        }
        let reading = reading_of(report);
        let decision = self.gates.see(session, report.cycle, &reading);
        self.tell(report, &reading);
        // counted once it is told: whoever reads the count finds the cycle among the events
        self.metrics.cycle(report, &decision);
        if self.rules.federation.emit_every > 0 {
            let due = self.round().step(self, report.drift.phase.vector);
            self.federate(report, reading, due).await;
        }
    }

    /// Tells listeners of a cycle, or that it is kept back.
    fn tell(&self, report: &CycleReport, reading: &Reading) {
        let told = self.frame(report, reading, RuntimeId::ANY);
        let (kind, data) = match told {
            Ok(bytes) => ("frame", String::from_utf8(bytes).unwrap_or_default()),
            Err(withheld) => {
                self.metrics.withheld(withheld.decision.passage);
                ("withheld", why(report.cycle, &withheld.decision))
            }
        };
        self.hub
            .tell(&report.session, Event::new(report.cycle, kind, data));
    }

    /// The last cycle of a session stands in the hub, where it was told before this process began.
    pub(crate) async fn prime(
        &self,
        session: &SessionId,
    ) -> Result<(), crate::exchange::fault::Fault> {
        use crate::exchange::fault::Fault;
        if self.hub.knows(session) {
            return Ok(());
        }
        let cycle = self.view(session, sigma_core::Session::cycle).await?;
        let stored = self.runtime.store().cycles(session, cycle, 1).await;
        let stored = stored.map_err(|error| Fault::internal(&error))?;
        let caught_up = self.gates.catch_up(&self.runtime, session, cycle).await;
        caught_up.map_err(|error| Fault::internal(&error))?;
        for stored in stored {
            let report = sigma_core::read_report(session, &stored);
            let report = report.map_err(|error| Fault::internal(&error))?;
            self.tell(&report, &reading_of(&report));
        }
        Ok(())
    }

    /// A sealed frame of a cycle, as one line of JSON.
    fn frame(
        &self,
        report: &CycleReport,
        reading: &Reading,
        target: RuntimeId,
    ) -> Result<Vec<u8>, Withheld> {
        let payload = PhaseReport {
            sequence: self.round().sequence(self.clock.now()),
            frame: phase_of(report).frame(self.us()),
        };
        self.written(&report.session, reading, target, payload)
    }

    fn written<P: Payload>(
        &self,
        session: &SessionId,
        reading: &Reading,
        target: RuntimeId,
        payload: P,
    ) -> Result<Vec<u8>, Withheld> {
        let header = Header::new(self.us(), target, self.clock.now());
        let cleared = self
            .gates
            .clear(session, reading, Message::new(header, payload))?;
        let sealed = self.sealer.seal(cleared).map_err(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "not sealed");
            Withheld {
                decision: Decision {
                    passage: Passage::Blocked,
                    reasons: Vec::new(),
                },
            }
        })?;
        Ok(sealed.to_bytes(Format::Json))
    }

    /// Sends what is due.
    async fn federate(self: &Arc<Self>, report: &Arc<CycleReport>, reading: Reading, due: Due) {
        if !due.emit && due.sync.is_none() {
            return;
        }
        let peers = match self.ask(peers::all).await {
            Ok(peers) => peers,
            Err(fault) => return tracing::error!(why = fault.detail(), "no peers"),
        };
        let reached: Vec<_> = peers.into_iter().filter(federates).collect();
        if due.emit {
            for peer in &reached {
                match self.frame(report, &reading, peer.runtime_id) {
                    Ok(bytes) => self.post(peer, bytes),
                    Err(withheld) => {
                        self.metrics.withheld(withheld.decision.passage);
                        tracing::info!(
                            peer = %peer.runtime_id, reasons = ?withheld.decision.reasons,
                            "a frame was kept back"
                        );
                    }
                }
            }
        }
        if let Some(event) = due.sync {
            self.synchronise(report, reading, &event, &reached);
        }
    }

    /// Answers a deviation: the session is brought nearer to the mean, and the peers are told.
    fn synchronise(
        self: &Arc<Self>,
        report: &Arc<CycleReport>,
        reading: Reading,
        event: &SyncEvent,
        reached: &[Peer],
    ) {
        let deviation = event.deviation.get();
        tracing::info!(session = %report.session, deviation, of = event.of, "phase sync event");
        let mut told = false;
        for peer in reached {
            let written = self.written(&report.session, &reading, peer.runtime_id, event.clone());
            if let Ok(bytes) = written {
                told = true;
                self.post(peer, bytes);
            }
        }
        if let Ok(bytes) = self.written(&report.session, &reading, RuntimeId::ANY, event.clone()) {
            told = true;
            let data = String::from_utf8(bytes).unwrap_or_default();
            self.hub
                .tell(&report.session, Event::new(report.cycle, "sync", data));
        }
        if told {
            // while isolation keeps it back it stays due, as long as its window lasts
            self.round().answered();
        }
        self.metrics.synced();
        let (exchange, session) = (Arc::clone(self), report.session.clone());
        let cause_id = event.cause_id;
        // it waits for the turn under way, and telemetry does not wait for it
        tokio::spawn(async move { exchange.sync_self(&session, cause_id).await });
    }

    /// Enters our own sync command, signed like any other.
    async fn sync_self(&self, session: &SessionId, cause_id: sigma_interop::CauseId) {
        let body = CommandBody {
            command: CommandKind::Sync,
            cause_id,
            sequence: self.round().sequence(self.clock.now()),
            parent: None,
            reverts: None,
            reason: "deviation from the mean phase".parse().ok(),
            session: Some(session.clone()),
        };
        let entered = match self.own_command(session, body).await {
            Ok(sealed) => {
                self.obey(session, Signed::Own(&sealed), CommandKind::Sync)
                    .await
            }
            Err(fault) => Err(fault),
        };
        if let Err(fault) = entered {
            tracing::info!(%session, why = fault.detail(), "no sync of our own");
        }
    }

    async fn own_command(
        &self,
        session: &SessionId,
        body: CommandBody,
    ) -> Result<sigma_interop::Sealed<sigma_interop::PhaseCommand>, crate::exchange::fault::Fault>
    {
        use crate::exchange::{fault::Fault, reading::withheld};
        let look = self.look(session).await?;
        let header = Header::new(self.us(), self.us(), self.clock.now());
        let message = Message::new(header, body);
        let cleared = self.gates.clear(session, &look.reading, message);
        let cleared = cleared.map_err(|why| withheld(session, &why))?;
        self.sealer
            .seal(cleared)
            .map_err(|error| Fault::internal(&error))
    }

    /// Posts a message to a peer, without waiting for it.
    fn post(self: &Arc<Self>, peer: &Peer, bytes: Vec<u8>) {
        let Some(url) = peer.url.clone() else { return };
        let (exchange, id) = (Arc::clone(self), peer.runtime_id);
        tokio::spawn(async move {
            let posted = exchange
                .outgoing
                .post(&url, "/phase/telemetry", bytes)
                .await;
            match posted {
                Ok(status) if status.is_success() => {
                    tracing::debug!(peer = %id, "a frame was sent");
                }
                Ok(status) => tracing::info!(peer = %id, %status, "a frame was not taken"),
                Err(error) => tracing::info!(peer = %id, %error, "a frame did not arrive"),
            }
        });
    }
}

/// Whether frames go to a peer: it has an address, may read state, and the last handshake settled on
/// everything.
fn federates(peer: &Peer) -> bool {
    let matched = peer.outcome() == Some(Outcome::Full);
    peer.url.is_some() && peer.may(Grant::State) && matched
}

/// What stands in the place of a frame that the gate kept back.
fn why(cycle: Cycle, decision: &Decision) -> String {
    serde_json::json!({"cycle": cycle, "decision": decision}).to_string()
}
