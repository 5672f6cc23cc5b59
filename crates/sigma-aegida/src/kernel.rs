//! The safety kernel: five phases for every cycle, always all, always in this order
//! (`SRIP-06 §2.1`): assertion, validation, containment, re-evaluation, evidence.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sigma_types::{CanonicalError, Cycle, Hash256, Measured, Missing, Timestamp, Unit};
use std::collections::VecDeque;

use crate::assertion::{Assertions, Background};
use crate::collapse::CollapseWatch;
use crate::containment::{Containment, DissolveCause, Situation, Transform};
use crate::entropy::{Distribution, EntropyMeter};
use crate::evidence::{self, Record};
use crate::invariant::{Invariant, Severity, Validated, validate};
use crate::ledger::{EntryKind, Ledger, LedgerEntry};
use crate::lock::{self, Lock};
use crate::loop_signature::LoopSignature;
use crate::outcome::{Mode, OutputHandling, SafetyOutcome, SafetyStatus};
use crate::recursion::{RecursionLimiter, RecursionPermit};
use crate::reevaluation::{Field, Reevaluation};
use crate::rules::Rules;
use crate::safe_mode::{self, Entered, Passage, RecoverySignal, SafeMode};
use crate::telemetry::{Posture, SafetyTelemetry};

/// Examines cycles and keeps what has to be known from one to the next. Bounded: it does not grow with
/// the dialogue. Clone it before a cycle and keep the clone only if the cycle commits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kernel {
    rules: Rules,
    ledger: Ledger,
    safe_mode: SafeMode,
    lock: Lock,
    collapse: CollapseWatch,
    entropy: EntropyMeter,
    cycles_over: u32,
    /// Resonance of the last answers.
    #[serde(default)]
    resonance: VecDeque<Unit>,
    last_stability: Option<Unit>,
    permit: RecursionPermit,
    awaiting: Vec<Invariant>,
}

impl Kernel {
    /// A kernel for a new session.
    pub fn new(rules: Rules) -> Self {
        Self::seeded(rules, Hash256::ZERO)
    }

    /// A kernel whose ledger starts from a seed, such as the hash of the session's id, so that the
    /// chains of two sessions cannot be exchanged.
    pub fn seeded(rules: Rules, seed: Hash256) -> Self {
        Self {
            rules,
            ledger: Ledger::new(seed),
            safe_mode: SafeMode::default(),
            lock: Lock::default(),
            collapse: CollapseWatch::default(),
            entropy: EntropyMeter::default(),
            cycles_over: 0,
            resonance: VecDeque::new(),
            last_stability: None,
            permit: RecursionPermit::Bounded,
            awaiting: Vec::new(),
        }
    }

    /// Examines a cycle.
    pub fn examine(&mut self, telemetry: &SafetyTelemetry) -> SafetyOutcome {
        let now = Distribution::of(&telemetry.motifs, self.rules.entropy);
        self.hear(telemetry.prs);
        let assertions = Assertions::build(telemetry, self.background(telemetry, &now));
        let validated = validate(&assertions, &self.rules);
        let mut containment = self.contain(telemetry, &assertions, &validated, &now);
        let passage = self.pass(&assertions, &validated, &mut containment);
        let field = Field {
            meter: &self.entropy,
            now: &now,
        };
        let mut reevaluation = Reevaluation::of(
            &assertions,
            &validated,
            &mut containment,
            field,
            &self.rules,
        );
        let awaiting = reevaluation.judge(&self.awaiting, &validated);
        let output = self.output(&validated, &containment, passage.mode);
        let entries = evidence::write(
            &mut self.ledger,
            Record {
                assertions: &assertions,
                validated: &validated,
                containment: &containment,
                reevaluation: &reevaluation,
                entered: passage.entered.as_ref(),
                passage: passage.way,
                output,
            },
        );
        self.remember(&assertions, &containment, passage.mode, &now, awaiting);
        SafetyOutcome {
            cycle: telemetry.cycle,
            mode: self.mode(&containment),
            status: self.status(),
            output,
            recursion: self.permit,
            posture: self.safe_mode.is_on().then_some(Posture::Recovery),
            containment_locked: self.is_locked(),
            convergence_suspended: self.safe_mode.suspends_convergence(),
            passage: passage.way,
            verdicts: validated.verdicts().to_vec(),
            transforms: containment.transforms,
            reevaluation,
            entries,
        }
    }

    /// A limiter for the next cycle.
    pub fn limiter(&self) -> RecursionLimiter {
        RecursionLimiter::new(&self.rules, self.permit)
    }

