-- The office's tables, in words that both databases read. BIGINT is an amount in fen, an instant in milliseconds since 1970 (UTC),
-- a number, or 0/1; TEXT is an id, a date `2023-02-23`, or canonical JSON. Triggers are made beside it, see store/migrate.rs.

-- Log and commands -------------------------------------------------------------------------------------------------------------

CREATE TABLE head (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE log (
    seq BIGINT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);

CREATE TABLE command (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    salt TEXT,
    act TEXT,
    seq BIGINT NOT NULL REFERENCES log (seq),
    result TEXT NOT NULL
);

CREATE TABLE outbox (
    seq BIGINT NOT NULL,
    i BIGINT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (seq, i)
);

CREATE TABLE cursor (
    consumer TEXT PRIMARY KEY,
    seq BIGINT NOT NULL,
    i BIGINT NOT NULL
);

-- Whatever is kept word for word: packages' files, facts as a decision saw them, decisions, bank files. By content.
CREATE TABLE document (
    digest TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT
);

CREATE TABLE transition (
    machine TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
);

-- People -----------------------------------------------------------------------------------------------------------------------

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    bureau TEXT NOT NULL,
    salt TEXT NOT NULL
);

CREATE TABLE duty (
    person TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    PRIMARY KEY (person, role, scope, since)
);
CREATE INDEX duty_role ON duty (role);

CREATE TABLE interest (
    person TEXT NOT NULL REFERENCES person (id),
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (person, subject)
);

-- In which bureau somebody works since a day.
CREATE TABLE post (
    person TEXT NOT NULL REFERENCES person (id),
    since TEXT NOT NULL,
    bureau TEXT NOT NULL,
    PRIMARY KEY (person, since)
);

-- Who was named in advance, to act where nobody who has the role may.
CREATE TABLE substitute (
    person TEXT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    named_at BIGINT NOT NULL,
    PRIMARY KEY (person, role, scope, since)
);

-- Who acted, in which role, on what: what separation of duties reads.
CREATE TABLE deed (
    target TEXT NOT NULL,
    role TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (target, role, person, seq)
);

-- Register ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE subject (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT,
    salt TEXT
);

-- A number is personal: it is no key, because keys stand in the log.
CREATE TABLE identifier (
    id TEXT PRIMARY KEY,
    scheme TEXT NOT NULL,
    value TEXT,
    salt TEXT,
    since TEXT NOT NULL,
    subject TEXT NOT NULL REFERENCES subject (id),
    UNIQUE (scheme, value, since)
);
CREATE INDEX identifier_subject ON identifier (subject);

CREATE TABLE successor (
    old TEXT NOT NULL REFERENCES subject (id),
    new TEXT NOT NULL REFERENCES subject (id),
    since TEXT NOT NULL,
    PRIMARY KEY (old, new, since),
    CHECK (old <> new)
);
CREATE INDEX successor_new ON successor (new);

CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES subject (id),
    path TEXT NOT NULL,
    value TEXT,
    salt TEXT,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    known_from BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    source TEXT NOT NULL,
    evidence TEXT,
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE INDEX fact_subject ON fact (subject, path, seq);
CREATE INDEX fact_titles ON fact (seq) WHERE path = '/titles';

-- Who is related to which applicant: `one` is an applicant or a person.
CREATE TABLE relation (
    id TEXT PRIMARY KEY,
    one TEXT NOT NULL,
    kind TEXT NOT NULL,
    other TEXT NOT NULL REFERENCES subject (id),
    holds BIGINT NOT NULL CHECK (holds IN (0, 1)),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    known_from BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    source TEXT NOT NULL,
    evidence TEXT,
    CHECK (valid_to IS NULL OR valid_to > valid_from),
    CHECK (one <> other)
);
CREATE INDEX relation_one ON relation (one);
CREATE INDEX relation_other ON relation (other);

