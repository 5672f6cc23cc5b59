//! What can be set, where it is set, and where each value came from.
//!
//! Values come from, each overriding the one before: the defaults, `sigma.toml` (or the file named
//! by `--config` or `SIGMA_CONFIG`), environment variables `SIGMA_…`, flags of the command. An
//! unknown key in the file is an error that names it.

mod exchange;
mod interop;
mod keys;
mod ris;
mod secret;

pub use exchange::ExchangeSettings;
pub use interop::{InteropSettings, List};
pub use keys::{KEYS, Key};
pub use ris::RisSettings;
pub use secret::Hidden;

use config::{Config, ConfigError, File, FileFormat};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "sigma.toml";

/// All settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The model that answers.
    pub model: ModelSettings,
    /// Where vectors come from.
    pub embeddings: EmbeddingSettings,
    /// What a new session begins with.
    pub session: SessionSettings,
    /// The HTTP server.
    pub server: ServerSettings,
    /// Where sessions are kept.
    pub store: StoreSettings,
    /// How far relational identity is stabilized.
    pub ris: RisSettings,
    /// How outside systems bind.
    pub interop: InteropSettings,
    /// How runtimes exchange state.
    pub exchange: ExchangeSettings,
}

/// The model that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Base URL of an OpenAI-compatible endpoint, `http://localhost:11434/v1`; empty for the
    /// built-in offline responder.
    pub url: String,
    /// The model to ask for.
    pub name: String,
    /// Bearer key of the endpoint.
    pub api_key: Hidden,
    /// Seconds to the first byte of an answer.
    pub timeout_seconds: u64,
    /// Calls after a failed first one.
    pub retries: u32,
}

/// Where vectors come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingSettings {
    /// `bundled`, a model directory, or the base URL of an OpenAI-compatible endpoint.
    pub source: String,
    /// The embedding model to ask an endpoint for.
    pub model: String,
    /// Bearer key of the endpoint.
    pub api_key: Hidden,
}

/// What a new session begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// Who the assistant is, where the caller does not say.
    pub identity: String,
    /// The most tokens of a prompt.
    pub prompt_tokens: usize,
}

/// The HTTP server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address and port to listen on.
    pub bind: String,
    /// The most bytes of a request.
    pub body_limit: usize,
    /// The most sessions kept in memory at once.
    pub loaded_sessions: usize,
    /// The most requests at once; more are told to come back.
    pub requests: usize,
    /// A bearer key that callers must send; empty for none.
    pub api_key: Hidden,
}

/// Where sessions are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// The SQLite file, or `memory`.
    pub path: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            model: ModelSettings {
                url: String::new(),
                name: String::new(),
                api_key: Hidden::default(),
                timeout_seconds: 120,
                retries: 2,
            },
            embeddings: EmbeddingSettings {
                source: "bundled".into(),
                model: String::new(),
                api_key: Hidden::default(),
            },
            session: SessionSettings {
                identity: String::new(),
                prompt_tokens: 4096,
            },
            server: ServerSettings {
                bind: "127.0.0.1:8088".into(),
                body_limit: 4 * 1024 * 1024,
                loaded_sessions: 256,
                requests: 256,
                api_key: Hidden::default(),
            },
            store: StoreSettings {
                path: "sigma.db".into(),
            },
            ris: RisSettings::default(),
            interop: InteropSettings::default(),
            exchange: ExchangeSettings::default(),
        }
    }
}

/// Settings with the place each value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The values.
    pub settings: Settings,
    /// Where each key came from, by key.
    pub origins: BTreeMap<&'static str, Origin>,
    /// Environment variables that look like settings and are none.
    pub unknown_variables: Vec<String>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The file.
    File(PathBuf),
    /// An environment variable.
    Environment(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// The settings could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The named file could not be read.
    #[error("{}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is not TOML.
    // without the line itself: it may hold a secret
    #[error("{}: line {line}: not valid TOML: {}", file.display(), source.message())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// Counts from 1.
        line: usize,
        /// What is wrong.
        source: Box<toml::de::Error>,
    },
    /// A key that does not exist.
    #[error("{}: unknown key `{key}`{}", file.display(), nearest.map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The key.
        key: String,
        /// The known key that is most like it.
        nearest: Option<&'static str>,
    },
    /// A value of the wrong kind.
    #[error("`{key}` from {origin}: {source}")]
    Value {
        /// The key.
        key: &'static str,
        /// Where the value came from.
        origin: Origin,
        /// What is wrong.
        source: Box<ConfigError>,
    },
}

/// Reads the settings.
///
/// `named` is the file that was asked for; without one `sigma.toml` in the working directory is
/// read if it is there. `variables` is the environment.
///
/// # Errors
/// [`SettingsError`] names file and key.
pub fn load(
    named: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, SettingsError> {
    let variables: BTreeMap<_, _> = variables
        .into_iter()
        .filter(|(name, _)| name.starts_with("SIGMA_"))
        .collect();
    let asked = named
        .map(Path::to_owned)
        .or_else(|| variables.get("SIGMA_CONFIG").map(Into::into));
    let file = asked.clone().unwrap_or_else(|| DEFAULT_FILE.into());
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if asked.is_none() && error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(SettingsError::Read { file, source }),
    };
    combine(
        text.as_deref().map(|text| (file.as_path(), text)),
        &variables,
    )
}

