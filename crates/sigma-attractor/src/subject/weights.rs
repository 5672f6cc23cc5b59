//! Weights set by hand.

use super::{Evidence, HINDSIGHT_INPUTS, model::Model};

/// By hand: far in meaning and words, a question or request out of nothing.
pub(crate) static PLAIN_PAST: Model<{ Evidence::COUNT }> = Model {
    bias: 0.4,
    weights: {
        let mut weights = [0.0; Evidence::COUNT];
        weights[Evidence::NearThree as usize] = -3.0;
        weights[Evidence::WordsThree as usize] = -2.0;
        weights[Evidence::AsksUnasked as usize] = 1.2;
        weights[Evidence::Request as usize] = 0.6;
        weights[Evidence::Shift as usize] = 0.6;
        weights[Evidence::Anaphora as usize] = -0.6;
        weights[Evidence::Replies as usize] = -1.5;
        weights[Evidence::Short as usize] = -1.0;
        weights
    },
    usual: [0.0; Evidence::COUNT],
};

/// By hand: the same, and whether the two sides hang together.
pub(crate) static PLAIN_HINDSIGHT: Model<HINDSIGHT_INPUTS> = Model {
    bias: 0.0,
    weights: {
        let mut weights = [0.0; HINDSIGHT_INPUTS];
        let mut i = 0;
        while i < Evidence::COUNT {
            weights[i] = PLAIN_PAST.weights[i];
            i += 1;
        }
        weights[Evidence::COUNT * 3] = -2.0;
        weights[Evidence::COUNT * 3 + 2] = 2.0;
        weights
    },
    usual: [0.0; HINDSIGHT_INPUTS],
};
