//! Puts a runtime together from the settings.

use crate::{
    measure::{EmbeddingsError, embeddings},
    settings::{ModelSettings, Settings},
};
use sigma_core::{
    Runtime,
    model::{EndpointError, Model, OfflineResponder, OpenAiConfig, OpenAiModel, Retry, Secret},
    prompt::{PROMPT_RULES, PromptRules},
    store::{InMemoryStore, SessionStore},
};
use sigma_store::{OpenError, SqliteStore};
use std::{sync::Arc, time::Duration};

/// The name of the store that ends with the process.
pub(crate) const MEMORY: &str = "memory";

/// No runtime can be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AssemblyError {
    /// No vectors can be had.
    #[error(transparent)]
    Embeddings(#[from] EmbeddingsError),
    /// The model's URL is none.
    #[error("the model's URL: {0}")]
    Endpoint(#[from] EndpointError),
    /// A model endpoint was named without the model to ask it for.
    #[error("the model at {url}: no model named")]
    NoModel {
        /// Its base URL.
        url: String,
    },
    /// The session store could not be opened.
    #[error("the session store: {0}")]
    Store(#[from] OpenError),
}

/// The model that the settings name; the offline responder if they name none.
///
/// # Errors
/// [`AssemblyError::Endpoint`] for a bad URL, [`AssemblyError::NoModel`] for a URL without a model.
pub fn model(settings: &ModelSettings) -> Result<Arc<dyn Model>, AssemblyError> {
    if settings.url.is_empty() {
        return Ok(Arc::new(OfflineResponder));
    }
    if settings.name.is_empty() {
        return Err(AssemblyError::NoModel {
            url: settings.url.clone(),
        });
    }
    let mut config = OpenAiConfig::new(settings.url.as_str(), settings.name.as_str());
    let key = settings.api_key.expose();
    config.api_key = (!key.is_empty()).then(|| Secret::new(key));
    config.first_byte = Duration::from_secs(settings.timeout_seconds.max(1));
    config.retry = Retry {
        attempts: settings.retries,
        ..Retry::default()
    };
    Ok(Arc::new(OpenAiModel::new(config)?))
}

/// The runtime that the settings describe.
///
/// # Errors
/// [`AssemblyError`].
pub async fn runtime(settings: &Settings) -> Result<Runtime, AssemblyError> {
    let embeddings = embeddings(&settings.embeddings.source, settings).await?;
    let prompt = PromptRules {
        budget: settings.session.prompt_tokens,
        ..PROMPT_RULES
    };
    Ok(Runtime::builder(embeddings)
        .store(store(&settings.store.path)?)
        .prompt(prompt)
        .loaded_sessions(settings.server.loaded_sessions)
        .relations(settings.ris.mode)
        .build())
}

fn store(path: &str) -> Result<Arc<dyn SessionStore>, AssemblyError> {
    if path == MEMORY {
        return Ok(Arc::new(InMemoryStore::new()));
    }
    Ok(Arc::new(SqliteStore::open(path)?))
}
