-- Schema 1: the spine. Frozen: never edited after a release, never imports anything of ours.
--
-- Conventions for every table, also of those to come:
--   id        INTEGER PRIMARY KEY AUTOINCREMENT: a number people may quote is never given twice.
--   version   counts the writes to a row; a save names the version it was read at.
--   *_cents   money, whole cents.     *_min  minutes.     *_position  order among siblings, from 0.
--   *_on      a date, YYYY-MM-DD.     *_at   the clinic's wall clock, YYYY-MM-DDTHH:MM.
--   *_utc     an instant, YYYY-MM-DDTHH:MM:SS.ffffffZ (audit only).
--   is_*, may_*, needs_*  0 or 1.     Unknown text is '' and unknown numbers and dates are NULL.
--   external_source, external_id   where an imported row came from; together unique.

CREATE TABLE setting (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL                      -- JSON
);

CREATE TABLE user_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (login <> ''),
    display_name TEXT NOT NULL CHECK (display_name <> ''),
    role TEXT NOT NULL CHECK (role IN ('owner', 'manager', 'secretary', 'biller', 'read-only')),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
);

CREATE TABLE organization (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL DEFAULT 'practice',   -- practice, hospital, laboratory, pharmacy, other
    npi TEXT NOT NULL DEFAULT '',
    line1 TEXT NOT NULL DEFAULT '',
    line2 TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    fax TEXT NOT NULL DEFAULT '',
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);

CREATE TABLE payer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    payer_number TEXT NOT NULL DEFAULT '',   -- X12 NM109 of loop 2010BB
    line1 TEXT NOT NULL DEFAULT '',
    line2 TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);

CREATE TABLE provider (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    family_name TEXT NOT NULL CHECK (family_name <> ''),
    given_name TEXT NOT NULL DEFAULT '',
    credential TEXT NOT NULL DEFAULT '',     -- MD, DO, NP …
    specialty TEXT NOT NULL DEFAULT '',
    npi TEXT NOT NULL DEFAULT '',
    organization_id INTEGER REFERENCES organization (id),
    colour TEXT NOT NULL DEFAULT '',         -- a palette name of ui/theme, e.g. 'teal'
    is_bookable INTEGER NOT NULL DEFAULT 0 CHECK (is_bookable IN (0, 1)),  -- has a column on the day view
    position INTEGER NOT NULL DEFAULT 0,
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);

CREATE TABLE room (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    position INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE appointment_type (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    duration_min INTEGER NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    colour TEXT NOT NULL DEFAULT '',
    buffer_before_min INTEGER NOT NULL DEFAULT 0 CHECK (buffer_before_min >= 0),
    buffer_after_min INTEGER NOT NULL DEFAULT 0 CHECK (buffer_after_min >= 0),
    preparation TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    position INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE working_hours (                 -- a break is the gap between two rows of a day
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER NOT NULL REFERENCES provider (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),  -- Monday is 0
    starts_min INTEGER NOT NULL CHECK (starts_min BETWEEN 0 AND 1439),  -- minutes after midnight
    ends_min INTEGER NOT NULL CHECK (ends_min BETWEEN 1 AND 1440),
    valid_from_on TEXT CHECK (valid_from_on IS NULL OR date(valid_from_on) IS valid_from_on),
    valid_to_on TEXT CHECK (valid_to_on IS NULL OR date(valid_to_on) IS valid_to_on),
    CHECK (starts_min < ends_min)
);
CREATE INDEX working_hours_by_provider ON working_hours (provider_id, weekday);

CREATE TABLE closure (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    provider_id INTEGER REFERENCES provider (id),  -- NULL: the whole practice
    first_on TEXT NOT NULL CHECK (date(first_on) IS first_on),
    last_on TEXT NOT NULL CHECK (date(last_on) IS last_on),
    CHECK (first_on <= last_on)
);
CREATE INDEX closure_by_day ON closure (first_on, last_on);

CREATE TABLE patient (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    chart_number TEXT NOT NULL UNIQUE CHECK (chart_number <> ''),
    family_name TEXT NOT NULL CHECK (family_name <> ''),
    given_name TEXT NOT NULL DEFAULT '',
    middle_name TEXT NOT NULL DEFAULT '',
    name_prefix TEXT NOT NULL DEFAULT '',
    name_suffix TEXT NOT NULL DEFAULT '',
    preferred_name TEXT NOT NULL DEFAULT '',
    former_name TEXT NOT NULL DEFAULT '',
    pronouns TEXT NOT NULL DEFAULT '',
    sex TEXT NOT NULL DEFAULT 'U' CHECK (sex IN ('F', 'M', 'U')),
    gender TEXT NOT NULL DEFAULT '',
    birth_date TEXT CHECK (birth_date IS NULL          -- 1984, 1984-03 or 1984-03-14
        OR date(birth_date) IS birth_date
        OR (length(birth_date) = 7 AND date(birth_date || '-01') IS birth_date || '-01')
        OR (length(birth_date) = 4 AND date(birth_date || '-01-01') IS birth_date || '-01-01')),
    is_birth_estimated INTEGER NOT NULL DEFAULT 0 CHECK (is_birth_estimated IN (0, 1)),
    ssn TEXT NOT NULL DEFAULT '',            -- nine digits or the last four
    marital_status TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',       -- BCP 47
    needs_interpreter INTEGER NOT NULL DEFAULT 0 CHECK (needs_interpreter IN (0, 1)),
    email TEXT NOT NULL DEFAULT '',
    contact_preference TEXT NOT NULL DEFAULT '',  -- '', phone, text, email, mail, none
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'archived', 'deceased')),
    deceased_on TEXT CHECK (deceased_on IS NULL OR date(deceased_on) IS deceased_on),
    primary_provider_id INTEGER REFERENCES provider (id),
    note TEXT NOT NULL DEFAULT '',
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);

