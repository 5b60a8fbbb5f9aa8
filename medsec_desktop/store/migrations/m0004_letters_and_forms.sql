-- Schema 4: letters and forms. The conventions stand at the head of m0001_the_spine.sql.

-- A provider away, or the practice closed, for a part of the day: both times, or neither.
ALTER TABLE closure ADD COLUMN starts_min INTEGER CHECK (starts_min IS NULL OR starts_min BETWEEN 0 AND 1439);
ALTER TABLE closure ADD COLUMN ends_min INTEGER CHECK (ends_min IS NULL OR ends_min BETWEEN 1 AND 1440);

-- Templates of the practice (L1, L2): its own, and changed copies of those that come with the program. A row
-- with a shipped key and language stands in that one's place until it is removed. Their history is the journal.
CREATE TABLE letter_template (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    key TEXT NOT NULL CHECK (key <> ''),
    language TEXT NOT NULL CHECK (language <> ''),
    title TEXT NOT NULL CHECK (title <> ''),
    about TEXT NOT NULL DEFAULT 'patient',   -- patient, visit, recall, referral, request …: what it must be given
    content TEXT NOT NULL,                   -- JSON, domain/writing
    shipped_version INTEGER,                 -- of the one it was copied from; NULL: the practice's own
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    UNIQUE (key, language)
);

-- One letter to many (L4): what was written at once, from which list.
CREATE TABLE letter_batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    title TEXT NOT NULL CHECK (title <> ''), -- the list it came from, as it was called
    template TEXT NOT NULL,
    made_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', made_at) IS made_at),
    made_by TEXT NOT NULL DEFAULT ''
);

-- The letter line (L5): a letter exists from the dictation on, its pages (document_id) from the day they are
-- archived. `content` is its draft as it stands (JSON, with its words as domain/writing); after archiving they are what the pages
-- were made from, for a letter that replaces this one. `printed` was written by formats 1 to 3 and is sent.
CREATE TABLE letter_4 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    appointment_id INTEGER REFERENCES appointment (id),
    document_id INTEGER REFERENCES document (id),
    template TEXT NOT NULL,                  -- key of resources/letter_templates or of letter_template
    subject TEXT NOT NULL DEFAULT '',
    recipient TEXT NOT NULL DEFAULT '',      -- name and address lines as printed
    status TEXT NOT NULL DEFAULT 'filed' CHECK (status IN (
        'dictated', 'typed', 'checked', 'signed', 'filed', 'printed', 'sent', 'void')),
    written_on TEXT NOT NULL CHECK (date(written_on) IS written_on),
    language TEXT NOT NULL DEFAULT 'en',
    content TEXT NOT NULL DEFAULT '',
    recipient_kind TEXT NOT NULL DEFAULT 'patient' CHECK (recipient_kind IN (
        'patient', 'guarantor', 'contact', 'provider', 'payer', 'organization', 'free')),
    recipient_id INTEGER,                    -- of related_person, provider, payer or organization
    copies TEXT NOT NULL DEFAULT '[]',       -- JSON: to whom else, as printed
    enclosures TEXT NOT NULL DEFAULT '[]',   -- JSON: what goes with it
    referral_id INTEGER REFERENCES referral (id),
    records_request_id INTEGER REFERENCES records_request (id),
    signer_provider_id INTEGER REFERENCES provider (id),   -- whose letter it is
    wanted_on TEXT CHECK (wanted_on IS NULL OR date(wanted_on) IS wanted_on),
    sent_how TEXT NOT NULL DEFAULT '' CHECK (sent_how IN ('', 'printed', 'mailed', 'faxed', 'handed', 'e-mailed')),
    replaces_letter_id INTEGER REFERENCES letter (id),     -- a void one this stands for
    batch_id INTEGER REFERENCES letter_batch (id),
    note TEXT NOT NULL DEFAULT '',
    CHECK (document_id IS NOT NULL OR status IN ('dictated', 'typed', 'checked', 'void'))
);
INSERT INTO letter_4 (id, version, patient_id, appointment_id, document_id, template, subject, recipient, status, written_on)
    SELECT id, version, patient_id, appointment_id, document_id, template, subject, recipient, status, written_on
    FROM letter;
-- Numbers once given are not given again.
DELETE FROM sqlite_sequence WHERE name = 'letter_4';
INSERT INTO sqlite_sequence (name, seq) SELECT 'letter_4', seq FROM sqlite_sequence WHERE name = 'letter';
DROP TABLE letter;
ALTER TABLE letter_4 RENAME TO letter;
CREATE INDEX letter_by_patient ON letter (patient_id, written_on);
CREATE INDEX letter_by_appointment ON letter (appointment_id);
CREATE INDEX letter_by_day ON letter (written_on);
CREATE INDEX letter_on_the_line ON letter (status, written_on)
    WHERE status IN ('dictated', 'typed', 'checked', 'signed');
