//! The equilibrium zone.

use serde::Deserialize;
use serde_json::{Value, json};
use sigma_drift::{
    Trio, Zone,
    formulas::{self, EarlySigns},
    rules::{AepRules, SRIP_03},
};
use sigma_types::{Measured, Missing, Unit};

use super::{Input, OpError};

const RULES: AepRules = SRIP_03.aep;

#[derive(Deserialize)]
struct Steps {
    steps: Vec<Option<f64>>,
}

pub(super) fn sdc(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Steps = input.given()?;
    Ok(json!({"sdc": formulas::coefficients(&RULES, given.steps)}))
}

pub(super) fn zone_reference(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Trio = input.given()?;
    Ok(json!({"zone": formulas::printed_zone(&RULES, given)}))
}

#[derive(Deserialize)]
struct Early {
    cycle: u64,
    ti: Option<Unit>,
    sdc: Option<Unit>,
    ln: Option<Unit>,
    tau: Option<f64>,
    onset: Option<f64>,
    terminal: Option<f64>,
}

pub(super) fn zone_calibrated(input: &Input<'_>) -> Result<Value, OpError> {
    let Early {
        cycle,
        ti,
        sdc,
        ln,
        tau,
        onset,
        terminal,
    } = input.given()?;
    let of = |value| Measured::from_option(value, Missing::WindowTooShort);
    let trio = Trio {
        ti: of(ti),
        sdc: of(sdc),
        ln: of(ln),
    };
    let signs = EarlySigns {
        cycle,
        trio,
        tau,
        onset,
        terminal,
    };
    Ok(json!({"zone": formulas::early_zone(&RULES, signs)}))
}

#[derive(Deserialize)]
struct Votes {
    votes: Vec<Zone>,
}

pub(super) fn dwell(input: &Input<'_>) -> Result<Value, OpError> {
    let given: Votes = input.given()?;
    Ok(json!({"zones": formulas::dwelling(&RULES, given.votes)}))
}
