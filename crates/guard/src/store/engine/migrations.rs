//! The schema, as the steps that lead to it.

/// Each entry brings the schema one version further; entries are never changed. Written for SQLite.
///
/// `forget_at` is when [`tidy`](crate::Store::tidy) may delete a row. The moments of rows that another moment decides
/// about (a session that was unused for too long) are not computed here: readers check them.
const STEPS: [&str; 3] = [
    "
    CREATE TABLE api_key (
        id            TEXT    PRIMARY KEY,
        name          TEXT    NOT NULL,
        secret_sha256 BLOB    NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
        scopes        TEXT    NOT NULL,
        tier          TEXT    NOT NULL,
        created_at    INTEGER NOT NULL,
        expires_at    INTEGER,
        revoked_at    INTEGER,
        last_used_at  INTEGER
    ) STRICT;
    ",
    "
    CREATE TABLE account (
        sub                 TEXT    PRIMARY KEY,
        name                TEXT    NOT NULL,
        login_key           TEXT    NOT NULL UNIQUE,
        phc                 TEXT    NOT NULL,
        tier                TEXT    NOT NULL,
        scopes              TEXT    NOT NULL,
        created_at          INTEGER NOT NULL,
        password_changed_at INTEGER NOT NULL,
        disabled_at         INTEGER
    ) STRICT;

    CREATE TABLE session (
        sid           TEXT    PRIMARY KEY,
        sub           TEXT    NOT NULL,
        client_id     TEXT    NOT NULL,
        scopes        TEXT    NOT NULL,
        tier          TEXT    NOT NULL,
        bound_jkt     TEXT,
        bound_cookie  BLOB    CHECK (length(bound_cookie) = 32),
        created_at    INTEGER NOT NULL,
        last_used_at  INTEGER NOT NULL,
        idle_s        INTEGER NOT NULL,
        expires_at    INTEGER NOT NULL,
        ended_at      INTEGER,
        cookie_sha256 BLOB    UNIQUE CHECK (length(cookie_sha256) = 32),
        forget_at     INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX session_sub ON session (sub);
    CREATE INDEX session_forget_at ON session (forget_at);

    CREATE TABLE refresh_token (
        token_sha256 BLOB    PRIMARY KEY CHECK (length(token_sha256) = 32),
        sid          TEXT    NOT NULL,
        used_at      INTEGER,
        forget_at    INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX refresh_token_forget_at ON refresh_token (forget_at);

    CREATE TABLE authorization_code (
        code_sha256    BLOB    PRIMARY KEY CHECK (length(code_sha256) = 32),
        client_id      TEXT    NOT NULL,
        redirect_uri   TEXT    NOT NULL,
        code_challenge TEXT    NOT NULL,
        jkt            TEXT,
        sub            TEXT    NOT NULL,
        tier           TEXT    NOT NULL,
        scopes         TEXT    NOT NULL,
        expires_at     INTEGER NOT NULL,
        used_at        INTEGER,
        used_again_at  INTEGER,
        sid            TEXT,
        forget_at      INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX authorization_code_sub ON authorization_code (sub);
    CREATE INDEX authorization_code_forget_at ON authorization_code (forget_at);

    CREATE TABLE signing_key (
        kid        TEXT    PRIMARY KEY,
        sealed     BLOB    NOT NULL,
        point      BLOB    NOT NULL,
        state      TEXT    NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE attempt (
        name_sha256 BLOB    PRIMARY KEY CHECK (length(name_sha256) = 32),
        next_ms     INTEGER NOT NULL,
        failures    INTEGER NOT NULL,
        changed_at  INTEGER NOT NULL,
        forget_at   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX attempt_forget_at ON attempt (forget_at);

    CREATE TABLE revocation (
        kind         TEXT    NOT NULL,
        issuer       TEXT    NOT NULL,
        name         TEXT    NOT NULL,
        covers_up_to INTEGER NOT NULL,
        written_at   INTEGER NOT NULL,
        forget_at    INTEGER NOT NULL,
        PRIMARY KEY (kind, issuer, name)
    ) STRICT;
    CREATE INDEX revocation_written_at ON revocation (written_at);
    CREATE INDEX revocation_forget_at ON revocation (forget_at);

    CREATE TABLE mutex (name TEXT PRIMARY KEY) STRICT;
    INSERT INTO mutex (name) VALUES ('signing_keys');
    ",
    "
    ALTER TABLE session ADD COLUMN parent TEXT;
    CREATE INDEX session_parent ON session (parent);
    ALTER TABLE authorization_code ADD COLUMN parent TEXT NOT NULL DEFAULT '';

    ALTER TABLE revocation ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX revocation_number ON revocation (number);
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    INSERT INTO counter (name, value) VALUES ('revocation', 0);
    ",
];

/// The version that this program reads and writes.
pub(super) const NEWEST: usize = STEPS.len();

/// The steps from version `done` on, for SQLite.
pub(super) fn for_sqlite(done: usize) -> impl Iterator<Item = String> {
    STEPS.iter().skip(done).map(|step| (*step).to_owned())
}

/// The steps from version `done` on, for Postgres: the same tables with its names of the types.
pub(super) fn for_postgres(done: usize) -> impl Iterator<Item = String> {
    STEPS.iter().skip(done).map(|step| {
        step.replace(" BLOB ", " BYTEA ").replace(" INTEGER", " BIGINT").replace(") STRICT;", ");")
    })
}
