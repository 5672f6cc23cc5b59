//! Figures of the phase for Prometheus (`SRIP-08 §5`).

use crate::exchange::{
    Exchange,
    access::{Asker, Reader},
    fault::Fault,
    look::{Look, Phase, reading_of},
    phase::unmeasured,
    reading::Named,
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
use sigma_attractor::PhaseReading;
use sigma_core::CycleReport;
use sigma_interop::{Decision, Passage};
use sigma_types::NonNegative;
use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicU64};

type Real = Gauge<f64, AtomicU64>;

/// The figures of the runtime, with those of the newest cycle of whatever session.
pub(crate) struct Metrics {
    registry: Registry,
    field: Field,
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

/// The figures of one field.
struct Field {
    theta: Real,
    psi: Real,
    psd: Real,
    drift: Real,
    gate: Gauge,
}

impl Field {
    fn new(registry: &mut Registry) -> Self {
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
        let gate = Gauge::default();
        registry.register(
            "exchange_gate",
            "What may leave: 0 everything, 1 at a reduced rate, 2 no state, 3 nothing",
            gate.clone(),
        );
        Self {
            theta,
            psi,
            psd,
            drift,
            gate,
        }
    }

    fn set(&self, phase: &PhaseReading, drift: NonNegative, passage: Passage) {
        self.theta.set(phase.theta.get());
        self.psi.set(phase.psi.get());
        self.psd.set(phase.psd_literal.get());
        self.drift.set(drift.get());
        self.stands(passage);
    }

    fn stands(&self, passage: Passage) {
        self.gate.set(match passage {
            Passage::Full => 0,
            Passage::Caution => 1,
            Passage::Blocked => 2,
            Passage::Isolated => 3,
        });
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("sigma");
        let field = Field::new(&mut registry);
        let listeners = Gauge::default();
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
            field,
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
        self.field
            .set(phase, report.drift.grounded.di_raw, decision.passage);
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

    pub(crate) fn withheld(&self, passage: Passage) {
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

/// The figures of the runtime; or those of the one field that `?session=` names.
async fn figures(
    State(exchange): Shared,
    Reader { asker, .. }: Reader,
    named: Option<Named>,
) -> Result<Response, Fault> {
    if let Some(Named(session)) = named {
        let look = exchange.look(&session).await?;
        if let Asker::Peer(_) = &asker {
            exchange.cleared(&look, asker.target(exchange.us()))?;
        }
        return of_one(&exchange, &look);
    }
    if let Asker::Peer(_) = &asker {
        // to a peer the figures are state like any other
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
    written(&exchange.metrics.registry)
}

fn of_one(exchange: &Exchange, look: &Look) -> Result<Response, Fault> {
    let mut registry = Registry::with_prefix("sigma");
    let field = Field::new(&mut registry);
    let phase = look.phase.as_ref().map(Phase::reading);
    let phase = phase.zip(look.reading.di_raw.value());
    let (phase, drift) = phase.ok_or_else(unmeasured)?;
    field.set(phase, drift, exchange.gates.decision(look).passage);
    written(&registry)
}

fn written(registry: &Registry) -> Result<Response, Fault> {
    let mut text = String::new();
    encode(&mut text, registry).map_err(|error| Fault::internal(&error))?;
    let media = [(
        header::CONTENT_TYPE,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )];
    Ok((media, text).into_response())
}
