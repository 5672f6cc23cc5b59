//! The composite drift index (`SRIP-03 §4`).

use sigma_types::{Measured, NonNegative, Unit};

use crate::rules::IndexRules;

/// `(SDI + SV) / (2 SCR)`: the drift without its posture term, which the phase vector is made of, so
/// that posture drift does not feed on itself.
pub(crate) fn before_posture(
    rules: &IndexRules,
    sdi: Measured<Unit>,
    sv: Measured<Unit>,
    scr: Measured<Unit>,
) -> NonNegative {
    composite(rules, &[sdi, sv], scr)
}

/// `DI = (SDI + SV + PD) / (3 SCR)`, unclamped, with SCR no lower than its floor.
///
/// A component that could not be measured is left out of the mean; it never counts as zero. With no
/// component at all there is nothing to say and the index is zero: the sample marks that it is held.
pub(crate) fn composite(
    rules: &IndexRules,
    components: &[Measured<Unit>],
    scr: Measured<Unit>,
) -> NonNegative {
    let known: Vec<f64> = components
        .iter()
        .filter_map(|c| c.value().map(Unit::get))
        .collect();
    if known.is_empty() {
        return NonNegative::ZERO;
    }
    let scr = scr
        .value()
        .map_or(rules.scr_unknown, Unit::get)
        .max(rules.scr_floor);
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    NonNegative::new(mean / scr).unwrap_or(NonNegative::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::SRIP_03;
    use proptest::prelude::*;
    use sigma_types::Missing;

    fn unit(x: f64) -> Measured<Unit> {
        Measured::Value(Unit::new(x).unwrap())
    }

    #[test]
    fn the_index_is_the_printed_quotient() {
        let di = composite(
            &SRIP_03.index,
            &[unit(0.35), unit(0.4), unit(0.25)],
            unit(0.8),
        );
        assert!((di.get() - 1.0 / 2.4).abs() < 1e-12);
        let worst = composite(&SRIP_03.index, &[unit(1.0); 3], unit(0.45));
        assert!((worst.get() - 1.0 / 0.45).abs() < 1e-12);
    }

    #[test]
    fn a_vanishing_denominator_stops_at_its_floor() {
        assert!((composite(&SRIP_03.index, &[unit(1.0)], unit(0.0)).get() - 20.0).abs() < 1e-9);
    }

    #[test]
    fn a_missing_component_is_left_out_and_not_zero() {
        let missing = Measured::Missing(Missing::NoEmbedding);
        let two = composite(&SRIP_03.index, &[missing, unit(0.6), unit(0.2)], unit(1.0));
        assert!((two.get() - 0.4).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn it_is_finite_and_grows_with_each_component(
            a in 0.0f64..=1.0, b in 0.0f64..=1.0, c in 0.0f64..=1.0, s in 0.0f64..=1.0, more in 0.0f64..=1.0,
        ) {
            let low = composite(&SRIP_03.index, &[unit(a), unit(b), unit(c)], unit(s));
            let high = composite(&SRIP_03.index, &[unit(a.max(more)), unit(b), unit(c)], unit(s));
            prop_assert!(low.get().is_finite() && high >= low);
        }
    }
}