    /// Records that the answer of a discarded outcome was replaced ([`OutputHandling::Regenerate`]).
    /// Call it on the kernel as it was before that outcome, and store the entry with the cycle.
    pub fn note_discarded(&mut self, outcome: &SafetyOutcome) -> Option<LedgerEntry> {
        evidence::discarded(&mut self.ledger, outcome)
    }

    /// Lets another layer write into the ledger, such as a memory recovery.
    ///
    /// # Errors
    /// [`CanonicalError`] when the payload has no canonical form.
    pub fn record(
        &mut self,
        cycle: Cycle,
        at: Timestamp,
        kind: EntryKind,
        payload: Value,
    ) -> Result<LedgerEntry, CanonicalError> {
        self.ledger.append(cycle, at, kind, payload)
    }

    /// The head of the ledger.
    pub const fn ledger(&self) -> Ledger {
        self.ledger
    }

    /// The rules.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where safe mode stands.
    pub const fn safe_mode(&self) -> SafeMode {
        self.safe_mode
    }

    /// Whether attractors must neither form, merge nor change state.
    pub const fn is_locked(&self) -> bool {
        self.lock.is_held() || self.safe_mode.is_on()
    }

    /// Where safety stands, in the words that may leave the runtime.
    pub const fn status(&self) -> SafetyStatus {
        if self.safe_mode.is_on() {
            SafetyStatus::RecenterPending
        } else if self.lock.is_held() {
            SafetyStatus::Locked
        } else {
            SafetyStatus::Nominal
        }
    }

    /// Takes in the resonance of an answer; one that measured nothing leaves the last ones standing.
    fn hear(&mut self, prs: Measured<Unit>) {
        self.resonance.extend(prs.value());
        while self.resonance.len() > self.rules.resume.answers as usize {
            self.resonance.pop_front();
        }
    }

    /// Mean resonance of the last answers; missing until there are as many as the rules ask for.
    fn equilibrium(&self) -> Measured<Unit> {
        let wanted = self.rules.resume.answers as usize;
        let sum: f64 = self.resonance.iter().map(|prs| prs.get()).sum();
        let mean = (wanted > 0 && self.resonance.len() >= wanted)
            .then(|| Unit::clamped(sum / wanted as f64));
        Measured::from_option(mean, Missing::WindowTooShort)
    }

    /// Whether the phase comes back to the one expected, in a posture that is not itself an alarm.
    fn calming(&self, telemetry: &SafetyTelemetry) -> bool {
        let nearer = telemetry
            .ps_delta_signed
            .value()
            .is_some_and(|shift| shift.get() < 0.0);
        nearer && telemetry.posture < Posture::Recovery && !self.rules.isolation.calming_shift
    }

    fn background(&self, telemetry: &SafetyTelemetry, now: &Distribution) -> Background {
        let isolation = &self.rules.isolation;
        let (attempt, dwell) = self.safe_mode.counted();
        Background {
            permit: self.permit,
            echo: LoopSignature::read(
                &telemetry.segments,
                isolation.loop_signature,
                isolation.same_segment.get(),
            ),
            last_stability: self.last_stability,
            equilibrium: self.equilibrium(),
            calming: self.calming(telemetry),
            lock_cycles: self.lock.cycles_now(),
            cycles_over: match telemetry.di_raw {
                Measured::Missing(_) => self.cycles_over,
                Measured::Value(di) if di.get() >= self.rules.drift_limit.get() => {
                    self.cycles_over.saturating_add(1)
                }
                Measured::Value(_) => 0,
            },
            entropy_change: self.entropy.change(now, self.rules.entropy),
            attempt,
            dwell,
            low_stability: self
                .collapse
                .with(telemetry.stability, &self.rules.collapse)
                .low(),
        }
    }

    fn contain(
        &self,
        telemetry: &SafetyTelemetry,
        assertions: &Assertions,
        validated: &Validated,
        now: &Distribution,
    ) -> Containment {
        let most = self.rules.isolation.motifs;
        let movers = self.entropy.movers(now, &telemetry.protected, most);
        let situation = Situation {
            movers: &movers,
            in_safe_mode: self.safe_mode.is_on(),
            locked: self.lock.is_held(),
        };
        Containment::choose(assertions, validated, situation, &self.rules)
    }

