//! Whether two attractors are one, and making them one (`SRIP-02 §6.4`).

use sigma_text::Embedding;
use sigma_types::{Cycle, Measured, Missing, Unit};

use crate::{
    Attractor, AttractorKind, Motif,
    attractor::MERGED,
    rules::{MergeRules, Rules},
};

/// Gives the vector of a motif's surface, where there is one.
pub type MotifVectors<'a> = &'a dyn Fn(&str) -> Option<Embedding>;

/// Overlap coefficient of the weightiest motifs of two attractors: those joined over the smaller
/// number (`SRIP-02 §6.4`). Two motifs are joined, each at most once, where their keys are equal
/// or their vectors are near enough.
#[must_use]
pub fn overlap(
    a: &Attractor,
    b: &Attractor,
    now: Cycle,
    rules: &Rules,
    vectors: MotifVectors<'_>,
) -> Measured<Unit> {
    let left = a.motifs.top(rules.merge.motifs, now, &rules.motifs);
    let right = b.motifs.top(rules.merge.motifs, now, &rules.motifs);
    let smaller = left.len().min(right.len());
    if smaller < rules.merge.min_motifs.max(1) {
        return Measured::Missing(Missing::TooShort);
    }
    let (mut lone, mut others) = (left, right);
    let total = lone.len();
    lone.retain(|motif| {
        let same = others.iter().position(|other| other.key == motif.key);
        same.map(|at| others.remove(at)).is_none()
    });
    let equal = total - lone.len();
    let reachable = equal + lone.len().min(others.len());
    let near = if equal < smaller
        && reachable as f64 >= rules.merge.overlap * smaller as f64
        && may_be_near(a, b, &rules.merge)
    {
        joined_by_vector(&lone, &others, &rules.merge, vectors)
    } else {
        0
    };
    Measured::Value(Unit::clamped((equal + near) as f64 / smaller as f64))
}

/// Motif vectors are costly: attractors that lie apart as wholes are not asked for them.
fn may_be_near(a: &Attractor, b: &Attractor, rules: &MergeRules) -> bool {
    match (&a.centroid, &b.centroid) {
        (Some(a), Some(b)) => a.cosine(b) >= rules.centroid_gate,
        _ => true,
    }
}

/// Pairs by falling cosine, each motif once.
fn joined_by_vector(
    left: &[&Motif],
    right: &[&Motif],
    rules: &MergeRules,
    vectors: MotifVectors<'_>,
) -> usize {
    let of = |motifs: &[&Motif]| -> Vec<Option<Embedding>> {
        motifs.iter().map(|motif| vectors(&motif.surface)).collect()
    };
    let (left, right) = (of(left), of(right));
    let mut pairs = Vec::new();
    for (i, a) in left.iter().enumerate() {
        for (j, b) in right.iter().enumerate() {
            if let (Some(a), Some(b)) = (a, b) {
                let cosine = a.cosine(b);
                if cosine >= rules.motif_cosine {
                    pairs.push((cosine, i, j));
                }
            }
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let (mut used_left, mut used_right) = (vec![false; left.len()], vec![false; right.len()]);
    let mut joined = 0;
    for (_, i, j) in pairs {
        if !used_left[i] && !used_right[j] {
            (used_left[i], used_right[j]) = (true, true);
            joined += 1;
        }
    }
    joined
}

/// Takes `other` into `keeper` and makes it a synthetic one.
pub(crate) fn merge_into(keeper: &mut Attractor, other: &Attractor, now: Cycle, rules: &Rules) {
    rejoin(keeper, other, now, rules);
    keeper.tags.extend(other.tags.iter().cloned());
    keeper.tags.insert(MERGED.to_owned());
    keeper.kind = AttractorKind::Synthetic;
}

/// Takes `other` into `keeper`, of which it was the return: motifs and counts add up, and the
/// centroid is the mean weighted by utterances.
pub(crate) fn rejoin(keeper: &mut Attractor, other: &Attractor, now: Cycle, rules: &Rules) {
    keeper.motifs.absorb(&other.motifs, now, &rules.motifs);
    let total = (keeper.utterances + other.utterances).max(1);
    keeper.centroid = match (keeper.centroid.take(), &other.centroid) {
        (Some(a), Some(b)) => Some(a.blended(b, other.utterances as f64 / total as f64)),
        (a, b) => a.or_else(|| b.clone()),
    };
    keeper.utterances += other.utterances;
    keeper.last_cycle = keeper.last_cycle.max(other.last_cycle);
    keeper.updated_at = keeper.updated_at.max(other.updated_at);
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_text::KeyPhrase;
    use sigma_types::{AttractorId, Hash256, Timestamp};

    fn attractor(ordinal: u64, keys: &[&str]) -> Attractor {
        let id = AttractorId::derive(Hash256::ZERO, Cycle(1), ordinal);
        let mut attractor = Attractor::forming(id, None, Cycle(1), Timestamp::EPOCH);
        let phrases: Vec<KeyPhrase> = keys
            .iter()
            .map(|k| KeyPhrase {
                key: (*k).into(),
                surface: (*k).into(),
                weight: 0.5,
            })
            .collect();
        attractor
            .motifs
            .observe(&phrases, Cycle(1), &Rules::default().motifs);
        attractor.utterances = 1;
        attractor
    }

    fn share(a: &[&str], b: &[&str], vectors: MotifVectors<'_>) -> Measured<Unit> {
        overlap(
            &attractor(0, a),
            &attractor(1, b),
            Cycle(1),
            &Rules::default(),
            vectors,
        )
    }

    const NONE: MotifVectors<'static> = &|_| None;

    #[test]
    fn a_subset_overlaps_wholly_and_sixty_percent_is_reached_exactly() {
        let big = ["a", "b", "c", "d", "e", "f"];
        assert_eq!(
            share(&["a", "b", "c"], &big, NONE),
            Measured::Value(Unit::ONE)
        );
        let five = ["a", "b", "c", "x", "y"];
        let got = share(&five, &big, NONE).value().unwrap().get();
        assert!(got >= Rules::default().merge.overlap && got < 0.61);
        assert_eq!(
            share(&["a"], &big, NONE),
            Measured::Missing(Missing::TooShort)
        );
    }

    #[test]
    fn near_vectors_join_motifs_one_to_one() {
        let vectors = |word: &str| {
            let v = match word {
                "car" | "auto" => vec![1.0, 0.0],
                "boat" | "ship" => vec![0.0, 1.0],
                _ => return None,
            };
            Embedding::new(v).ok()
        };
        let got = share(&["car", "boat", "x"], &["auto", "ship", "car"], &vectors);
        assert!((got.value().unwrap().get() - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn merging_adds_up_and_makes_a_synthetic() {
        let (mut a, b) = (attractor(0, &["a", "b"]), attractor(1, &["b", "c"]));
        merge_into(&mut a, &b, Cycle(2), &Rules::default());
        assert_eq!((a.motifs.len(), a.motifs.find("b").unwrap().count), (3, 2));
        assert_eq!((a.kind, a.utterances), (AttractorKind::Synthetic, 2));
    }
}