CREATE TABLE title (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES subject (id),
    title TEXT NOT NULL,
    level TEXT,
    granted TEXT,
    until TEXT,
    review_on TEXT,
    rectify_by TEXT,
    revoked TEXT,
    case_id TEXT,
    certificate TEXT UNIQUE,
    state TEXT NOT NULL
);
CREATE INDEX title_subject ON title (subject);
CREATE INDEX title_state ON title (state);
CREATE INDEX title_case ON title (case_id);

-- What an officer found in the review of a title, and the decision of the approver who confirmed it.
CREATE TABLE assessment (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL REFERENCES title (id),
    n BIGINT NOT NULL CHECK (n > 0),
    outcome TEXT NOT NULL CHECK (outcome IN ('renew', 'rectify', 'revoke')),
    reason TEXT NOT NULL,
    heard TEXT,
    rectify_by TEXT,
    verdict TEXT NOT NULL,
    at BIGINT NOT NULL,
    decision TEXT,
    UNIQUE (title, n)
);

-- Policies, rounds, cases, decisions -------------------------------------------------------------------------------------------

CREATE TABLE policy (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL REFERENCES document (digest),
    simulation TEXT REFERENCES document (digest),
    published_on TEXT,
    state TEXT NOT NULL,
    UNIQUE (name, version)
);

CREATE TABLE round (
    id TEXT PRIMARY KEY,
    policy TEXT NOT NULL REFERENCES policy (id),
    measure TEXT NOT NULL,
    payer TEXT NOT NULL,
    fund TEXT NOT NULL,
    year BIGINT NOT NULL,
    contested TEXT NOT NULL CHECK (contested IN ('wait', 'hold_back')),
    reviews BIGINT NOT NULL CHECK (reviews >= 0),
    on_date TEXT NOT NULL,
    closes TEXT NOT NULL,
    amount BIGINT CHECK (amount BETWEEN 0 AND 900000000000000000),
    claims TEXT REFERENCES document (digest),
    list TEXT,
    state TEXT NOT NULL
);

CREATE TABLE "case" (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('award', 'title')),
    subject TEXT NOT NULL REFERENCES subject (id),
    policy TEXT NOT NULL REFERENCES policy (id),
    measure TEXT NOT NULL,
    object TEXT NOT NULL,
    on_date TEXT NOT NULL,
    round TEXT REFERENCES round (id),
    origin TEXT NOT NULL CHECK (origin IN ('offer', 'application')),
    opened_at BIGINT NOT NULL,
    applied_at BIGINT,
    offer_until TEXT,
    list TEXT,
    state TEXT NOT NULL
);
CREATE INDEX case_subject ON "case" (subject);
CREATE INDEX case_state ON "case" (state, measure);
CREATE INDEX case_round ON "case" (round);
CREATE UNIQUE INDEX case_live ON "case" (subject, measure, object)
    WHERE state NOT IN ('closed', 'declined', 'expired', 'lapsed', 'withdrawn', 'refused', 'inadmissible');

-- That nobody who has a role may act on a case, and who stands in.
CREATE TABLE vacancy (
    case_id TEXT NOT NULL REFERENCES "case" (id),
    role TEXT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    at BIGINT NOT NULL,
    barred TEXT NOT NULL,
    substitute TEXT REFERENCES person (id),
    PRIMARY KEY (case_id, role, n)
);

-- What a match found for an applicant that is no offer: `ready` to be applied for, `almost` there, or nothing any more.
CREATE TABLE note (
    subject TEXT NOT NULL REFERENCES subject (id),
    measure TEXT NOT NULL,
    object TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ready', 'almost', 'none')),
    body TEXT NOT NULL,
    PRIMARY KEY (subject, measure, object)
);

