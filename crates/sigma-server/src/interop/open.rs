//! The gateway that the settings describe.

use crate::{
    assemble::MEMORY,
    interop::{
        FileGovernance, Interop, KeyFile, KeyFileError, Options, Origin,
        checked::{self, value},
        fetch::{FetchLimits, Fetcher, SystemResolver},
    },
    settings::{InteropSettings, Settings},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kiri_ioh::{
    address::Reach,
    gateway::{self, Gateway},
    ids::IdError,
    json,
    keys::{KeyError, PublicKey},
    ledger::{LedgerKey, signed_text},
    registry::{Registry, Reserved},
    store::{Store as _, StoreError},
    translation::{Row, Translations},
};
use sigma_core::clock::Clock;
use sigma_store::{OpenError, SqliteLedger};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use url::Url;

/// No gateway can be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenInteropError {
    /// The ledger's file cannot be opened.
    #[error("the interop ledger: {0}")]
    Ledger(#[from] OpenError),
    /// The ledger cannot be read.
    #[error("the interop ledger: {0}")]
    Unread(#[from] StoreError),
    /// The key file cannot be used.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The key's name cannot be one.
    #[error("the ledger's key: {0}")]
    Key(#[from] KeyError),
    /// The ledger was signed with another key.
    #[error("the ledger {} was signed with another key than the one in {}; put that key back", ledger.display(), key.display())]
    OtherKey {
        /// The ledger.
        ledger: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// A setting has a value that cannot be used.
    #[error("`interop.{key}`: {value:?} is not {wanted}")]
    Value {
        /// The setting.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A file that a setting names cannot be read.
    #[error("`interop.{key}`: {}: {source}", path.display())]
    File {
        /// The setting.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// No secured connections can be made.
    #[error("no secured connections can be made: {0}")]
    Tls(String),
}

/// The setting that turns the gateway off.
const OFF: &str = "off";

/// Where the ledger is kept; `None` where there is none: it is turned off, or sessions end with the
/// process and no file is named.
pub fn ledger_path(settings: &Settings) -> Option<PathBuf> {
    match settings.interop.ledger.as_str() {
        OFF => None,
        "" if settings.store.path == MEMORY => None,
        "" => Some(Path::new(&settings.store.path).with_extension("interop.db")),
        path => Some(path.into()),
    }
}

/// Where the ledger's key is kept.
fn key_path(settings: &InteropSettings, ledger: &Path) -> PathBuf {
    match settings.key.as_str() {
        "" => ledger.with_extension("key.json"),
        path => path.into(),
    }
}

/// The key of a ledger that is there, from the file that the settings name.
///
/// # Errors
/// [`OpenInteropError`].
pub fn ledger_key(
    settings: &InteropSettings,
    ledger: &Path,
) -> Result<LedgerKey, OpenInteropError> {
    let key = KeyFile::open(&key_path(settings, ledger))?;
    Ok(LedgerKey::from_seed(key.kid(), key.seed())?)
}

/// Opens the gateway that the settings describe; `None` where there is none.
///
/// # Errors
/// [`OpenInteropError`].
pub fn open(
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<Option<Interop>, OpenInteropError> {
    let Some(path) = ledger_path(settings) else {
        return Ok(None);
    };
    let interop = &settings.interop;
    let public = origin(interop)?;
    let decided = decided(interop, public.as_ref())?;
    let governance = match interop.governance.as_str() {
        "" => FileGovernance::none(),
        file => FileGovernance::from_file(file),
    };
    let store = SqliteLedger::open(&path)?;
    let key = signing_key(interop, &path, &store)?;
    if interop.dangerously_allow_loopback {
        tracing::error!(
            "DANGEROUS: interop.dangerously_allow_loopback is on: whoever reaches this server can make it ask \
             services of this machine; never use it outside development"
        );
    }
    let resolver = Arc::new(SystemResolver::default());
    let fetcher =
        Fetcher::new(resolver, FetchLimits::STANDARD, &[]).map_err(OpenInteropError::Tls)?;
    let options = Options {
        public,
        requests_per_minute: interop.requests_per_minute,
        fetches_per_minute: interop.fetches_per_minute,
        guarded_body: settings.server.body_limit,
    };
    let gateway = Gateway::new(store, governance, decided, key);
    Ok(Some(Interop::new(
        gateway,
        Arc::new(fetcher),
        clock,
        options,
    )))
}

/// The key with which the ledger goes on, made where both are new.
fn signing_key(
    settings: &InteropSettings,
    ledger: &Path,
    store: &SqliteLedger,
) -> Result<LedgerKey, OpenInteropError> {
    let path = key_path(settings, ledger);
    let size = store.head()?.size;
    let other = || OpenInteropError::OtherKey {
        ledger: ledger.to_owned(),
        key: path.clone(),
    };
    let Some(last) = size.checked_sub(1) else {
        if path.exists() {
            tracing::warn!(
                "THE INTEROP LEDGER {} IS EMPTY, and its key {} is not new: if an outside system was ever bound \
                 here, the ledger is lost; stop the server and put a backup in its place",
                ledger.display(),
                path.display()
            );
        }
        let key = KeyFile::open_or_make(&path, "runtime")?;
        return Ok(LedgerKey::from_seed(key.kid(), key.seed())?);
    };
    let key = KeyFile::open(&path)?;
    let key = LedgerKey::from_seed(key.kid(), key.seed())?;
    let last = store.entries(last, 1)?.pop().ok_or(StoreError::Damaged)?;
    let signed = signed_text(&last.record.entry_hash);
    let own = URL_SAFE_NO_PAD
        .decode(&last.record.sig)
        .is_ok_and(|sig| PublicKey::verifies(key.public(), signed.as_bytes(), &sig));
    own.then_some(key).ok_or_else(other)
}

fn decided(
    settings: &InteropSettings,
    public: Option<&Origin>,
) -> Result<gateway::Settings, OpenInteropError> {
    let mut hosts = checked::hosts(&settings.reserved_hosts.0)?;
    // our own address is ours
    let own =
        public.and_then(|own| Url::parse(&format!("{}://{}", own.scheme, own.authority)).ok());
    hosts.extend(own.and_then(|own| own.host_str().map(str::to_owned)));
    Ok(gateway::Settings {
        translations: translations(&settings.translations.0)?,
        registry: registry(&settings.registry)?,
        reserved: Reserved {
            prefixes: checked::prefixes(&settings.reserved_prefixes.0)?,
            hosts,
        },
        treaties: checked::treaties(&settings.treaties.0)?,
        lifetime: checked::lifetime(settings.negotiation_minutes)?,
        reach: if settings.dangerously_allow_loopback {
            Reach::Loopback
        } else {
            Reach::Public
        },
        ..gateway::Settings::default()
    })
}

/// Rows such as `ext:* → kiri:agent.v1`; `->` does as well.
fn translations(rows: &[String]) -> Result<Translations, OpenInteropError> {
    let row = |text: &String| {
        let parts = text
            .split_once('\u{2192}')
            .or_else(|| text.split_once("->"));
        let (from, to) = parts.map(|(from, to)| (from.trim(), to.trim()))?;
        let to = to.parse().map_err(|error: IdError| error).ok()?;
        let named = from.contains(':') || from.ends_with('*');
        named.then(|| Row {
            from: from.to_owned(),
            to,
        })
    };
    let rows: Result<Vec<_>, _> = rows
        .iter()
        .map(|text| {
            row(text).ok_or_else(|| value("translations", text, "like `ext:* -> kiri:agent.v1`"))
        })
        .collect();
    rows.map(Translations::new)
}

fn registry(path: &str) -> Result<Registry, OpenInteropError> {
    if path.is_empty() {
        return Ok(Registry::reserved());
    }
    let text = fs::read(path).map_err(|source| OpenInteropError::File {
        key: "registry",
        path: path.into(),
        source,
    })?;
    json::parse_as(&text).map_err(|_| value("registry", path, "a file with a NUR-01 registry"))
}

fn origin(settings: &InteropSettings) -> Result<Option<Origin>, OpenInteropError> {
    let text = settings.public_url.as_str();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || {
        value(
            "public_url",
            text,
            "a URL of scheme and host only, such as https://kiri.example",
        )
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    plain
        .then(|| Origin {
            scheme: url.scheme().to_owned(),
            authority: url.authority().to_owned(),
        })
        .map(Some)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sigma_core::clock::SystemClock;

    fn settings(folder: &Path) -> Settings {
        let mut settings = Settings::default();
        settings.store.path = folder.join("sigma.db").display().to_string();
        settings
    }

    fn refused(settings: &Settings) -> String {
        match open(settings, Arc::new(SystemClock::default())) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("opened"),
        }
    }

    #[test]
    fn the_ledger_lies_beside_the_sessions() {
        let mut settings = Settings::default();
        assert_eq!(ledger_path(&settings), Some("sigma.interop.db".into()));
        settings.store.path = MEMORY.into();
        assert_eq!(ledger_path(&settings), None);
        settings.interop.ledger = "x.db".into();
        assert_eq!(ledger_path(&settings), Some("x.db".into()));
        settings.interop.ledger = OFF.into();
        assert_eq!(ledger_path(&settings), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut wrong = settings(folder.path());
        wrong.interop.public_url = "https://kiri.example/api".into();
        assert!(refused(&wrong).contains("`interop.public_url`"));
        let mut wrong = settings(folder.path());
        wrong.interop.translations.0 = vec!["ext:foo".into()];
        assert!(refused(&wrong).contains("`interop.translations`: \"ext:foo\""));
        let mut wrong = settings(folder.path());
        wrong.interop.treaties.0 = vec!["a;b".into()];
        assert!(refused(&wrong).contains("`interop.treaties`: \"a;b\""));
        let mut wrong = settings(folder.path());
        wrong.interop.reserved_prefixes.0 = vec!["ext:".into()];
        assert!(refused(&wrong).contains("`interop.reserved_prefixes`: \"ext:\""));
        let mut wrong = settings(folder.path());
        wrong.interop.reserved_hosts.0 = vec!["127.0.0.1:8080".into()];
        assert!(refused(&wrong).contains("`interop.reserved_hosts`"));
        let mut wrong = settings(folder.path());
        wrong.interop.negotiation_minutes = 0;
        assert!(refused(&wrong).contains("`interop.negotiation_minutes`"));
        let mut wrong = settings(folder.path());
        wrong.interop.registry = folder.path().join("none.json").display().to_string();
        assert!(refused(&wrong).contains("`interop.registry`"));
    }

    #[test]
    fn our_own_host_is_kept_for_us() {
        let settings = InteropSettings {
            public_url: "https://runtime.example".into(),
            ..InteropSettings::default()
        };
        let own = origin(&settings).unwrap();
        let decided = decided(&settings, own.as_ref()).unwrap();
        assert!(
            decided
                .reserved
                .covers_address("https://runtime.example/ns")
        );
        assert_eq!(
            decided.reach,
            Reach::Public,
            "loopback is never asked by itself"
        );
    }

    #[test]
    fn a_new_ledger_gets_a_key_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let settings = settings(folder.path());
        let clock = || Arc::new(SystemClock::default());
        let key = |interop: Option<Interop>| interop.unwrap().gateway.key().public().clone();
        let first = key(open(&settings, clock()).unwrap());
        assert_eq!(key(open(&settings, clock()).unwrap()), first);
    }
}
