-- Sessions, their cycles, and three append-only sequences of records.
-- Bodies are opaque. A digest covers all that its row says, so that damage is found when it is read;
-- the counts of a session tell how many rows of each sequence there must be.

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    cycle      INTEGER NOT NULL DEFAULT 0 CHECK (cycle >= 0),
    updated_at INTEGER,
    frames     INTEGER NOT NULL DEFAULT 0 CHECK (frames >= 0),
    tombstones INTEGER NOT NULL DEFAULT 0 CHECK (tombstones >= 0),
    ledger     INTEGER NOT NULL DEFAULT 0 CHECK (ledger >= 0),
    state      BLOB,
    digest     BLOB    CHECK (length(digest) = 32),
    CHECK ((cycle = 0) = (state IS NULL)),
    CHECK ((cycle = 0) = (updated_at IS NULL)),
    CHECK ((cycle = 0) = (digest IS NULL))
) STRICT;

CREATE INDEX session_by_change ON session (updated_at DESC, name) WHERE cycle > 0;

CREATE TABLE cycle (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    cycle   INTEGER NOT NULL CHECK (cycle > 0),
    at      INTEGER NOT NULL,
    report  BLOB    NOT NULL,
    digest  BLOB    NOT NULL CHECK (length(digest) = 32),
    key     TEXT,
    request BLOB    CHECK (length(request) = 32),
    UNIQUE (session, cycle),
    CHECK ((key IS NULL) = (request IS NULL))
) STRICT;

CREATE UNIQUE INDEX cycle_by_key ON cycle (session, key) WHERE key IS NOT NULL;

CREATE TABLE frame (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL CHECK (seq >= 0),
    cycle   INTEGER NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    body    BLOB    NOT NULL,
    digest  BLOB    NOT NULL CHECK (length(digest) = 32),
    UNIQUE (session, seq)
) STRICT;

CREATE TABLE tombstone (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL CHECK (seq >= 0),
    cycle   INTEGER NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    body    BLOB    NOT NULL,
    digest  BLOB    NOT NULL CHECK (length(digest) = 32),
    UNIQUE (session, seq)
) STRICT;

CREATE TABLE ledger (
    id      INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL CHECK (seq >= 0),
    cycle   INTEGER NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32),
    body    BLOB    NOT NULL,
    digest  BLOB    NOT NULL CHECK (length(digest) = 32),
    UNIQUE (session, seq)
) STRICT;

CREATE TABLE event (
    id          INTEGER PRIMARY KEY,
    session     INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    after_cycle INTEGER NOT NULL CHECK (after_cycle >= 0),
    kind        TEXT    NOT NULL
) STRICT;

CREATE INDEX event_by_session ON event (session, id);

-- What was written stays as it was. Rows go only when their whole session is erased.
CREATE TRIGGER cycle_stays BEFORE UPDATE ON cycle
BEGIN SELECT RAISE (ABORT, 'cycles are append-only'); END;
CREATE TRIGGER frame_stays BEFORE UPDATE ON frame
BEGIN SELECT RAISE (ABORT, 'frames are append-only'); END;
CREATE TRIGGER tombstone_stays BEFORE UPDATE ON tombstone
BEGIN SELECT RAISE (ABORT, 'tombstones are append-only'); END;
CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;

CREATE TRIGGER cycle_goes_with_session BEFORE DELETE ON cycle
WHEN EXISTS (SELECT 1 FROM session WHERE id = OLD.session)
BEGIN SELECT RAISE (ABORT, 'cycles are append-only'); END;
CREATE TRIGGER frame_goes_with_session BEFORE DELETE ON frame
WHEN EXISTS (SELECT 1 FROM session WHERE id = OLD.session)
BEGIN SELECT RAISE (ABORT, 'frames are append-only'); END;
CREATE TRIGGER tombstone_goes_with_session BEFORE DELETE ON tombstone
WHEN EXISTS (SELECT 1 FROM session WHERE id = OLD.session)
BEGIN SELECT RAISE (ABORT, 'tombstones are append-only'); END;
CREATE TRIGGER ledger_goes_with_session BEFORE DELETE ON ledger
WHEN EXISTS (SELECT 1 FROM session WHERE id = OLD.session)
BEGIN SELECT RAISE (ABORT, 'the ledger is append-only'); END;
