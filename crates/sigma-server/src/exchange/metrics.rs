//! Figures of the phase for Prometheus (`SRIP-08 §5`).

use crate::exchange::{
    Exchange, access::Asker, fault::Fault, field::Settled, look::reading_of, peers::Grant,
    speak::Shared,
};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use sigma_core::CycleReport;
use sigma_interop::{Decision, Passage};
use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicU64};

type Real = Gauge<f64, AtomicU64>;

/// The figures. One set for the runtime: the newest cycle of whatever session.
pub(crate) struct Metrics {
    registry: Registry,
    theta: Real,
    psi: Real,
    psd: Real,
    drift: Real,
    gate: Gauge,
    cycles: Counter,
    listeners: Gauge,
    kept_back: Family<Why, Counter>,
    sent: Counter,
    received: Counter,
    syncs: Counter,
    /// The drift of the newest cycle is kept back from peers with the rest.
    latest: Mutex<Option<sigma_types::SessionId>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    passage: String,
}

pub(crate) fn router() -> Router<Arc<Exchange>> {
    Router::new().route("/metrics/phase", get(figures))
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("sigma");
        let (theta, psi, psd, drift) = (
            Real::default(),
            Real::default(),
            Real::default(),
            Real::default(),
        );
        for (name, help, gauge) in [
            (
                "phase_theta",
                "Misalignment as a share of a right angle, lower is better",
                &theta,
            ),
            ("phase_psi", "Phase stability, higher is better", &psi),
            (
                "phase_psd",
                "Distance of phase stability from what is expected, lower is better",
                &psd,
            ),
            ("drift_index", "Composite drift, unclamped", &drift),
        ] {
            registry.register(name, help, gauge.clone());
        }
        let (gate, listeners) = (Gauge::default(), Gauge::default());
        registry.register(
            "exchange_gate",
            "What may leave: 0 everything, 1 at a reduced rate, 2 no state, 3 nothing",
            gate.clone(),
        );
        registry.register(
            "phase_listeners",
            "Listeners to telemetry",
            listeners.clone(),
        );
        let counters: [Counter; 4] = Default::default();
        for (name, help, counter) in [
            ("phase_cycles", "Cycles told", &counters[0]),
            (
                "exchange_sent",
                "State messages that passed the gate",
                &counters[1],
            ),
            (
                "exchange_received",
                "Messages taken from peers",
                &counters[2],
            ),
            (
                "phase_syncs",
                "Sync events that answered a deviation from the mean",
                &counters[3],
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        let kept_back = Family::<Why, Counter>::default();
        registry.register(
            "exchange_withheld",
            "State messages that the gate kept back",
            kept_back.clone(),
        );
        let [cycles, sent, received, syncs] = counters;
        Self {
            registry,
            theta,
            psi,
            psd,
            drift,
            gate,
            cycles,
            listeners,
            kept_back,
            sent,
            received,
            syncs,
            latest: Mutex::default(),
        }
    }

    /// Takes in a cycle.
    pub(crate) fn cycle(&self, report: &CycleReport, decision: &Decision) {
        let phase = &report.drift.phase;
        self.theta.set(phase.theta.get());
        self.psi.set(phase.psi.get());
        self.psd.set(phase.psd_literal.get());
        self.drift.set(report.drift.grounded.di_raw.get());
        self.stands(decision.passage);
        self.cycles.inc();
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest = Some(report.session.clone());
        // angle, PSI and PSD are logged each cycle (SRIP-08 §8)
        tracing::info!(
            session = %report.session, cycle = report.cycle.0, theta = phase.theta.get(),
            psi = phase.psi.get(), psd = phase.psd_literal.get(), safety = ?reading_of(report).safety,
            passage = ?decision.passage, "phase"
        );
    }

    fn stands(&self, passage: Passage) {
        self.gate.set(match passage {
            Passage::Full => 0,
            Passage::Caution => 1,
            Passage::Blocked => 2,
            Passage::Isolated => 3,
        });
    }

    pub(crate) fn withheld(&self, passage: Passage) {
        self.stands(passage);
        let passage = match passage {
            Passage::Full | Passage::Caution => "caution",
            Passage::Blocked => "blocked",
            Passage::Isolated => "isolated",
        };
        let why = Why {
            passage: passage.into(),
        };
        self.kept_back.get_or_create(&why).inc();
    }

    pub(crate) fn sent(&self) {
        self.sent.inc();
    }

    pub(crate) fn received(&self) {
        self.received.inc();
    }

    pub(crate) fn synced(&self) {
        self.syncs.inc();
    }
}

async fn figures(State(exchange): Shared, asker: Asker) -> Result<Response, Fault> {
    asker.may(Grant::State)?;
    if let Asker::Peer(_) = &asker {
        // to a peer the figures are state like any other
        Settled::with(&asker)?;
        let latest = {
            let latest = exchange.metrics.latest.lock();
            latest.unwrap_or_else(PoisonError::into_inner).clone()
        };
        let session = match latest {
            Some(session) => session,
            None => exchange.newest().await?.session,
        };
        let look = exchange.look(&session).await?;
        exchange.cleared(&look, asker.target(exchange.us()))?;
    }
    let listeners = i64::try_from(exchange.hub.listeners()).unwrap_or(i64::MAX);
    exchange.metrics.listeners.set(listeners);
    let mut text = String::new();
    encode(&mut text, &exchange.metrics.registry).map_err(|error| Fault::internal(&error))?;
    let media = [(
        header::CONTENT_TYPE,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )];
    Ok((media, text).into_response())
}