    /// The way through safe mode, with the transforms that belong to it.
    fn pass(
        &self,
        assertions: &Assertions,
        validated: &Validated,
        containment: &mut Containment,
    ) -> PassageTaken {
        let causes: Vec<Invariant> = limits(validated).collect();
        if !self.safe_mode.is_on() && !causes.is_empty() {
            containment.add([Transform::LockPosture, Transform::PurgeVolatile]);
            let (mode, entered) = safe_mode::freeze(assertions.cycle, causes)
                .lock_posture()
                .snapshot(evidence::assertion_hash(assertions))
                .purge()
                .begin_recovery();
            return PassageTaken {
                mode,
                way: Passage::Unchanged,
                entered: Some(entered),
            };
        }
        let drift_seen = assertions.drift.di_raw.missing().is_none();
        let signal = RecoverySignal {
            psi: assertions.control.psi,
            psd: assertions.control.psd,
            equilibrium: assertions.control.equilibrium,
            limits_hold: causes.is_empty() && drift_seen,
        };
        let (mode, way) = self.safe_mode.advance(signal, &self.rules);
        let release = [
            Transform::ReleaseMotifs,
            Transform::ReleaseContainment,
            Transform::ReleasePosture,
        ];
        match way {
            Passage::Unchanged => {}
            Passage::Resumed { .. } => containment.add(release),
            Passage::Forced { .. } => containment.add([Transform::Recovery { forced: true }]),
            Passage::GivenUp { .. } => {
                containment.add([Transform::Dissolve {
                    cause: DissolveCause::FailedRecovery,
                }]);
                containment.add(release);
            }
        }
        if self.lock.is_held() && !mode.is_on() {
            let opens = lock::may_open(assertions, &self.rules) || containment.dissolves();
            containment.add(opens.then_some(Transform::ReleaseContainment));
        }
        PassageTaken {
            mode,
            way,
            entered: None,
        }
    }

    fn output(
        &self,
        validated: &Validated,
        containment: &Containment,
        mode: SafeMode,
    ) -> OutputHandling {
        let over = limits(validated).next().is_some();
        let by_answer = [Invariant::DriftLimit, Invariant::SymbolicEntropy];
        let another_helps = by_answer.into_iter().any(|i| validated.is_broken(i));
        if over && !self.safe_mode.is_on() && another_helps {
            OutputHandling::Regenerate
        } else if over || mode.is_on() {
            OutputHandling::PassMarked
        } else if containment.dissolves() {
            OutputHandling::FoldMarked
        } else {
            OutputHandling::Fold
        }
    }

    fn remember(
        &mut self,
        assertions: &Assertions,
        containment: &Containment,
        mode: SafeMode,
        now: &Distribution,
        awaiting: Vec<Invariant>,
    ) {
        let has = |wanted: &Transform| containment.transforms.contains(wanted);
        self.lock = if mode.is_on() || has(&Transform::ReleaseContainment) {
            Lock::Open
        } else if has(&Transform::LockContainment) {
            Lock::closed()
        } else {
            self.lock.aged()
        };
        let recovering = assertions.control.posture >= Posture::Recovery;
        let suspended = mode.is_on() || recovering || has(&Transform::SuspendRecursion);
        self.permit = if suspended {
            RecursionPermit::Suspended
        } else {
            RecursionPermit::Bounded
        };
        self.safe_mode = mode;
        self.last_stability = assertions.control.stability.value().or(self.last_stability);
        if containment.dissolves() {
            self.collapse = CollapseWatch::default();
            self.cycles_over = 0;
            self.entropy.forget();
        } else {
            self.collapse = self
                .collapse
                .with(assertions.control.stability, &self.rules.collapse);
            self.cycles_over = assertions.drift.cycles_over;
            self.entropy.remember(now, self.rules.entropy);
        }
        self.awaiting = awaiting;
    }

    fn mode(&self, containment: &Containment) -> Mode {
        if self.safe_mode.is_on() {
            Mode::SafeMode(self.safe_mode)
        } else if containment.dissolves() {
            Mode::Dissolved
        } else if self.lock.is_held() || containment.transforms.iter().any(Transform::is_local) {
            Mode::Isolated
        } else {
            Mode::Nominal
        }
    }
}

impl Default for Kernel {
    fn default() -> Self {
        Self::new(Rules::DEFAULT)
    }
}

struct PassageTaken {
    mode: SafeMode,
    way: Passage,
    entered: Option<Entered>,
}

fn limits(validated: &Validated) -> impl Iterator<Item = Invariant> + '_ {
    validated
        .broken()
        .filter(|invariant| invariant.severity() == Severity::Limit)
}