CREATE TABLE patient_phone (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    kind TEXT NOT NULL DEFAULT 'home' CHECK (kind IN ('home', 'mobile', 'work', 'other')),
    number TEXT NOT NULL CHECK (number <> ''),  -- E.164 where it parses, else as typed
    may_leave_message INTEGER NOT NULL DEFAULT 1 CHECK (may_leave_message IN (0, 1)),
    note TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX patient_phone_by_patient ON patient_phone (patient_id, position);

CREATE TABLE patient_address (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    kind TEXT NOT NULL DEFAULT 'home' CHECK (kind IN ('home', 'mailing', 'work', 'temporary', 'former')),
    line1 TEXT NOT NULL DEFAULT '',
    line2 TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT 'US',
    valid_from_on TEXT CHECK (valid_from_on IS NULL OR date(valid_from_on) IS valid_from_on),
    valid_to_on TEXT CHECK (valid_to_on IS NULL OR date(valid_to_on) IS valid_to_on),
    position INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX patient_address_by_patient ON patient_address (patient_id, position);

CREATE TABLE related_person (                -- emergency contact, next of kin, guarantor: people around
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    relation TEXT NOT NULL DEFAULT '',       -- spouse, parent, child …
    name TEXT NOT NULL CHECK (name <> ''),
    phone TEXT NOT NULL DEFAULT '',
    linked_patient_id INTEGER REFERENCES patient (id),
    is_emergency_contact INTEGER NOT NULL DEFAULT 0 CHECK (is_emergency_contact IN (0, 1)),
    is_next_of_kin INTEGER NOT NULL DEFAULT 0 CHECK (is_next_of_kin IN (0, 1)),
    is_guarantor INTEGER NOT NULL DEFAULT 0 CHECK (is_guarantor IN (0, 1)),  -- owes the balance
    position INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX related_person_by_patient ON related_person (patient_id, position);

CREATE TABLE coverage (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    payer_id INTEGER NOT NULL REFERENCES payer (id),
    rank TEXT NOT NULL DEFAULT 'primary' CHECK (rank IN ('primary', 'secondary', 'tertiary')),
    plan_name TEXT NOT NULL DEFAULT '',
    member_id TEXT NOT NULL DEFAULT '',
    group_number TEXT NOT NULL DEFAULT '',
    subscriber_relation TEXT NOT NULL DEFAULT 'self'
        CHECK (subscriber_relation IN ('self', 'spouse', 'child', 'other')),
    subscriber_name TEXT NOT NULL DEFAULT '',  -- who holds the policy; '' when she does
    copay_cents INTEGER CHECK (copay_cents IS NULL OR copay_cents >= 0),
    starts_on TEXT CHECK (starts_on IS NULL OR date(starts_on) IS starts_on),
    ends_on TEXT CHECK (ends_on IS NULL OR date(ends_on) IS ends_on),
    CHECK (starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on)
);
CREATE INDEX coverage_by_patient ON coverage (patient_id, starts_on);
CREATE INDEX coverage_by_payer ON coverage (payer_id);

CREATE TABLE patient_alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    text TEXT NOT NULL CHECK (text <> ''),
    is_shown_on_selection INTEGER NOT NULL DEFAULT 1 CHECK (is_shown_on_selection IN (0, 1)),
    is_shown_on_booking INTEGER NOT NULL DEFAULT 1 CHECK (is_shown_on_booking IN (0, 1)),
    expires_on TEXT CHECK (expires_on IS NULL OR date(expires_on) IS expires_on)
);
CREATE INDEX patient_alert_by_patient ON patient_alert (patient_id);

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    provider_id INTEGER NOT NULL REFERENCES provider (id),
    room_id INTEGER REFERENCES room (id),
    type_id INTEGER REFERENCES appointment_type (id),
    starts_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', starts_at) IS starts_at),
    duration_min INTEGER NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    status TEXT NOT NULL DEFAULT 'scheduled' CHECK (status IN (
        'scheduled', 'confirmed', 'arrived', 'in-room', 'done', 'no-show', 'cancelled', 'left')),
    reason TEXT NOT NULL DEFAULT '',         -- why she comes
    note TEXT NOT NULL DEFAULT '',
    cancelled_by TEXT NOT NULL DEFAULT '' CHECK (cancelled_by IN ('', 'patient', 'clinic')),
    cancel_reason TEXT NOT NULL DEFAULT '',
    override_reason TEXT NOT NULL DEFAULT '',  -- why a soft rule was set aside
    rescheduled_from_id INTEGER REFERENCES appointment (id),
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);
CREATE INDEX appointment_by_provider ON appointment (provider_id, starts_at);
CREATE INDEX appointment_by_start ON appointment (starts_at);
CREATE INDEX appointment_by_patient ON appointment (patient_id, starts_at);

CREATE TABLE encounter (                     -- what took place; claims are written from it
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    provider_id INTEGER REFERENCES provider (id),
    organization_id INTEGER REFERENCES organization (id),
    payer_id INTEGER REFERENCES payer (id),
    appointment_id INTEGER REFERENCES appointment (id),
    starts_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', starts_at) IS starts_at),
    duration_min INTEGER NOT NULL DEFAULT 0 CHECK (duration_min >= 0),
    kind TEXT NOT NULL DEFAULT '',           -- ambulatory, wellness, emergency …
    description TEXT NOT NULL DEFAULT '',
    external_source TEXT,
    external_id TEXT,
    UNIQUE (external_source, external_id)
);
CREATE INDEX encounter_by_patient ON encounter (patient_id, starts_at);

CREATE TABLE document (                      -- an archived file: the very bytes lie in files/, by hash
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER REFERENCES patient (id),
    kind TEXT NOT NULL,                      -- letter, recovery-sheet, scan …
    title TEXT NOT NULL CHECK (title <> ''),
    media_type TEXT NOT NULL DEFAULT 'application/pdf',
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
    pages INTEGER NOT NULL DEFAULT 1,
    filed_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', filed_at) IS filed_at)
);
CREATE INDEX document_by_patient ON document (patient_id, filed_at);

CREATE TABLE letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    appointment_id INTEGER REFERENCES appointment (id),
    document_id INTEGER NOT NULL REFERENCES document (id),
    template TEXT NOT NULL,                  -- key of resources/letter_templates
    subject TEXT NOT NULL DEFAULT '',
    recipient TEXT NOT NULL DEFAULT '',      -- name and address lines as printed
    status TEXT NOT NULL DEFAULT 'filed' CHECK (status IN ('filed', 'printed', 'void')),
    written_on TEXT NOT NULL CHECK (date(written_on) IS written_on)
);
CREATE INDEX letter_by_patient ON letter (patient_id, written_on);
CREATE INDEX letter_by_appointment ON letter (appointment_id);
CREATE INDEX letter_by_day ON letter (written_on);

