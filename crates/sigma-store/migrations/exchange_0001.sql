-- Other runtimes and what came from them. Bodies are opaque.

CREATE TABLE peer (
    runtime_id TEXT PRIMARY KEY,
    kid        TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL,
    url        TEXT,
    grants     TEXT NOT NULL,
    added_at   INTEGER NOT NULL,
    met        TEXT
) STRICT, WITHOUT ROWID;

-- the last state and the last frame that a peer told
CREATE TABLE told (
    runtime_id TEXT NOT NULL REFERENCES peer (runtime_id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    body       TEXT NOT NULL,
    PRIMARY KEY (runtime_id, kind)
) STRICT, WITHOUT ROWID;

-- memory of others: looked at by operators, read by nothing else
CREATE TABLE quarantine (
    place      INTEGER PRIMARY KEY AUTOINCREMENT,
    runtime_id TEXT NOT NULL REFERENCES peer (runtime_id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    checksum   TEXT NOT NULL,
    body       TEXT NOT NULL,
    UNIQUE (runtime_id, checksum)
) STRICT;

-- which commands a session followed, and in what order
CREATE TABLE command_log (
    session TEXT PRIMARY KEY,
    body    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
