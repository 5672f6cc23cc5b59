//! The forward pass of BERT, in f32 on one thread.

use super::{LoadError, json, tensors::Tensors};
use ndarray::{Array1, Array2, ArrayView2, Axis, Slice, linalg::general_mat_mul};
use serde::Deserialize;

/// Settings in `config.json`.
#[derive(Deserialize)]
struct Config {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    max_position_embeddings: usize,
    layer_norm_eps: f32,
    hidden_act: String,
    #[serde(default)]
    position_embedding_type: Option<String>,
}

/// Settings in `1_Pooling/config.json`.
#[derive(Deserialize, Default)]
#[serde(default)]
struct PoolingConfig {
    pooling_mode_cls_token: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
}

/// How a text's vector is made of those of its tokens.
enum Pooling {
    Mean,
    First,
}

/// An encoder with its weights.
pub(super) struct Bert {
    words: Array2<f32>,
    /// Positions and the type of all tokens, added up.
    positions: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    pooling: Pooling,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    wide: Linear,
    narrow: Linear,
    norm: Norm,
    heads: usize,
}

struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    epsilon: f32,
}

impl Bert {
    pub(super) fn load(
        tensors: &Tensors<'_>,
        config: &[u8],
        pooling: Option<&[u8]>,
    ) -> Result<Self, LoadError> {
        let config: Config = json("config.json", config)?;
        config.check()?;
        let size = config.hidden_size;
        let words = tensors.matrix("embeddings.word_embeddings.weight")?;
        if words.ncols() != size {
            return Err(LoadError::BadTensor(
                "embeddings.word_embeddings.weight".to_owned(),
            ));
        }
        let positions = tensors.matrix_of(
            "embeddings.position_embeddings.weight",
            (config.max_position_embeddings, size),
        )?;
        let types = tensors.matrix("embeddings.token_type_embeddings.weight")?;
        if types.ncols() != size || types.nrows() == 0 {
            return Err(LoadError::BadTensor(
                "embeddings.token_type_embeddings.weight".to_owned(),
            ));
        }
        let layers = (0..config.num_hidden_layers).map(|at| Layer::load(tensors, &config, at));
        Ok(Self {
            words,
            positions: positions + types.row(0),
            norm: Norm::load(tensors, "embeddings.LayerNorm", &config)?,
            layers: layers.collect::<Result<_, _>>()?,
            pooling: Pooling::load(pooling)?,
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.words.ncols()
    }

    /// Most tokens of a text.
    pub(super) fn positions(&self) -> usize {
        self.positions.nrows()
    }

    /// The pooled vector of tokens, not yet of unit length; unknown ids are left out.
    pub(super) fn embed(&self, ids: &[u32]) -> Vec<f32> {
        let rows: Vec<usize> = ids
            .iter()
            .map(|id| *id as usize)
            .filter(|id| *id < self.words.nrows())
            .collect();
        let count = rows.len().min(self.positions());
        if count == 0 {
            return vec![0.0; self.dimensions()];
        }
        let mut state = self.words.select(Axis(0), &rows[..count]);
        state += &self.positions.slice_axis(Axis(0), Slice::from(..count));
        self.norm.apply(&mut state);
        for layer in &self.layers {
            state = layer.forward(&state);
        }
        match self.pooling {
            Pooling::First => state.row(0).to_vec(),
            Pooling::Mean => state.sum_axis(Axis(0)).to_vec(),
        }
    }
}

impl Config {
    fn check(&self) -> Result<(), LoadError> {
        let heads = self.num_attention_heads;
        if heads == 0 || !self.hidden_size.is_multiple_of(heads) {
            return Err(LoadError::Unsupported("num_attention_heads"));
        }
        if self.hidden_act != "gelu" {
            return Err(LoadError::Unsupported("hidden_act"));
        }
        if self
            .position_embedding_type
            .as_deref()
            .is_some_and(|kind| kind != "absolute")
        {
            return Err(LoadError::Unsupported("position_embedding_type"));
        }
        Ok(())
    }
}

impl Pooling {
    fn load(config: Option<&[u8]>) -> Result<Self, LoadError> {
        let Some(bytes) = config else {
            return Ok(Self::Mean);
        };
        let config: PoolingConfig = json("1_Pooling/config.json", bytes)?;
        if config.pooling_mode_max_tokens || config.pooling_mode_mean_sqrt_len_tokens {
            return Err(LoadError::Unsupported("pooling_mode"));
        }
        Ok(if config.pooling_mode_cls_token {
            Self::First
        } else {
            Self::Mean
        })
    }
}

impl Layer {
    fn load(tensors: &Tensors<'_>, config: &Config, at: usize) -> Result<Self, LoadError> {
        let (size, wide) = (config.hidden_size, config.intermediate_size);
        let name = |part: &str| format!("encoder.layer.{at}.{part}");
        let linear = |part: &str, out, from| Linear::load(tensors, &name(part), out, from);
        Ok(Self {
            query: linear("attention.self.query", size, size)?,
            key: linear("attention.self.key", size, size)?,
            value: linear("attention.self.value", size, size)?,
            attended: linear("attention.output.dense", size, size)?,
            attended_norm: Norm::load(tensors, &name("attention.output.LayerNorm"), config)?,
            wide: linear("intermediate.dense", wide, size)?,
            narrow: linear("output.dense", size, wide)?,
            norm: Norm::load(tensors, &name("output.LayerNorm"), config)?,
            heads: config.num_attention_heads,
        })
    }

    fn forward(&self, state: &Array2<f32>) -> Array2<f32> {
        let mut attended = self.attended.apply(&self.attend(state));
        attended += state;
        self.attended_norm.apply(&mut attended);
        let mut wide = self.wide.apply(&attended);
        wide.mapv_inplace(gelu);
        let mut out = self.narrow.apply(&wide);
        out += &attended;
        self.norm.apply(&mut out);
        out
    }

    /// Scaled dot-product attention, head by head.
    fn attend(&self, state: &Array2<f32>) -> Array2<f32> {
        let (query, key, value) = (
            self.query.apply(state),
            self.key.apply(state),
            self.value.apply(state),
        );
        let mut mixed = Array2::zeros(state.dim());
        let width = state.ncols() / self.heads;
        let scale = 1.0 / (width as f32).sqrt();
        for head in 0..self.heads {
            let part = Slice::from(head * width..(head + 1) * width);
            let mut scores = query
                .slice_axis(Axis(1), part)
                .dot(&key.slice_axis(Axis(1), part).t());
            scores *= scale;
            softmax(&mut scores);
            general_mat_mul(
                1.0,
                &scores,
                &value.slice_axis(Axis(1), part),
                0.0,
                &mut mixed.slice_axis_mut(Axis(1), part),
            );
        }
        mixed
    }
}

impl Linear {
    fn load(tensors: &Tensors<'_>, name: &str, out: usize, from: usize) -> Result<Self, LoadError> {
        Ok(Self {
            weight: tensors.matrix_of(&format!("{name}.weight"), (out, from))?,
            bias: tensors.vector_of(&format!("{name}.bias"), out)?,
        })
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let weight: ArrayView2<'_, f32> = self.weight.t();
        let mut out = input.dot(&weight);
        out += &self.bias;
        out
    }
}

impl Norm {
    fn load(tensors: &Tensors<'_>, name: &str, config: &Config) -> Result<Self, LoadError> {
        Ok(Self {
            weight: tensors.vector_of(&format!("{name}.weight"), config.hidden_size)?,
            bias: tensors.vector_of(&format!("{name}.bias"), config.hidden_size)?,
            epsilon: config.layer_norm_eps,
        })
    }

    fn apply(&self, state: &mut Array2<f32>) {
        for mut row in state.rows_mut() {
            let n = row.len() as f32;
            let mean = row.sum() / n;
            let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / n;
            let scale = 1.0 / (variance + self.epsilon).sqrt();
            for ((x, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *x = (*x - mean) * scale * weight + bias;
            }
        }
    }
}

/// Turns each row into shares that sum to 1.
fn softmax(scores: &mut Array2<f32>) {
    for mut row in scores.rows_mut() {
        let most = row.fold(f32::NEG_INFINITY, |most, x| most.max(*x));
        row.mapv_inplace(|x| (x - most).exp());
        let sum = row.sum();
        row /= sum;
    }
}

/// The exact form, by the error function.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
}
