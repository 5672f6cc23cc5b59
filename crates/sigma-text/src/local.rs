//! Embedding models from a local directory: model2vec and BERT sentence encoders.

mod bert;
mod model2vec;
mod tensors;

use crate::{Calibration, EmbedError, Embedder, EmbedderId, EmbedderInfo, Embedding};
use bert::Bert;
use model2vec::Model2Vec;
use serde::Deserialize;
use sigma_types::Hash256;
use std::{fs, io, path::Path};
use tensors::Tensors;
use tokenizers::{Tokenizer, TruncationParams};

/// The bytes of a model, so that it can be loaded without files.
#[derive(Debug, Clone, Copy)]
pub struct ModelFiles<'a> {
    /// `model.safetensors`.
    pub weights: &'a [u8],
    /// `tokenizer.json`.
    pub tokenizer: &'a [u8],
    /// `config.json`.
    pub config: &'a [u8],
    /// `sentence_bert_config.json`, which limits the tokens of a text; without it 256 are read.
    pub limits: Option<&'a [u8]>,
    /// `1_Pooling/config.json`; without it the mean of all tokens is taken.
    pub pooling: Option<&'a [u8]>,
}

/// A model could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file of the directory cannot be read.
    #[error("cannot read {file}")]
    File {
        /// Its name in the directory.
        file: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The weights are no safetensors file.
    #[error("model.safetensors is damaged")]
    Weights(#[from] safetensors::SafeTensorError),
    /// A settings file is no JSON of the known form.
    #[error("{file} is not what was expected")]
    Config {
        /// Its name in the directory.
        file: &'static str,
        /// Where and why.
        #[source]
        source: serde_json::Error,
    },
    /// The tokenizer cannot be built.
    #[error("tokenizer.json cannot be used")]
    Tokenizer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Neither model2vec nor BERT.
    #[error("models of type {0:?} are not supported: model2vec and bert are")]
    UnknownType(String),
    /// BERT with parts that are not supported.
    #[error("the setting {0} of this model is not supported")]
    Unsupported(&'static str),
    /// A tensor that the model needs is not there.
    #[error("model.safetensors lacks {0}")]
    MissingTensor(String),
    /// A tensor has another shape or number type than the settings say.
    #[error("{0} has an unexpected shape or number type")]
    BadTensor(String),
}

/// A model from a local directory.
pub struct LocalEmbedder {
    tokenizer: Tokenizer,
    model: Model,
    characters: usize,
    info: EmbedderInfo,
}

enum Model {
    Bert(Bert),
    Model2Vec(Model2Vec),
}

#[derive(Deserialize)]
struct Kind {
    model_type: String,
    #[serde(rename = "_name_or_path")]
    name: Option<String>,
}

#[derive(Deserialize, Default)]
struct Limits {
    max_seq_length: Option<usize>,
}

/// Tokens read of a text where the model does not say.
const TOKENS: usize = 256;
/// Tokens that model2vec reads of a text.
const STATIC_TOKENS: usize = 512;
/// Fewest tokens a limit may ask for: the marks of beginning and end need room.
const FEWEST_TOKENS: usize = 4;
/// Characters looked at for each token that will be read: longer words are rare in any text.
const CHARACTERS_A_TOKEN: usize = 256;

impl LocalEmbedder {
    /// Reads `model.safetensors`, `tokenizer.json` and `config.json` of a directory, and
    /// `sentence_bert_config.json` and `1_Pooling/config.json` where they exist. The only place of
    /// this crate that touches files.
    ///
    /// # Errors
    /// [`LoadError`] for missing and damaged files and for models of other kinds.
    pub fn open(directory: &Path) -> Result<Self, LoadError> {
        let read = |file: &'static str| {
            fs::read(directory.join(file)).map_err(|source| LoadError::File { file, source })
        };
        let limits = fs::read(directory.join("sentence_bert_config.json")).ok();
        let pooling = fs::read(directory.join("1_Pooling/config.json")).ok();
        Self::from_files(&ModelFiles {
            weights: &read("model.safetensors")?,
            tokenizer: &read("tokenizer.json")?,
            config: &read("config.json")?,
            limits: limits.as_deref(),
            pooling: pooling.as_deref(),
        })
    }

    /// Loads a model from the bytes of its files. Its id is the name in `config.json`, or else the
    /// type of model and the beginning of the hash.
    ///
    /// # Errors
    /// [`LoadError`] for damaged files and for models of other kinds.
    pub fn from_files(files: &ModelFiles<'_>) -> Result<Self, LoadError> {
        let kind: Kind = json("config.json", files.config)?;
        let tensors = Tensors::new(files.weights)?;
        let (model, tokens) = match kind.model_type.as_str() {
            "model2vec" => (Model::Model2Vec(Model2Vec::load(&tensors)?), STATIC_TOKENS),
            "bert" => {
                let model = Bert::load(&tensors, files.config, files.pooling)?;
                let limits: Limits = files.limits.map_or(Ok(Limits::default()), |l| {
                    json("sentence_bert_config.json", l)
                })?;
                let tokens = limits
                    .max_seq_length
                    .unwrap_or(TOKENS)
                    .min(model.positions());
                (Model::Bert(model), tokens)
            }
            _ => return Err(LoadError::UnknownType(kind.model_type)),
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(files.weights).update(files.tokenizer);
        let weights_hash = Hash256::from_bytes(*hasher.finalize().as_bytes());
        let short: String = weights_hash.to_string().chars().take(8).collect();
        let name = kind
            .name
            .unwrap_or_else(|| format!("{}-{short}", kind.model_type));
        let id = EmbedderId(name);
        let dimensions = match &model {
            Model::Bert(bert) => bert.dimensions(),
            Model::Model2Vec(rows) => rows.dimensions(),
        };
        Ok(Self {
            tokenizer: tokenizer(files.tokenizer, tokens)?,
            model,
            characters: tokens.saturating_mul(CHARACTERS_A_TOKEN),
            info: EmbedderInfo {
                calibration: Calibration::of(&id, &weights_hash),
                id,
                weights_hash,
                dimensions,
            },
        })
    }

    /// The vector of token ids as the model pools them, not brought to unit length: for tools that
    /// take models apart. Ids beyond the vocabulary count for nothing.
    pub fn pooled(&self, ids: &[u32]) -> Vec<f32> {
        match &self.model {
            Model::Bert(bert) => bert.embed(ids),
            Model::Model2Vec(rows) => rows.embed(ids, None),
        }
    }

    /// The id of a vocabulary entry, such as `[CLS]`.
    pub fn token_id(&self, entry: &str) -> Option<u32> {
        self.tokenizer.token_to_id(entry)
    }

    /// The entries of the vocabulary, special ones among them.
    pub fn vocabulary_size(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// The same model with measured figures, as `cargo xtask calibrate` makes them.
    #[must_use]
    pub fn with_calibration(mut self, calibration: Calibration) -> Self {
        self.info.calibration = Some(calibration);
        self
    }
}

impl std::fmt::Debug for LocalEmbedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalEmbedder")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl Embedder for LocalEmbedder {
    fn info(&self) -> &EmbedderInfo {
        &self.info
    }

    /// Text beyond the model's limit of tokens is not looked at. Single-threaded: the same text
    /// gives the same bytes on one machine; other processors may round differently.
    fn embed(&self, text: &str) -> Result<Embedding, EmbedError> {
        if text.trim().is_empty() {
            return Err(EmbedError::Empty);
        }
        let text = crate::words::clipped(text, self.characters);
        let special = matches!(self.model, Model::Bert(_));
        let encoding = self
            .tokenizer
            .encode_fast(&*text, special)
            .map_err(EmbedError::Model)?;
        let vector = match &self.model {
            Model::Bert(bert) => bert.embed(encoding.get_ids()),
            Model::Model2Vec(rows) => {
                rows.embed(encoding.get_ids(), self.tokenizer.token_to_id("[UNK]"))
            }
        };
        Embedding::new(vector).map_err(|error| match error {
            crate::EmbeddingError::Degenerate => EmbedError::Empty,
            error => EmbedError::Model(Box::new(error)),
        })
    }
}

fn json<'a, T: Deserialize<'a>>(file: &'static str, bytes: &'a [u8]) -> Result<T, LoadError> {
    serde_json::from_slice(bytes).map_err(|source| LoadError::Config { file, source })
}

fn tokenizer(bytes: &[u8], tokens: usize) -> Result<Tokenizer, LoadError> {
    let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(LoadError::Tokenizer)?;
    let truncation = TruncationParams {
        max_length: tokens.max(FEWEST_TOKENS),
        ..TruncationParams::default()
    };
    tokenizer
        .with_truncation(Some(truncation))
        .map_err(LoadError::Tokenizer)?;
    tokenizer.with_padding(None);
    Ok(tokenizer)
}
