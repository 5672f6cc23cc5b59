//! Stage 2, Interpretation Pass: what the user's turn does to the subject (`SRIP-01 §4`).

use sigma_attractor::{Turn, Uptake};
use sigma_types::Speaker;

use super::{Ingested, Stage};

/// The turn as a move in the field.
pub(crate) struct Interpreted<'a> {
    pub(crate) base: Ingested<'a>,
    pub(crate) uptake: Uptake,
}

impl<'a> Ingested<'a> {
    pub(crate) fn interpret(mut self) -> Interpreted<'a> {
        let uptake = self.state.registry.take_up(&Turn {
            cycle: self.cycle,
            at: self.at,
            speaker: Speaker::User,
            utterance: &self.user,
        });
        self.watch.lap(Stage::Interpret);
        Interpreted { base: self, uptake }
    }
}
