//! Where vectors come from: the bundled model, a directory or an endpoint.

use crate::settings::Settings;
use sigma_core::{
    embedding::{EmbeddingSource, EmbeddingSourceError, LocalEmbeddings},
    model::{OpenAiConfig, OpenAiEmbeddings, Secret},
};
use sigma_text::{BundledEmbedder, LoadError, LocalEmbedder};
use std::{path::Path, sync::Arc};

/// The name of the model that is part of the program.
pub(crate) const BUNDLED: &str = "bundled";

/// No vectors can be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddingsError {
    /// The endpoint cannot be used.
    #[error("embeddings from {url}: {source}")]
    Endpoint {
        /// Its base URL.
        url: String,
        /// What went wrong.
        source: Box<EmbeddingSourceError>,
    },
    /// An endpoint was named without the model to ask it for.
    #[error("embeddings from {url}: no model named")]
    NoModel {
        /// Its base URL.
        url: String,
    },
    /// The directory holds no model that can be used.
    #[error("embeddings from {directory}: {source}{}", because(source))]
    Directory {
        /// The directory.
        directory: String,
        /// What went wrong.
        source: Box<LoadError>,
    },
    /// Neither `bundled`, nor a directory, nor a URL.
    #[error(
        "embeddings: {given:?} is neither `bundled`, nor a directory, nor an http or https URL"
    )]
    Unknown {
        /// What was given.
        given: String,
    },
}

/// The deeper reason of a failed load, where there is one.
fn because(error: &LoadError) -> String {
    std::error::Error::source(error).map_or_else(String::new, |source| format!(" ({source})"))
}

/// The source named by `source`: `bundled`, a directory or a URL.
///
/// # Errors
/// [`EmbeddingsError`] if the model cannot be loaded, the endpoint does not answer with a vector, or
/// the name means nothing.
pub async fn embeddings(
    source: &str,
    settings: &Settings,
) -> Result<Arc<dyn EmbeddingSource>, EmbeddingsError> {
    if source == BUNDLED {
        return Ok(Arc::new(LocalEmbeddings::new(Arc::new(
            BundledEmbedder::new(),
        ))));
    }
    if Path::new(source).is_dir() {
        return match LocalEmbedder::open(Path::new(source)) {
            Ok(model) => Ok(Arc::new(LocalEmbeddings::new(Arc::new(model)))),
            Err(error) => Err(EmbeddingsError::Directory {
                directory: source.into(),
                source: Box::new(error),
            }),
        };
    }
    if !(source.starts_with("http://") || source.starts_with("https://")) {
        return Err(EmbeddingsError::Unknown {
            given: source.into(),
        });
    }
    let (url, given) = (source.to_owned(), &settings.embeddings);
    if given.model.is_empty() {
        return Err(EmbeddingsError::NoModel { url });
    }
    let mut config = OpenAiConfig::new(source, given.model.as_str());
    let key = given.api_key.expose();
    config.api_key = (!key.is_empty()).then(|| Secret::new(key));
    match OpenAiEmbeddings::connect(config).await {
        Ok(source) => Ok(Arc::new(source)),
        Err(source) => Err(EmbeddingsError::Endpoint {
            url,
            source: Box::new(source),
        }),
    }
}