CREATE TABLE import_run (                    -- one import, with everything it could not take in
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL,                      -- synthea, csv, fhir …
    source TEXT NOT NULL,                    -- the folder's or file's name, without its path
    report TEXT NOT NULL                     -- JSON: counts per table, and each problem with file, row and sentence
);

-- Kept outside the journal: work in progress, and what can be derived again from the tables above.

CREATE TABLE draft (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    kind TEXT NOT NULL,                      -- booking, patient …: the editor that can resume it
    title TEXT NOT NULL,
    patient_id INTEGER,
    state TEXT NOT NULL,                     -- JSON, the editor's own
    is_parked INTEGER NOT NULL DEFAULT 0 CHECK (is_parked IN (0, 1)),
    touched_utc TEXT NOT NULL
);

CREATE TABLE patient_search (                -- one folded row a patient, kept by store/search.py
    -- No foreign key: when a registration is undone the row must outlive the patient until the
    -- full-text indexes have forgotten it.
    patient_id INTEGER PRIMARY KEY,
    family TEXT NOT NULL,                    -- folded family name
    given TEXT NOT NULL,                     -- folded given name
    names TEXT NOT NULL,                     -- every folded word of every name
    birth_date TEXT NOT NULL,                -- '' when unknown
    keys TEXT NOT NULL,                      -- year of birth '1984y', last four '4567t', chart number, member ids
    numbers TEXT NOT NULL                    -- phone digits, chart number, member ids, blanks between and around
);
CREATE INDEX patient_search_by_family ON patient_search (family, given);
CREATE INDEX patient_search_by_given ON patient_search (given, family);
CREATE INDEX patient_search_by_birth ON patient_search (birth_date, family, given);