-- What a case claims of its round's fund, and what it gets.
CREATE TABLE share (
    round TEXT NOT NULL REFERENCES round (id),
    case_id TEXT NOT NULL REFERENCES "case" (id),
    claim BIGINT NOT NULL CHECK (claim BETWEEN 1 AND 900000000000000000),
    rank TEXT,
    place BIGINT,
    amount BIGINT CHECK (amount BETWEEN 0 AND claim),
    PRIMARY KEY (round, case_id)
);
CREATE INDEX share_case ON share (case_id);

-- Who waits for whose money. `passed` is the log entry by which the money then at hand was offered in vain.
CREATE TABLE queue (
    case_id TEXT NOT NULL REFERENCES "case" (id),
    payer TEXT NOT NULL,
    fund TEXT NOT NULL,
    passed BIGINT,
    PRIMARY KEY (case_id, payer, fund)
);
CREATE INDEX queue_fund ON queue (payer, fund);

-- When the clock of a case stood still.
CREATE TABLE standstill (
    case_id TEXT NOT NULL REFERENCES "case" (id),
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (case_id, since)
);

CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    n BIGINT NOT NULL CHECK (n > 0),
    supersedes TEXT UNIQUE REFERENCES decision (id),
    kind TEXT NOT NULL CHECK (kind IN ('grant', 'refuse', 'reject', 'lower', 'raise', 'revise', 'annul', 'keep')),
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 900000000000000000),
    at BIGINT NOT NULL,
    person TEXT NOT NULL,
    on_date TEXT NOT NULL,
    known BIGINT NOT NULL,
    policy TEXT NOT NULL REFERENCES policy (id),
    engine TEXT NOT NULL,
    calendar TEXT NOT NULL,
    facts TEXT NOT NULL REFERENCES document (digest),
    result TEXT NOT NULL REFERENCES document (digest),
    reasons TEXT NOT NULL,
    UNIQUE (case_id, n),
    CHECK ((n = 1) = (supersedes IS NULL))
);

-- A draw of reviewers: `plan` is the cases and the pool, `commitment` the hash of a seed that is shown later, `entry` the log entry that committed.
CREATE TABLE draw (
    id TEXT PRIMARY KEY,
    plan TEXT NOT NULL REFERENCES document (digest),
    commitment TEXT NOT NULL,
    entry BIGINT NOT NULL,
    seed TEXT
);

