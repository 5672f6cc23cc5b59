//! Safety internals do not reach users (`SRIP-06 §8.2`).

use crate::support::{amount, settled, with};
use sigma_aegida::{EnterError, internal_name};

/// Fails to compile if one of the types can be formatted for users.
macro_rules! never_displayed {
    ($($type:ty),* $(,)?) => {$({
        trait Ambiguous<Marker> { fn check() {} }
        struct Displayed;
        impl<T: ?Sized> Ambiguous<()> for T {}
        impl<T: ?Sized + std::fmt::Display> Ambiguous<Displayed> for T {}
        let _ = <$type as Ambiguous<_>>::check;
    })*};
}

#[test]
fn no_safety_type_has_a_form_for_users() {
    use sigma_aegida::{
        Assertions, Category, Condition, DissolutionStep, DissolveCause, EntryKind, Invariant,
        Kernel, LedgerEntry, Lock, Mode, OutputHandling, Passage, Posture, Reevaluation, Row,
        Rules, SafeMode, SafetyOutcome, SafetyStatus, SafetyTelemetry, Severity, Standing,
        Transform, Validated, Verdict,
    };
    never_displayed!(
        Assertions,
        Category,
        Condition,
        DissolveCause,
        DissolutionStep,
        EntryKind,
        Invariant,
        Kernel,
        LedgerEntry,
        Lock,
        Mode,
        OutputHandling,
        Passage,
        Posture,
        Reevaluation,
        Row,
        Rules,
        SafeMode,
        SafetyOutcome,
        SafetyStatus,
        SafetyTelemetry,
        Severity,
        Standing,
        Transform,
        Validated,
        Verdict,
    );
}

#[test]
fn what_may_leave_the_runtime_names_nothing_internal() {
    let mut kernel = settled();
    let outcome = kernel.examine(&with(11, |t| t.di_raw = amount(0.9)));
    for status in [outcome.status, settled().status()] {
        let text = serde_json::to_string(&status).unwrap();
        assert_eq!(internal_name(&text), None, "{text}");
    }
    let diagnostics = serde_json::to_string(&outcome).unwrap();
    assert!(
        internal_name(&diagnostics).is_some(),
        "the check finds what is there"
    );
}

#[test]
fn errors_of_the_limiter_name_no_invariant() {
    let errors = [
        EnterError::TooDeep { max: 8 },
        EnterError::TooReflexive { max: 2 },
        EnterError::Suspended,
    ];
    for error in errors {
        assert_eq!(internal_name(&error.to_string()), None, "{error}");
    }
}
