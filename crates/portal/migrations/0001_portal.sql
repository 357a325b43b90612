-- The portal's own tables, beside the office's in its database and in words that both databases read. BIGINT is an instant in
-- milliseconds since 1970 (UTC), a number, or 0/1. Nothing here is evidence: the log does not know these rows, and no decision rests on them.

-- Sign-in ----------------------------------------------------------------------------------------------------------------------

-- Who is signed in. `id` is the SHA-256 of what the cookie holds: who reads this table cannot take a session over.
CREATE TABLE portal_session (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    way TEXT NOT NULL CHECK (way IN ('password', 'oidc', 'demo')),
    device TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    factor_at BIGINT
);
CREATE INDEX portal_session_person ON portal_session (person);
CREATE INDEX portal_session_seen ON portal_session (seen_at);

-- A local account. `step` is the last step of the second factor that was used: none is used twice.
CREATE TABLE portal_credential (
    person TEXT PRIMARY KEY REFERENCES person (id),
    hash TEXT NOT NULL,
    secret TEXT NOT NULL,
    step BIGINT NOT NULL
);

-- Failed attempts by the name that was claimed, whether anybody has it or not: what happens here must not tell. `name` is a SHA-256, since
-- people type passwords there too.
CREATE TABLE portal_attempt (
    name TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- Whom a provider means by a subject.
CREATE TABLE portal_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX portal_identity_person ON portal_identity (person);

-- A sign-in that is at the provider. It is taken out by the answer to it, which comes once.
CREATE TABLE portal_login (
    state TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    person TEXT,
    target TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX portal_login_made ON portal_login (made_at);

-- By what a program comes in somebody's name. `id` is the SHA-256 of what the program holds; a token that was revoked is gone.
CREATE TABLE portal_token (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'command')),
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    UNIQUE (person, name)
);
CREATE INDEX portal_token_expires ON portal_token (expires_at);

-- What applicants have not sent yet -------------------------------------------------------------------------------------------

-- What was typed into a case's form, value by value, as it was typed.
CREATE TABLE portal_draft (
    case_id TEXT NOT NULL REFERENCES "case" (id),
    path TEXT NOT NULL,
    text TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (case_id, path)
);

-- Papers that prove what was stated. `body` is Base64 of what was sent, `kind` what it is by its content, `digest` its SHA-256.
CREATE TABLE portal_upload (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png', 'xlsx', 'csv')),
    size BIGINT NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    at BIGINT NOT NULL,
    UNIQUE (case_id, digest)
);

-- For which purposes what a register says of somebody may be read. One that was withdrawn stays, with its day.
CREATE TABLE portal_consent (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES subject (id),
    purpose TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    given_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX portal_consent_subject ON portal_consent (subject, purpose);