CREATE TABLE review (
    id TEXT PRIMARY KEY,
    draw TEXT NOT NULL REFERENCES draw (id),
    case_id TEXT NOT NULL REFERENCES "case" (id),
    reviewer TEXT NOT NULL REFERENCES person (id),
    score BIGINT CHECK (score BETWEEN 0 AND 10000),
    note TEXT,
    salt TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX review_live ON review (case_id, reviewer) WHERE state <> 'voided';
CREATE INDEX review_case ON review (case_id);

-- Publicity --------------------------------------------------------------------------------------------------------------------

CREATE TABLE list (
    id TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    round TEXT REFERENCES round (id),
    hash TEXT NOT NULL,
    days BIGINT NOT NULL CHECK (days > 0),
    published_on TEXT,
    clear_at BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE "row" (
    list TEXT NOT NULL,
    version BIGINT NOT NULL,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    subject TEXT NOT NULL,
    title TEXT,
    amount BIGINT,
    public_since TEXT,
    PRIMARY KEY (list, version, case_id),
    FOREIGN KEY (list, version) REFERENCES list (id, version)
);
CREATE INDEX row_case ON "row" (case_id);

CREATE TABLE objection (
    id TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    version BIGINT NOT NULL,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    ground TEXT NOT NULL,
    lodged_at BIGINT NOT NULL,
    examiner TEXT,
    remedy TEXT CHECK (remedy IN ('strike', 'lower', 'raise', 'correct')),
    amount BIGINT,
    heard TEXT,
    reason TEXT,
    state TEXT NOT NULL
);
CREATE INDEX objection_case ON objection (case_id);

-- Who objects, apart from what is said, so that whoever reads the one does not read the other.
CREATE TABLE objector (
    objection TEXT PRIMARY KEY REFERENCES objection (id),
    person TEXT NOT NULL,
    name TEXT,
    salt TEXT
);

-- Awards -----------------------------------------------------------------------------------------------------------------------

CREATE TABLE award (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES "case" (id),
    decision TEXT NOT NULL REFERENCES decision (id),
    subject TEXT NOT NULL REFERENCES subject (id),
    payee TEXT NOT NULL REFERENCES subject (id),
    debtor TEXT NOT NULL REFERENCES subject (id),
    family TEXT NOT NULL,
    object TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    occurrence TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 900000000000000000),
    state TEXT NOT NULL
);
CREATE INDEX award_subject ON award (subject);
CREATE INDEX award_case ON award (case_id);
CREATE INDEX award_key ON award (subject_key);
CREATE INDEX award_payee ON award (payee);
CREATE UNIQUE INDEX award_live ON award (family, subject_key, occurrence) WHERE state NOT IN ('annulled', 'renounced');

CREATE TABLE part (
    award TEXT NOT NULL REFERENCES award (id),
    payer TEXT NOT NULL,
    fund TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    external BIGINT NOT NULL CHECK (external IN (0, 1)),
    together BIGINT NOT NULL CHECK (together IN (0, 1)),
    PRIMARY KEY (award, payer)
);
CREATE INDEX part_fund ON part (payer, fund);

-- What a payer with an office of its own said to its part.
CREATE TABLE confirmation (
    award TEXT NOT NULL,
    payer TEXT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    said TEXT NOT NULL CHECK (said IN ('accepted', 'paid', 'refused')),
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 900000000000000000),
    paid_on TEXT,
    evidence TEXT NOT NULL REFERENCES document (digest),
    at BIGINT NOT NULL,
    PRIMARY KEY (award, payer, n),
    FOREIGN KEY (award, payer) REFERENCES part (award, payer)
);

CREATE TABLE line (
    id TEXT PRIMARY KEY,
    payer TEXT NOT NULL,
    fund TEXT NOT NULL,
    year BIGINT NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (payer, fund, year)
);

CREATE TABLE instalment (
    id TEXT PRIMARY KEY,
    award TEXT NOT NULL,
    payer TEXT NOT NULL,
    n BIGINT NOT NULL CHECK (n > 0),
    period BIGINT NOT NULL CHECK (period BETWEEN 1 AND n),
    due TEXT NOT NULL,
    line TEXT REFERENCES line (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    decision TEXT REFERENCES decision (id),
    payable_at BIGINT,
    waits_for TEXT,
    state TEXT NOT NULL,
    UNIQUE (award, payer, n),
    FOREIGN KEY (award, payer) REFERENCES part (award, payer)
);
CREATE INDEX instalment_state ON instalment (state, due);
CREATE INDEX instalment_line ON instalment (line);

CREATE TABLE authorisation (
    fund TEXT NOT NULL,
    year BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount BETWEEN 0 AND 900000000000000000),
    PRIMARY KEY (fund, year)
);

