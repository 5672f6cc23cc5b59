//! Where vectors come from: a local model or an endpoint.

use std::sync::Arc;

use async_trait::async_trait;
use sigma_text::{Embedder, EmbedderInfo, Embedding, Reading, Utterance, Vectors, read};

/// No vectors could be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddingSourceError {
    /// The endpoint failed.
    #[error(transparent)]
    Model(#[from] crate::model::ModelError),
    /// The endpoint's URL is bad.
    #[cfg(feature = "openai")]
    #[error(transparent)]
    Endpoint(#[from] crate::model::EndpointError),
}

/// Embeds texts, perhaps over a network. One source serves a session for all its life.
#[async_trait]
pub trait EmbeddingSource: Send + Sync {
    /// Which model this is.
    fn info(&self) -> &EmbedderInfo;

    /// The model itself, if it runs in this process.
    fn local(&self) -> Option<&dyn Embedder> {
        None
    }

    /// One entry for each text, `None` where a text has nothing to embed.
    ///
    /// # Errors
    /// [`EmbeddingSourceError`] if no vector of the batch can be had.
    async fn embed_batch(
        &self,
        texts: &[String],
    ) -> Result<Vec<Option<Embedding>>, EmbeddingSourceError>;
}

/// An [`Embedder`] in this process as a source.
#[derive(Clone)]
pub struct LocalEmbeddings(Arc<dyn Embedder>);

impl LocalEmbeddings {
    /// Wraps an embedder.
    pub fn new(embedder: Arc<dyn Embedder>) -> Self {
        Self(embedder)
    }
}

#[async_trait]
impl EmbeddingSource for LocalEmbeddings {
    fn info(&self) -> &EmbedderInfo {
        self.0.info()
    }

    fn local(&self) -> Option<&dyn Embedder> {
        Some(&*self.0)
    }

    async fn embed_batch(
        &self,
        texts: &[String],
    ) -> Result<Vec<Option<Embedding>>, EmbeddingSourceError> {
        Ok(texts.iter().map(|text| self.0.embed(text).ok()).collect())
    }
}

/// Reads a text and embeds it and its sentences.
///
/// # Errors
/// As [`EmbeddingSource::embed_batch`].
pub async fn utterance(
    text: &str,
    source: &dyn EmbeddingSource,
) -> Result<Utterance, EmbeddingSourceError> {
    let reading = read(text);
    let vectors = vectors_of(&reading, source).await?;
    Ok(Utterance { reading, vectors })
}

async fn vectors_of(
    reading: &Reading,
    source: &dyn EmbeddingSource,
) -> Result<Vectors, EmbeddingSourceError> {
    let mut texts = vec![reading.text.to_string()];
    // a text of one sentence is its own sentence
    if reading.sentences.len() > 1 {
        texts.extend(
            reading
                .sentences
                .iter()
                .map(|s| reading.text[s.span.clone()].to_owned()),
        );
    }
    let mut all = source.embed_batch(&texts).await?.into_iter();
    let whole = all.next().flatten();
    let sentences = if reading.sentences.len() > 1 {
        all.collect()
    } else {
        reading.sentences.iter().map(|_| whole.clone()).collect()
    };
    Ok(Vectors { whole, sentences })
}