fn combine(
    file: Option<(&Path, &str)>,
    variables: &BTreeMap<String, String>,
) -> Result<Loaded, SettingsError> {
    let in_file = match file {
        Some((path, text)) => known_keys(path, text)?,
        None => BTreeSet::new(),
    };
    let mut origins = BTreeMap::new();
    for key in KEYS {
        let origin = match (variables.get(key.variable), file) {
            (Some(_), _) => Origin::Environment(key.variable),
            (None, Some((path, _))) if in_file.contains(key.name) => Origin::File(path.into()),
            _ => Origin::Default,
        };
        origins.insert(key.name, origin);
    }
    let settings = build(file.map(|(_, text)| text), variables)
        .map_err(|source| value_error(source, file.map(|(_, text)| text), variables, &origins))?;
    let known = |name: &String| {
        KEYS.iter().any(|key| key.variable == name)
            || keys::OTHER_VARIABLES.contains(&name.as_str())
    };
    let unknown_variables = variables
        .keys()
        .filter(|name| !known(name))
        .cloned()
        .collect();
    Ok(Loaded {
        settings,
        origins,
        unknown_variables,
    })
}

fn build(
    text: Option<&str>,
    variables: &BTreeMap<String, String>,
) -> Result<Settings, ConfigError> {
    let mut builder = Config::builder().add_source(Config::try_from(&Settings::default())?);
    if let Some(text) = text {
        builder = builder.add_source(File::from_str(text, FileFormat::Toml));
    }
    for key in KEYS {
        builder = builder.set_override_option(key.name, variables.get(key.variable).cloned())?;
    }
    builder.build()?.try_deserialize()
}

/// Finds the key that a value error is about by trying one after another.
fn value_error(
    source: ConfigError,
    text: Option<&str>,
    variables: &BTreeMap<String, String>,
    origins: &BTreeMap<&'static str, Origin>,
) -> SettingsError {
    let table: toml::Table = text.and_then(|text| text.parse().ok()).unwrap_or_default();
    for key in KEYS {
        let mut alone = BTreeMap::new();
        alone.extend(
            variables
                .get_key_value(key.variable)
                .map(|(k, v)| (k.clone(), v.clone())),
        );
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        let value = table.get(section).and_then(|section| section.get(name));
        let text = value.filter(|_| alone.is_empty()).map(|value| {
            let inner = toml::Table::from_iter([(name.to_owned(), value.clone())]);
            toml::Table::from_iter([(section.to_owned(), inner.into())]).to_string()
        });
        if let Err(source) = build(text.as_deref(), &alone) {
            let origin = origins[key.name].clone();
            return SettingsError::Value {
                key: key.name,
                origin,
                source: Box::new(source),
            };
        }
    }
    let (key, origin) = (KEYS[0].name, Origin::Default);
    SettingsError::Value {
        key,
        origin,
        source: Box::new(source),
    }
}

/// The keys that stand in the file, all of them known.
fn known_keys(file: &Path, text: &str) -> Result<BTreeSet<String>, SettingsError> {
    let table: toml::Table = text.parse().map_err(|source: toml::de::Error| {
        let at = source.span().map_or(0, |span| span.start);
        let line = 1 + text
            .get(..at)
            .map_or(0, |before| before.matches('\n').count());
        SettingsError::Syntax {
            file: file.into(),
            line,
            source: Box::new(source),
        }
    })?;
    let mut keys = BTreeSet::new();
    for (section, value) in &table {
        match value.as_table() {
            Some(inner) => keys.extend(inner.keys().map(|key| format!("{section}.{key}"))),
            None => keys.extend([section.clone()]),
        }
    }
    match keys
        .iter()
        .find(|name| !KEYS.iter().any(|key| key.name == **name))
    {
        None => Ok(keys),
        Some(key) => Err(SettingsError::UnknownKey {
            file: file.into(),
            key: key.clone(),
            nearest: keys::nearest(key),
        }),
    }
}

impl Loaded {
    /// The settings as a `sigma.toml` with the origin of each value; secrets are not shown.
    pub fn describe(&self) -> String {
        let table = toml::Table::try_from(&self.settings).unwrap_or_default();
        let mut out = String::new();
        let mut section = "";
        for key in KEYS {
            let (in_section, name) = key.name.split_once('.').unwrap_or(("", key.name));
            if in_section != section {
                let gap = if section.is_empty() { "" } else { "\n" };
                let _ = writeln!(out, "{gap}[{in_section}]");
                section = in_section;
            }
            let value = table.get(in_section).and_then(|section| section.get(name));
            let value = value.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(out, "# {}", key.about);
            let _ = writeln!(out, "{name} = {value}  # {}", self.origins[key.name]);
        }
        out
    }
}

#[cfg(test)]
mod tests;