CREATE VIRTUAL TABLE patient_words USING fts5 (
    names, keys, content='patient_search', content_rowid='patient_id',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3', columnsize=0, detail=none
);
CREATE VIRTUAL TABLE patient_infix USING fts5 (
    names, numbers, content='patient_search', content_rowid='patient_id',
    tokenize="trigram case_sensitive 0", columnsize=0, detail=none
);
CREATE TABLE name_word (                     -- every distinct word of a name, for typing errors
    word TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE name_typo (                     -- each word with one letter left out, pointing at the word
    typo TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (typo, word)
) WITHOUT ROWID;

-- The journal: who did what, the rows before and after, and the chain that proves it. Insert only.

CREATE TABLE operation (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('change', 'undo', 'redo', 'event')),
    label TEXT NOT NULL,
    user_id INTEGER NOT NULL,                -- 0: the program itself (set-up, migration)
    user_name TEXT NOT NULL,
    workstation TEXT NOT NULL,
    at_utc TEXT NOT NULL,
    patient_id INTEGER,                      -- whose file was seen or changed, where it was one person's
    reason TEXT NOT NULL DEFAULT '',
    target_id INTEGER,                       -- of an undo or redo: the change it takes back or repeats
    needs TEXT NOT NULL DEFAULT '',          -- permissions it asked for, so that undoing asks again
    is_sealed INTEGER NOT NULL DEFAULT 0     -- had an effect outside the program: never undone
);
CREATE INDEX operation_by_patient ON operation (patient_id, id);
CREATE INDEX operation_by_target ON operation (target_id) WHERE target_id IS NOT NULL;

CREATE TABLE row_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT,                             -- JSON of the whole row; NULL when it was inserted
    after TEXT                               -- NULL when it was deleted
);
CREATE INDEX row_change_by_operation ON row_change (operation_id);
CREATE INDEX row_change_by_row ON row_change (table_name, row_id);

CREATE TABLE chain_link (                    -- HMAC-SHA-256 over the previous link and one whole operation
    operation_id INTEGER PRIMARY KEY,
    mac TEXT NOT NULL
);
CREATE TABLE chain_head (                    -- how long the chain is: a cut-off tail shows
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    length INTEGER NOT NULL,
    mac TEXT NOT NULL,                       -- HMAC over length and the last link
    open_operation_id INTEGER                -- set only inside a transaction; without it no write
);
INSERT INTO chain_head (slot, length, mac) VALUES (1, 0, '');
CREATE TABLE store_meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
