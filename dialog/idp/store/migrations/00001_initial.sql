-- One text for both dialects: SQLite takes any type name, and BYTEA and BOOLEAN
-- keep what they are given. Times are microseconds since 1970, 0 for none.

-- +goose Up
CREATE TABLE accounts (
	id      TEXT PRIMARY KEY,
	created BIGINT NOT NULL,
	blocked BOOLEAN NOT NULL,
	handle  BYTEA NOT NULL
);

CREATE TABLE addresses (
	address    TEXT PRIMARY KEY, -- idp.AddressKey
	email      TEXT NOT NULL,
	account    TEXT NOT NULL,
	generation BIGINT NOT NULL,
	proven     BIGINT NOT NULL
);
CREATE INDEX addresses_account ON addresses (account);

CREATE TABLE challenges (
	id           TEXT PRIMARY KEY,
	email        TEXT NOT NULL,
	browser_hash BYTEA NOT NULL,
	words        TEXT NOT NULL,
	elsewhere    BOOLEAN NOT NULL,
	created      BIGINT NOT NULL,
	expires      BIGINT NOT NULL,
	codes        TEXT NOT NULL, -- JSON
	spent        BIGINT NOT NULL,
	session      BYTEA NOT NULL
);
CREATE INDEX challenges_expires ON challenges (expires);

CREATE TABLE challenge_links (
	link_hash BYTEA PRIMARY KEY,
	challenge TEXT NOT NULL REFERENCES challenges (id) ON DELETE CASCADE
);
CREATE INDEX challenge_links_challenge ON challenge_links (challenge);

CREATE TABLE sessions (
	token_hash BYTEA PRIMARY KEY,
	id         TEXT NOT NULL,
	account    TEXT NOT NULL,
	proofs     TEXT NOT NULL, -- JSON
	browser    TEXT NOT NULL,
	elsewhere  BOOLEAN NOT NULL,
	created    BIGINT NOT NULL,
	seen       BIGINT NOT NULL,
	expires    BIGINT NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE session_addresses (
	token_hash BYTEA NOT NULL REFERENCES sessions (token_hash) ON DELETE CASCADE,
	address    TEXT NOT NULL,
	PRIMARY KEY (token_hash, address)
);
CREATE INDEX session_addresses_address ON session_addresses (address);

CREATE TABLE passkeys (
	credential_id BYTEA PRIMARY KEY,
	id            TEXT NOT NULL,
	account       TEXT NOT NULL,
	name          TEXT NOT NULL,
	proofs        TEXT NOT NULL, -- JSON
	credential    BYTEA NOT NULL,
	undo_hash     BYTEA NOT NULL,
	session       TEXT NOT NULL,
	created       BIGINT NOT NULL,
	used          BIGINT NOT NULL
);
CREATE INDEX passkeys_account ON passkeys (account);
CREATE INDEX passkeys_undo ON passkeys (undo_hash);

CREATE TABLE ceremonies (
	id           TEXT PRIMARY KEY,
	browser_hash BYTEA NOT NULL,
	data         BYTEA NOT NULL,
	expires      BIGINT NOT NULL
);
CREATE INDEX ceremonies_expires ON ceremonies (expires);

CREATE TABLE mails (
	id      TEXT PRIMARY KEY,
	sealed  BYTEA NOT NULL,
	state   TEXT NOT NULL,
	tries   BIGINT NOT NULL,
	due     BIGINT NOT NULL,
	leased  BIGINT NOT NULL,
	reason  TEXT NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX mails_due ON mails (due) WHERE state = 'queued';
CREATE INDEX mails_expires ON mails (expires);

CREATE TABLE issuances (
	email_mac BYTEA NOT NULL,
	at        BIGINT NOT NULL,
	hash      BYTEA NOT NULL,
	expires   BIGINT NOT NULL,
	session   TEXT NOT NULL,
	browser   TEXT NOT NULL,
	signer    TEXT NOT NULL,
	PRIMARY KEY (email_mac, at, hash)
);
CREATE INDEX issuances_at ON issuances (at);

CREATE TABLE counters (
	name   TEXT PRIMARY KEY,
	stands BIGINT NOT NULL,
	ends   BIGINT NOT NULL
);
CREATE INDEX counters_ends ON counters (ends);

CREATE TABLE familiars (
	familiar BYTEA PRIMARY KEY,
	until    BIGINT NOT NULL
);
CREATE INDEX familiars_until ON familiars (until);

CREATE TABLE sightings (
	domain        TEXT PRIMARY KEY,
	first         BIGINT NOT NULL,
	last          BIGINT NOT NULL,
	missing       BIGINT NOT NULL,
	missing_since BIGINT NOT NULL
);

CREATE TABLE replays (
	assertion BYTEA PRIMARY KEY,
	expires   BIGINT NOT NULL
);
CREATE INDEX replays_expires ON replays (expires);

CREATE TABLE acme (
	name TEXT PRIMARY KEY,
	data BYTEA NOT NULL -- sealed
);
