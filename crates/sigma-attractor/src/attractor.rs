//! The metadata of an attractor (`SRIP-02 §4`).

use serde::{Deserialize, Serialize};
use sigma_text::Embedding;
use sigma_types::{AttractorId, Cycle, Measured, Missing, Timestamp, Unit};
use std::collections::BTreeSet;

use crate::{
    AttractorKind, Leaning, Lifecycle, Motif, MotifSet, Projection,
    gist::Gist,
    motif, project,
    rules::{MotifRules, Rules},
};

/// One attractor, with the field names of `SRIP-02 §4` on the wire.
///
/// Only a [`Registry`](crate::Registry) makes, changes and removes one, and it records each time.
/// A figure that was never measured is missing, not zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Attractor {
    /// `id`: a UUID derived from the session and the utterance that started it.
    pub id: AttractorId,
    /// `name`: its weightiest motifs, settled once it leaves `forming`.
    pub name: String,
    /// `type`.
    #[serde(rename = "type")]
    pub kind: AttractorKind,
    /// `motifs`.
    pub motifs: MotifSet,
    /// `stability_index`: PSI.
    pub stability_index: Measured<Unit>,
    /// `phase_stability_delta`: PSD, zero at or above the expected PSI.
    pub phase_stability_delta: Measured<Unit>,
    /// `phase_shift_delta`: PSDelta, absolute.
    pub phase_shift_delta: Measured<Unit>,
    /// `phase_alignment`: PCI.
    pub phase_alignment: Measured<Unit>,
    /// `density`: symbolic density against this attractor's own motifs.
    pub density: Measured<Unit>,
    /// `drift_index`: composite DI, clamped.
    pub drift_index: Measured<Unit>,
    /// `lifecycle_state`.
    pub lifecycle_state: Lifecycle,
    /// `created_at`.
    pub created_at: Timestamp,
    /// `updated_at`.
    pub updated_at: Timestamp,
    /// `origin_cycle`.
    pub origin_cycle: Cycle,
    /// `parent_id`: the attractor that was active when this one formed.
    pub parent_id: Option<AttractorId>,
    /// `tags`.
    pub tags: BTreeSet<String>,
    /// Held too firmly (`SRIP-03 §6.1`).
    pub crystallized: bool,
    /// Under a containment lock (`SRIP-03 §6`).
    pub locked: bool,
    /// PSI under the nominal floor (`SRIP-02 §6.1`).
    pub below_nominal: bool,
    /// Running mean direction of its utterances.
    pub centroid: Option<Embedding>,
    /// What its text leans to.
    pub leaning: Leaning,
    /// Utterances that took it up.
    pub utterances: u64,
    /// The cycle that took it up last.
    pub last_cycle: Cycle,
    /// Settlements in a row that it has been fragmenting.
    pub fragmenting_for: u32,
}

/// What an utterance adds to an attractor; kept so that it can be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Content {
    name: String,
    kind: AttractorKind,
    motifs: MotifSet,
    tags: BTreeSet<String>,
    centroid: Option<Embedding>,
    leaning: Leaning,
    utterances: u64,
    last_cycle: Cycle,
    updated_at: Timestamp,
}

impl Content {
    pub(crate) fn last_cycle(&self) -> Cycle {
        self.last_cycle
    }
}

/// Tag of an attractor that opened the dialogue.
pub(crate) const OPENING: &str = "opening";
/// Tag of an attractor that was left and found again.
pub(crate) const RETURNED: &str = "returned";
/// Tag of an attractor whose beginning was moved back.
pub(crate) const DATED_BACK: &str = "dated_back";
/// Tag of an attractor that took in another.
pub(crate) const MERGED: &str = "merged";

impl Attractor {
    pub(crate) fn forming(
        id: AttractorId,
        parent_id: Option<AttractorId>,
        cycle: Cycle,
        at: Timestamp,
    ) -> Self {
        let unmeasured = Measured::Missing(Missing::NothingYet);
        Self {
            id,
            name: String::new(),
            kind: AttractorKind::Symbolic,
            motifs: MotifSet::default(),
            stability_index: unmeasured,
            phase_stability_delta: unmeasured,
            phase_shift_delta: unmeasured,
            phase_alignment: unmeasured,
            density: unmeasured,
            drift_index: unmeasured,
            lifecycle_state: Lifecycle::Forming,
            created_at: at,
            updated_at: at,
            origin_cycle: cycle,
            parent_id,
            tags: BTreeSet::new(),
            crystallized: false,
            locked: false,
            below_nominal: false,
            centroid: None,
            leaning: Leaning::default(),
            utterances: 0,
            last_cycle: cycle,
            fragmenting_for: 0,
        }
    }

