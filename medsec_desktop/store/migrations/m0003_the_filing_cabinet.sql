-- Schema 3: patient files, complete. The conventions stand at the head of m0001_the_spine.sql.

-- The person (P2). `contact_preference` says how she likes to be reached, this that she must not be.
ALTER TABLE patient ADD COLUMN employer TEXT NOT NULL DEFAULT '';
ALTER TABLE patient ADD COLUMN employer_phone TEXT NOT NULL DEFAULT '';
ALTER TABLE patient ADD COLUMN is_not_to_contact INTEGER NOT NULL DEFAULT 0
    CHECK (is_not_to_contact IN (0, 1));
ALTER TABLE patient ADD COLUMN referring_provider_id INTEGER REFERENCES provider (id);
ALTER TABLE patient ADD COLUMN photo_document_id INTEGER REFERENCES document (id);
ALTER TABLE patient ADD COLUMN merged_into_id INTEGER REFERENCES patient (id);  -- her file goes on there
CREATE INDEX patient_merged ON patient (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- People around (P3): a guarantor gets statements, a contact may be written to.
ALTER TABLE related_person ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN line1 TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN line2 TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE related_person ADD COLUMN birth_on TEXT CHECK (birth_on IS NULL OR date(birth_on) IS birth_on);
CREATE INDEX related_person_by_link ON related_person (linked_patient_id)
    WHERE linked_patient_id IS NOT NULL;

-- Coverages (P4): what a payer asks of a subscriber who is not the patient, and the card itself.
ALTER TABLE coverage ADD COLUMN subscriber_patient_id INTEGER REFERENCES patient (id);
ALTER TABLE coverage ADD COLUMN subscriber_birth_on TEXT
    CHECK (subscriber_birth_on IS NULL OR date(subscriber_birth_on) IS subscriber_birth_on);
ALTER TABLE coverage ADD COLUMN subscriber_sex TEXT NOT NULL DEFAULT ''
    CHECK (subscriber_sex IN ('', 'F', 'M', 'U'));
ALTER TABLE coverage ADD COLUMN subscriber_line1 TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN subscriber_line2 TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN subscriber_city TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN subscriber_state TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN subscriber_postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN deductible_note TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE coverage ADD COLUMN card_front_document_id INTEGER REFERENCES document (id);
ALTER TABLE coverage ADD COLUMN card_back_document_id INTEGER REFERENCES document (id);
ALTER TABLE coverage ADD COLUMN needs_authorization INTEGER NOT NULL DEFAULT 0
    CHECK (needs_authorization IN (0, 1));   -- the plan pays only for what it allowed before
ALTER TABLE coverage ADD COLUMN needs_referral INTEGER NOT NULL DEFAULT 0
    CHECK (needs_referral IN (0, 1));        -- the plan pays only where her physician sent her

-- Each time the payer was asked; the latest counts, and `coverage.verified_on` is written with it: its
-- day where it found her active. Stamps of earlier versions stand there alone.
CREATE TABLE coverage_verification (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    coverage_id INTEGER NOT NULL REFERENCES coverage (id),
    verified_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', verified_at) IS verified_at),
    verified_by TEXT NOT NULL DEFAULT '',    -- the person here, as she is called
    how TEXT NOT NULL DEFAULT 'phone' CHECK (how IN ('phone', 'portal', 'card', 'file', 'other')),
    reference TEXT NOT NULL DEFAULT '',      -- call or transaction number, whom one spoke to
    result TEXT NOT NULL CHECK (result IN ('active', 'inactive', 'not-found', 'unclear')),
    copay_cents INTEGER CHECK (copay_cents IS NULL OR copay_cents >= 0),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX coverage_verification_by_coverage ON coverage_verification (coverage_id, verified_at);

-- Authorizations (P5): for visits or for units of some codes; what others used of it counts too.
ALTER TABLE authorization ADD COLUMN counts TEXT NOT NULL DEFAULT 'visits'
    CHECK (counts IN ('visits', 'units'));
ALTER TABLE authorization ADD COLUMN codes TEXT NOT NULL DEFAULT '';       -- code numbers, blank between
ALTER TABLE authorization ADD COLUMN used_elsewhere INTEGER NOT NULL DEFAULT 0 CHECK (used_elsewhere >= 0);
ALTER TABLE authorization ADD COLUMN provider_id INTEGER REFERENCES provider (id);
ALTER TABLE appointment ADD COLUMN authorization_units INTEGER NOT NULL DEFAULT 1
    CHECK (authorization_units >= 0);        -- how much of it this visit uses, where it counts units

CREATE TABLE referral (                      -- somebody sent to us or by us, until the letter is back
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    status TEXT NOT NULL DEFAULT 'ready' CHECK (status IN (
        'ready', 'sent', 'accepted', 'booked', 'told', 'letter-back', 'declined', 'withdrawn')),
    provider_id INTEGER REFERENCES provider (id),          -- ours: who sends, or who is to see her
    other_provider_id INTEGER REFERENCES provider (id),    -- theirs, from the directory
    other_organization_id INTEGER REFERENCES organization (id),
    specialty TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1)),
    number TEXT NOT NULL DEFAULT '',         -- the payer's number for it, where it needs one
    authorization_id INTEGER REFERENCES authorization (id),
    appointment_id INTEGER REFERENCES appointment (id),    -- ours that came of it
    their_visit_on TEXT CHECK (their_visit_on IS NULL OR date(their_visit_on) IS their_visit_on),
    document_id INTEGER REFERENCES document (id),          -- the letter that came back
    begun_on TEXT NOT NULL CHECK (date(begun_on) IS begun_on),
    expires_on TEXT CHECK (expires_on IS NULL OR date(expires_on) IS expires_on),
    chase_on TEXT CHECK (chase_on IS NULL OR date(chase_on) IS chase_on),  -- NULL: nothing to wait for
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX referral_by_patient ON referral (patient_id, begun_on);
CREATE INDEX referral_to_chase ON referral (chase_on) WHERE chase_on IS NOT NULL;

CREATE TABLE referral_event (                -- each step of it, when
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    referral_id INTEGER NOT NULL REFERENCES referral (id),
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    status TEXT NOT NULL DEFAULT '',         -- '' where it was only asked about
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX referral_event_by_referral ON referral_event (referral_id, at);

-- Alerts (P6).
ALTER TABLE patient_alert ADD COLUMN kind TEXT NOT NULL DEFAULT 'note'
    CHECK (kind IN ('note', 'allergy', 'risk'));
ALTER TABLE patient_alert ADD COLUMN is_shown_on_billing INTEGER NOT NULL DEFAULT 0
    CHECK (is_shown_on_billing IN (0, 1));

-- Documents (P8). One without a patient waits on the sorting screen while its status says so.
CREATE TABLE document_category (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    position INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
);
ALTER TABLE document ADD COLUMN category_id INTEGER REFERENCES document_category (id);
ALTER TABLE document ADD COLUMN dated_on TEXT CHECK (dated_on IS NULL OR date(dated_on) IS dated_on);
ALTER TABLE document ADD COLUMN status TEXT NOT NULL DEFAULT 'filed'
    CHECK (status IN ('filed', 'sorting', 'discarded'));
ALTER TABLE document ADD COLUMN source TEXT NOT NULL DEFAULT '';         -- dropped, pasted, scanned, made, imported
ALTER TABLE document ADD COLUMN original_name TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN made_from_id INTEGER REFERENCES document (id);  -- split, merged or turned
ALTER TABLE document ADD COLUMN note TEXT NOT NULL DEFAULT '';
CREATE INDEX document_by_hash ON document (sha256);
CREATE INDEX document_to_sort ON document (filed_at) WHERE status = 'sorting';

CREATE TABLE printed_form (                  -- a page of ours that is to come back; its barcode says which
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),          -- what the barcode says; nothing about her
    kind TEXT NOT NULL,                      -- consent, registration, privacy …
    patient_id INTEGER REFERENCES patient (id),
    appointment_id INTEGER REFERENCES appointment (id),
    category_id INTEGER REFERENCES document_category (id),
    title TEXT NOT NULL DEFAULT '',
    pages INTEGER NOT NULL DEFAULT 1 CHECK (pages >= 1),
    made_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', made_at) IS made_at),
    printed_at TEXT CHECK (printed_at IS NULL OR strftime('%Y-%m-%dT%H:%M', printed_at) IS printed_at),
    printed_document_id INTEGER REFERENCES document (id),  -- the very pages that were printed
    document_id INTEGER REFERENCES document (id)           -- what came back
);
CREATE INDEX printed_form_by_patient ON printed_form (patient_id);

-- One person, one file (P9).
CREATE TABLE not_duplicate (                 -- two files somebody decided are two people
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    one_id INTEGER NOT NULL REFERENCES patient (id),
    other_id INTEGER NOT NULL REFERENCES patient (id),
    note TEXT NOT NULL DEFAULT '',
    CHECK (one_id < other_id),
    UNIQUE (one_id, other_id)
);
CREATE TABLE patient_merge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    survivor_id INTEGER NOT NULL REFERENCES patient (id),
    absorbed_id INTEGER NOT NULL REFERENCES patient (id),
    merged_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', merged_at) IS merged_at),
    unmerged_at TEXT CHECK (unmerged_at IS NULL
        OR strftime('%Y-%m-%dT%H:%M', unmerged_at) IS unmerged_at),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX patient_merge_by_survivor ON patient_merge (survivor_id);
CREATE INDEX patient_merge_by_absorbed ON patient_merge (absorbed_id);
CREATE TABLE patient_merge_row (             -- each row a merge wrote, so that it can be taken back
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    merge_id INTEGER NOT NULL REFERENCES patient_merge (id),
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT NOT NULL,                    -- JSON: the row as it was, and as the merge left it
    after TEXT                               -- NULL where the merge took it away
);
CREATE INDEX patient_merge_row_by_merge ON patient_merge_row (merge_id);
-- By what a person is found to be on file already.
CREATE INDEX patient_phone_by_number ON patient_phone (number);
CREATE INDEX patient_by_ssn ON patient (ssn) WHERE ssn <> '';
CREATE INDEX patient_by_email ON patient (email COLLATE NOCASE) WHERE email <> '';
CREATE INDEX patient_address_by_place
    ON patient_address (substr(postal_code, 1, 5), line1 COLLATE NOCASE) WHERE line1 <> '';
CREATE INDEX not_duplicate_by_other ON not_duplicate (other_id);
-- Outside the journal: what the search for duplicates found, made anew at each run.
CREATE TABLE possible_duplicate (
    one_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    score INTEGER NOT NULL,
    PRIMARY KEY (one_id, other_id),
    CHECK (one_id < other_id)
) WITHOUT ROWID;
CREATE INDEX possible_duplicate_by_score ON possible_duplicate (score);
CREATE INDEX possible_duplicate_by_other ON possible_duplicate (other_id);

-- Rights and requests (P10).
CREATE TABLE consent_kind (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    valid_months INTEGER CHECK (valid_months IS NULL OR valid_months BETWEEN 1 AND 1200),  -- NULL: for good
    is_required INTEGER NOT NULL DEFAULT 0 CHECK (is_required IN (0, 1)),    -- asked for at arrival
    is_privacy_notice INTEGER NOT NULL DEFAULT 0 CHECK (is_privacy_notice IN (0, 1)),  -- 45 CFR 164.520
    position INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
);
CREATE TABLE consent (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    kind_id INTEGER NOT NULL REFERENCES consent_kind (id),
    answer TEXT NOT NULL DEFAULT 'given' CHECK (answer IN ('given', 'refused', 'revoked')),
    signed_on TEXT NOT NULL CHECK (date(signed_on) IS signed_on),
    expires_on TEXT CHECK (expires_on IS NULL OR date(expires_on) IS expires_on),
    signed_by TEXT NOT NULL DEFAULT '',      -- '' when she signed herself
    document_id INTEGER REFERENCES document (id),
    note TEXT NOT NULL DEFAULT '',
    CHECK (expires_on IS NULL OR signed_on <= expires_on)
);
CREATE INDEX consent_by_patient ON consent (patient_id, signed_on);

CREATE TABLE records_request (               -- 45 CFR 164.524: thirty days, one extension of thirty
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'ready', 'released', 'refused', 'withdrawn')),
    requester TEXT NOT NULL CHECK (requester <> ''),
    requester_kind TEXT NOT NULL DEFAULT 'patient' CHECK (requester_kind IN (
        'patient', 'representative', 'provider', 'payer', 'attorney', 'court', 'other')),
    deliver_to TEXT NOT NULL DEFAULT '',     -- name and address lines
    deliver_how TEXT NOT NULL DEFAULT 'paper' CHECK (deliver_how IN ('paper', 'file', 'fax', 'mail', 'pickup')),
    received_on TEXT NOT NULL CHECK (date(received_on) IS received_on),
    due_on TEXT NOT NULL CHECK (date(due_on) IS due_on),
    extended_on TEXT CHECK (extended_on IS NULL OR date(extended_on) IS extended_on),
    extension_reason TEXT NOT NULL DEFAULT '',
    purpose TEXT NOT NULL DEFAULT '',
    wanted TEXT NOT NULL DEFAULT '',         -- in the requester's words
    from_on TEXT CHECK (from_on IS NULL OR date(from_on) IS from_on),
    to_on TEXT CHECK (to_on IS NULL OR date(to_on) IS to_on),
    fee_cents INTEGER NOT NULL DEFAULT 0 CHECK (fee_cents >= 0),
    fee_paid_on TEXT CHECK (fee_paid_on IS NULL OR date(fee_paid_on) IS fee_paid_on),
    closed_on TEXT CHECK (closed_on IS NULL OR date(closed_on) IS closed_on),
    refusal_reason TEXT NOT NULL DEFAULT '',
    signed_document_id INTEGER REFERENCES document (id),   -- her leave to release
    package_document_id INTEGER REFERENCES document (id),  -- the very package that went out
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX records_request_by_patient ON records_request (patient_id, received_on);
CREATE INDEX records_request_open ON records_request (due_on) WHERE status IN ('open', 'ready');
CREATE TABLE records_request_item (          -- what is released
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    request_id INTEGER NOT NULL REFERENCES records_request (id),
    kind TEXT NOT NULL,                      -- face-sheet, visits, coverages, document …
    document_id INTEGER REFERENCES document (id),
    position INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX records_request_item_by_request ON records_request_item (request_id);

CREATE TABLE disclosure (                    -- 45 CFR 164.528: to whom something was given, what, why
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    disclosed_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', disclosed_at) IS disclosed_at),
    recipient TEXT NOT NULL CHECK (recipient <> ''),
    recipient_address TEXT NOT NULL DEFAULT '',
    what TEXT NOT NULL CHECK (what <> ''),
    purpose TEXT NOT NULL DEFAULT '',
    how TEXT NOT NULL DEFAULT '',
    is_accountable INTEGER NOT NULL DEFAULT 1 CHECK (is_accountable IN (0, 1)),  -- in her accounting
    disclosed_by TEXT NOT NULL DEFAULT '',
    request_id INTEGER REFERENCES records_request (id),
    document_id INTEGER REFERENCES document (id)
);
CREATE INDEX disclosure_by_patient ON disclosure (patient_id, disclosed_at);

-- What the practice makes its own (P11, P12).
CREATE TABLE quick_text (                    -- an abbreviation that expands as one types
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    abbreviation TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (abbreviation <> ''),
    text TEXT NOT NULL CHECK (text <> '')
);
CREATE TABLE copy_format (                   -- "Copy for…": text with fields of a closed list
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    text TEXT NOT NULL CHECK (text <> ''),
    position INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE custom_field (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('text', 'pick', 'date', 'number', 'tick')),
    choices TEXT NOT NULL DEFAULT '[]',      -- JSON list, of a pick
    is_required INTEGER NOT NULL DEFAULT 0 CHECK (is_required IN (0, 1)),
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    position INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE custom_value (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    field_id INTEGER NOT NULL REFERENCES custom_field (id),
    value TEXT NOT NULL,                     -- as the field's kind writes it: ISO date, plain number, '1'
    UNIQUE (patient_id, field_id)
);

-- The directory (T7): physicians are providers, everybody else an organization or a payer.
ALTER TABLE provider ADD COLUMN taxonomy TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN line1 TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN line2 TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN fax TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN portal TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE provider ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE provider ADD COLUMN merged_into_id INTEGER REFERENCES provider (id);
ALTER TABLE organization ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN portal TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE organization ADD COLUMN merged_into_id INTEGER REFERENCES organization (id);
ALTER TABLE payer ADD COLUMN fax TEXT NOT NULL DEFAULT '';
ALTER TABLE payer ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE payer ADD COLUMN portal TEXT NOT NULL DEFAULT '';
ALTER TABLE payer ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE payer ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE payer ADD COLUMN merged_into_id INTEGER REFERENCES payer (id);

-- In and out (W12), and the audit viewer's ways in (W5).
ALTER TABLE import_run ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';    -- SHA-256 of what was read
CREATE TABLE import_mapping (                -- which column of such a file is what, as somebody said once
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL DEFAULT '',
    headings TEXT NOT NULL UNIQUE,           -- JSON list: the file's heading line, folded
    mapping TEXT NOT NULL                    -- JSON: column number to field
);
CREATE INDEX operation_by_user ON operation (user_id, id);
CREATE INDEX operation_by_time ON operation (at_utc);
CREATE INDEX row_change_removed ON row_change (json_extract(before, '$.patient_id'))
    WHERE after IS NULL;

-- Who takes a patient, a visit, a coverage or a document away, as an undo does by the thousand, has
-- SQLite look for what still names it: in each of these columns, by its index or row by row.
CREATE INDEX coverage_by_subscriber ON coverage (subscriber_patient_id)
    WHERE subscriber_patient_id IS NOT NULL;
CREATE INDEX hold_by_patient ON hold (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX authorization_by_coverage ON authorization (coverage_id) WHERE coverage_id IS NOT NULL;
CREATE INDEX encounter_by_appointment ON encounter (appointment_id)
    WHERE appointment_id IS NOT NULL;
CREATE INDEX printed_form_by_appointment ON printed_form (appointment_id)
    WHERE appointment_id IS NOT NULL;
CREATE INDEX referral_by_appointment ON referral (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX waiting_entry_by_booked ON waiting_entry (booked_appointment_id)
    WHERE booked_appointment_id IS NOT NULL;
CREATE INDEX waiting_entry_by_interim ON waiting_entry (interim_appointment_id)
    WHERE interim_appointment_id IS NOT NULL;
CREATE INDEX patient_by_photo ON patient (photo_document_id) WHERE photo_document_id IS NOT NULL;
CREATE INDEX coverage_by_card_front ON coverage (card_front_document_id)
    WHERE card_front_document_id IS NOT NULL;
CREATE INDEX coverage_by_card_back ON coverage (card_back_document_id)
    WHERE card_back_document_id IS NOT NULL;
CREATE INDEX document_by_origin ON document (made_from_id) WHERE made_from_id IS NOT NULL;
CREATE INDEX consent_by_document ON consent (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX disclosure_by_document ON disclosure (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX printed_form_by_document ON printed_form (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX printed_form_by_printed_document ON printed_form (printed_document_id)
    WHERE printed_document_id IS NOT NULL;
CREATE INDEX records_request_by_signed ON records_request (signed_document_id)
    WHERE signed_document_id IS NOT NULL;
CREATE INDEX records_request_by_package ON records_request (package_document_id)
    WHERE package_document_id IS NOT NULL;
CREATE INDEX records_request_item_by_document ON records_request_item (document_id)
    WHERE document_id IS NOT NULL;
CREATE INDEX referral_by_document ON referral (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX letter_by_document ON letter (document_id);