CREATE TABLE pledge (
    fund TEXT NOT NULL,
    year BIGINT NOT NULL,
    instalment TEXT NOT NULL REFERENCES instalment (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    live BIGINT NOT NULL CHECK (live IN (0, 1)),
    PRIMARY KEY (fund, year, instalment),
    FOREIGN KEY (fund, year) REFERENCES authorisation (fund, year)
);
CREATE INDEX pledge_instalment ON pledge (instalment);

CREATE TABLE obligation (
    id TEXT PRIMARY KEY,
    award TEXT NOT NULL REFERENCES award (id),
    n BIGINT NOT NULL CHECK (n > 0),
    name TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    due TEXT,
    breach TEXT,
    state TEXT NOT NULL
);
CREATE INDEX obligation_award ON obligation (award);
CREATE INDEX obligation_due ON obligation (state, due);

-- Ledger -----------------------------------------------------------------------------------------------------------------------

CREATE TABLE posting (
    seq BIGINT NOT NULL,
    i BIGINT NOT NULL,
    line TEXT NOT NULL REFERENCES line (id),
    to_account TEXT NOT NULL,
    to_holder TEXT,
    from_account TEXT NOT NULL,
    from_holder TEXT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    cause TEXT NOT NULL,
    link TEXT,
    PRIMARY KEY (seq, i),
    CHECK ((to_account IN ('available', 'lapsed', 'outside')) = (to_holder IS NULL)),
    CHECK ((from_account IN ('available', 'lapsed', 'outside')) = (from_holder IS NULL))
);
CREATE INDEX posting_line ON posting (line);
CREATE INDEX posting_link ON posting (link);
CREATE INDEX posting_to ON posting (to_holder);

-- Payments ---------------------------------------------------------------------------------------------------------------------

CREATE TABLE account (
    id TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    subject TEXT NOT NULL REFERENCES subject (id),
    name TEXT,
    number TEXT,
    bank TEXT,
    salt TEXT,
    entered_by TEXT NOT NULL,
    active_from BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX account_active ON account (subject) WHERE state = 'active';
CREATE INDEX account_subject ON account (subject);

CREATE TABLE batch (
    id TEXT PRIMARY KEY,
    line TEXT,
    mode TEXT NOT NULL,
    execution TEXT NOT NULL,
    hash TEXT,
    count BIGINT,
    sum BIGINT,
    file TEXT REFERENCES document (digest),
    rechecked_at BIGINT,
    state TEXT NOT NULL
);

CREATE TABLE instruction (
    id TEXT PRIMARY KEY,
    instalment TEXT NOT NULL REFERENCES instalment (id),
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    account TEXT NOT NULL,
    version BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    batch TEXT REFERENCES batch (id),
    replaces TEXT REFERENCES instruction (id),
    sent_at BIGINT,
    evidence TEXT,
    state TEXT NOT NULL,
    UNIQUE (instalment, attempt),
    FOREIGN KEY (account, version) REFERENCES account (id, version)
);
CREATE INDEX instruction_state ON instruction (state);
CREATE INDEX instruction_batch ON instruction (batch);
CREATE UNIQUE INDEX instruction_live ON instruction (instalment)
    WHERE state NOT IN ('rejected', 'not_executed', 'paid_in_part', 'returned', 'cancelled');

CREATE TABLE batch_row (
    batch TEXT NOT NULL REFERENCES batch (id),
    instruction TEXT NOT NULL REFERENCES instruction (id),
    PRIMARY KEY (batch, instruction)
);
CREATE INDEX batch_row_instruction ON batch_row (instruction);

CREATE TABLE bank_statement (
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    opening BIGINT NOT NULL,
    closing BIGINT NOT NULL,
    document TEXT NOT NULL REFERENCES document (digest),
    PRIMARY KEY (account, day)
);

CREATE TABLE bank_entry (
    account TEXT NOT NULL,
    bank_ref TEXT NOT NULL,
    booked TEXT NOT NULL,
    amount BIGINT NOT NULL,
    debit BIGINT NOT NULL CHECK (debit IN (0, 1)),
    kind TEXT NOT NULL,
    instruction TEXT,
    document TEXT NOT NULL REFERENCES document (digest),
    PRIMARY KEY (account, bank_ref)
);
CREATE INDEX bank_entry_instruction ON bank_entry (instruction);
CREATE INDEX bank_entry_day ON bank_entry (account, booked);

CREATE TABLE difference (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    bank_ref TEXT,
    file TEXT,
    instruction TEXT,
    instalment TEXT,
    amount BIGINT NOT NULL,
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    explanation TEXT,
    remedy TEXT CHECK (remedy IN ('none', 'paid', 'returned')),
    refunded BIGINT NOT NULL CHECK (refunded >= 0),
    state TEXT NOT NULL
);
CREATE INDEX difference_instalment ON difference (instalment);
CREATE INDEX difference_day ON difference (account, day);

-- When the office was restored from a backup, and what became of each instalment whose payment the backup may not know.
CREATE TABLE restoration (
    epoch BIGINT PRIMARY KEY,
    since TEXT NOT NULL,
    restored TEXT NOT NULL,
    CHECK (since <= restored)
);

CREATE TABLE restored (
    epoch BIGINT NOT NULL REFERENCES restoration (epoch),
    instalment TEXT NOT NULL REFERENCES instalment (id),
    found TEXT CHECK (found IN ('matched', 'absent')),
    evidence TEXT,
    PRIMARY KEY (epoch, instalment),
    CHECK ((found IS NULL) = (evidence IS NULL))
);
CREATE INDEX restored_instalment ON restored (instalment);

-- What comes after -------------------------------------------------------------------------------------------------------------

CREATE TABLE recovery (
    id TEXT PRIMARY KEY,
    award TEXT NOT NULL REFERENCES award (id),
    debtor TEXT NOT NULL REFERENCES subject (id),
    decision TEXT REFERENCES decision (id),
    obligation TEXT REFERENCES obligation (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    interest BIGINT NOT NULL CHECK (interest >= 0),
    interest_came BIGINT NOT NULL CHECK (interest_came BETWEEN 0 AND interest),
    reason TEXT NOT NULL,
    hearing_on TEXT,
    hearing TEXT,
    consent TEXT,
    state TEXT NOT NULL
);
CREATE INDEX recovery_award ON recovery (award);
CREATE INDEX recovery_decision ON recovery (decision);

-- From which instalments a recovery takes its amount back.
CREATE TABLE claim (
    recovery TEXT NOT NULL REFERENCES recovery (id),
    instalment TEXT NOT NULL REFERENCES instalment (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    collected BIGINT NOT NULL CHECK (collected BETWEEN 0 AND amount),
    PRIMARY KEY (recovery, instalment)
);
CREATE INDEX claim_instalment ON claim (instalment);

CREATE TABLE offset_by (
    recovery TEXT NOT NULL REFERENCES recovery (id),
    instalment TEXT NOT NULL REFERENCES instalment (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (recovery, instalment)
);
CREATE INDEX offset_by_instalment ON offset_by (instalment);

CREATE TABLE appeal (
    id TEXT PRIMARY KEY,
    decision TEXT NOT NULL REFERENCES decision (id),
    appellant TEXT NOT NULL,
    ground TEXT NOT NULL,
    lodged_at BIGINT NOT NULL,
    examiner TEXT,
    reason TEXT,
    state TEXT NOT NULL
);
CREATE INDEX appeal_decision ON appeal (decision);

CREATE TABLE request (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES subject (id),
    service TEXT NOT NULL,
    object TEXT NOT NULL,
    policy TEXT NOT NULL REFERENCES policy (id),
    facts TEXT NOT NULL REFERENCES document (digest),
    result TEXT NOT NULL REFERENCES document (digest),
    bureau TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    wish TEXT REFERENCES document (digest),
    due TEXT NOT NULL,
    stopped TEXT,
    officer TEXT,
    question TEXT REFERENCES document (digest),
    reply TEXT REFERENCES document (digest),
    answer TEXT REFERENCES document (digest),
    overdue TEXT,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX request_open ON request (subject, service, object) WHERE state IN ('asked', 'taken', 'asked_back');
CREATE INDEX request_bureau ON request (bureau, state);

CREATE TABLE hold (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('subject', 'title', 'award', 'instalment', 'recovery')),
    target TEXT NOT NULL,
    reason TEXT NOT NULL,
    owner TEXT NOT NULL,
    since BIGINT NOT NULL,
    until TEXT,
    lifted_at BIGINT,
    lifted_by TEXT
);
CREATE INDEX hold_target ON hold (kind, target);