    /// Takes an utterance in: motifs, centroid, leaning, name.
    pub(crate) fn absorb(&mut self, gist: &Gist, rules: &Rules) {
        self.utterances += 1;
        self.last_cycle = self.last_cycle.max(gist.cycle);
        self.updated_at = self.updated_at.max(gist.at);
        self.motifs
            .observe(&gist.phrases, gist.cycle, &rules.motifs);
        if let Some(rates) = gist.rates {
            self.leaning.observe(rates, &rules.kind);
        }
        self.kind = self.leaning.kind(self.tags.contains(MERGED), &rules.kind);
        if let Some(vector) = &gist.vector {
            let weight = rules
                .subject
                .centroid_newest
                .max(1.0 / self.utterances as f64);
            self.centroid = Some(match &self.centroid {
                Some(held) => held.blended(vector, weight),
                None => vector.clone(),
            });
        }
        if self.lifecycle_state == Lifecycle::Forming || self.name.is_empty() {
            self.rename(&gist.beginning, rules);
        }
    }

    fn rename(&mut self, beginning: &str, rules: &Rules) {
        let top = self
            .motifs
            .top(rules.registry.name_motifs, self.last_cycle, &rules.motifs);
        let name = top
            .iter()
            .map(|m| m.surface.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        if !name.is_empty() {
            motif::cut(&name, rules.registry.max_name).clone_into(&mut self.name);
        } else if self.name.is_empty() {
            beginning.clone_into(&mut self.name);
        }
    }

    pub(crate) fn content(&self) -> Content {
        Content {
            name: self.name.clone(),
            kind: self.kind,
            motifs: self.motifs.clone(),
            tags: self.tags.clone(),
            centroid: self.centroid.clone(),
            leaning: self.leaning,
            utterances: self.utterances,
            last_cycle: self.last_cycle,
            updated_at: self.updated_at,
        }
    }

    pub(crate) fn restore(&mut self, content: Content) {
        self.name = content.name;
        self.kind = content.kind;
        self.motifs = content.motifs;
        self.tags = content.tags;
        self.centroid = content.centroid;
        self.leaning = content.leaning;
        self.utterances = content.utterances;
        self.last_cycle = content.last_cycle;
        self.updated_at = content.updated_at;
    }

    /// Its `n` weightiest motifs as of a cycle.
    pub fn top_motifs(&self, n: usize, now: Cycle, rules: &MotifRules) -> Vec<&Motif> {
        self.motifs.top(n, now, rules)
    }

    /// Its state in every vocabulary.
    pub fn projection(&self) -> Projection {
        project(self.lifecycle_state, self.crystallized, self.locked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use sigma_types::Hash256;

    #[test]
    fn the_wire_names_are_those_of_the_schema() {
        let id = AttractorId::derive(Hash256::ZERO, Cycle(1), 0);
        let mut attractor = Attractor::forming(id, None, Cycle(1), Timestamp::EPOCH);
        let utterance = testing::utterance("harbour lantern harbour");
        let gist = Gist::new(&utterance, Cycle(1), Timestamp::EPOCH, &Rules::default());
        attractor.absorb(&gist, &Rules::default());
        let json = serde_json::to_value(&attractor).unwrap();
        for field in [
            "id",
            "name",
            "type",
            "motifs",
            "stability_index",
            "phase_stability_delta",
            "phase_shift_delta",
            "phase_alignment",
            "density",
            "drift_index",
            "lifecycle_state",
            "created_at",
            "updated_at",
            "origin_cycle",
            "parent_id",
            "tags",
        ] {
            assert!(json.get(field).is_some(), "{field}");
        }
        assert_eq!(json["lifecycle_state"], "forming");
        assert_eq!(json["type"], "symbolic");
        assert_eq!(json["created_at"], "1970-01-01T00:00:00.000Z");
        assert!(json["parent_id"].is_null() && json["motifs"].is_array());
        assert!(attractor.name.contains("harbour"));
        assert_eq!(
            serde_json::from_value::<Attractor>(json).unwrap(),
            attractor
        );
    }
}