CREATE INDEX letter_by_referral ON letter (referral_id) WHERE referral_id IS NOT NULL;
CREATE INDEX letter_by_records_request ON letter (records_request_id) WHERE records_request_id IS NOT NULL;
CREATE INDEX letter_by_document ON letter (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX letter_by_signer ON letter (signer_provider_id) WHERE signer_provider_id IS NOT NULL;
CREATE INDEX letter_by_batch ON letter (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX letter_by_replaced ON letter (replaces_letter_id) WHERE replaces_letter_id IS NOT NULL;

-- Each step of a letter on its line: who, when; turnaround is counted from the first to the last.
CREATE TABLE letter_step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    letter_id INTEGER NOT NULL REFERENCES letter (id),
    status TEXT NOT NULL,
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    by TEXT NOT NULL DEFAULT '',             -- the person here, as she is called
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX letter_step_by_letter ON letter_step (letter_id, at);

-- Faxed by hand (L10): numbers somebody has made sure of, what is to go or went to which, and each try.
CREATE TABLE fax_number (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    number TEXT NOT NULL UNIQUE CHECK (number <> ''),      -- as a phone number is kept
    name TEXT NOT NULL DEFAULT '',
    confirmed_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', confirmed_at) IS confirmed_at),
    confirmed_by TEXT NOT NULL DEFAULT '',
    how TEXT NOT NULL CHECK (how IN ('typed-twice', 'read-back'))
);

CREATE TABLE fax (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    letter_id INTEGER REFERENCES letter (id),
    document_id INTEGER NOT NULL REFERENCES document (id), -- the packet, cover first, as it goes through
    disclosure_id INTEGER REFERENCES disclosure (id),      -- written when it went to others than the patient
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    number TEXT NOT NULL CHECK (number <> ''),
    pages INTEGER NOT NULL CHECK (pages > 0),
    about TEXT NOT NULL DEFAULT '',          -- what the cover says it is about
    is_to_patient INTEGER NOT NULL DEFAULT 0 CHECK (is_to_patient IN (0, 1)),
    made_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', made_at) IS made_at)
);
CREATE INDEX fax_by_patient ON fax (patient_id, made_at);
CREATE INDEX fax_by_letter ON fax (letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX fax_by_document ON fax (document_id);
CREATE INDEX fax_by_disclosure ON fax (disclosure_id) WHERE disclosure_id IS NOT NULL;

CREATE TABLE fax_attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    fax_id INTEGER NOT NULL REFERENCES fax (id),
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    result TEXT NOT NULL CHECK (result IN ('sent', 'busy', 'no-answer', 'failed')),
    by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX fax_attempt_by_fax ON fax_attempt (fax_id, at);

-- Pages that did not get to paper (W14): kept in files/ until printed after all, saved or dropped. Like drafts
-- outside the journal; what is done with them is recorded.
CREATE TABLE kept_print (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                      -- of paper: letters, labels …
    title TEXT NOT NULL,                     -- as the printer shows it; names no patient
    printer TEXT NOT NULL DEFAULT '',        -- '' is the system's default
    tray TEXT NOT NULL DEFAULT '',
    sides TEXT NOT NULL DEFAULT '',
    copies INTEGER NOT NULL DEFAULT 1 CHECK (copies BETWEEN 1 AND 99),
    is_exact INTEGER NOT NULL DEFAULT 1 CHECK (is_exact IN (0, 1)),   -- not to be fitted to the sheet
    why TEXT NOT NULL DEFAULT '',            -- it was not printed
    about TEXT NOT NULL DEFAULT '',          -- rows that wait for it, such as letter:7,8
    patient_id INTEGER,
    sha256 TEXT NOT NULL,                    -- of the kept file, which no document shares
    user_name TEXT NOT NULL DEFAULT '',
    kept_utc TEXT NOT NULL
);

-- The practice's own sheets (L7), measured by hand in thousandths of a millimetre: labels or cards on a sheet or
-- roll, or an envelope, which is one label on its sheet.
CREATE TABLE paper_stock (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL CHECK (kind IN ('labels', 'cards', 'envelope')),
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    sheet_width_um INTEGER NOT NULL CHECK (sheet_width_um > 0),
    sheet_height_um INTEGER NOT NULL CHECK (sheet_height_um > 0),
    columns INTEGER NOT NULL DEFAULT 1 CHECK (columns >= 1),
    rows INTEGER NOT NULL DEFAULT 1 CHECK (rows >= 1),
    width_um INTEGER NOT NULL CHECK (width_um > 0),
    height_um INTEGER NOT NULL CHECK (height_um > 0),
    left_um INTEGER NOT NULL DEFAULT 0 CHECK (left_um >= 0),
    top_um INTEGER NOT NULL DEFAULT 0 CHECK (top_um >= 0),
    across_um INTEGER NOT NULL DEFAULT 0 CHECK (across_um >= 0),   -- from one label's corner to the next one's
    down_um INTEGER NOT NULL DEFAULT 0 CHECK (down_um >= 0)
);

-- Consents that ran out (P10) are looked for by their day among the answers of everybody, each morning.
CREATE INDEX consent_by_expiry ON consent (expires_on) WHERE expires_on IS NOT NULL;
