-- The interop ledger and what lies beside it. Bodies are canonical JSON.

CREATE TABLE entry (
    seq        INTEGER PRIMARY KEY,
    entry_hash TEXT NOT NULL UNIQUE,
    entry_id   TEXT NOT NULL UNIQUE,
    body       TEXT NOT NULL
) STRICT;

-- append-only, whoever writes
CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE handshake (
    negotiation_id TEXT PRIMARY KEY,
    bind_token     TEXT UNIQUE,
    revision       INTEGER NOT NULL,
    body           TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- contacts and reasons, which can be erased
CREATE TABLE private_text (
    commitment TEXT PRIMARY KEY,
    body       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    bind_token TEXT NOT NULL,
    id         TEXT NOT NULL,
    number     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (bind_token, id),
    UNIQUE (bind_token, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id    TEXT NOT NULL UNIQUE,
    body  TEXT NOT NULL
) STRICT;
