-- Schema 5: claims out, from a visit to a claim with its payer. The conventions stand at the head of m0001_the_spine.sql.

-- Code lists as they were taken in (B1), and their codes with the days they hold. CPT is not among them: the
-- practice's own procedures stand in `procedure`.
CREATE TABLE code_list (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL CHECK (kind IN ('hcpcs', 'modifier', 'place', 'taxonomy', 'carc', 'rarc', 'fees', 'procedures')),
    name TEXT NOT NULL DEFAULT '',           -- of the release, such as “July 2026”
    file_name TEXT NOT NULL DEFAULT '',
    valid_from_on TEXT CHECK (valid_from_on IS NULL OR date(valid_from_on) IS valid_from_on),
    codes INTEGER NOT NULL DEFAULT 0 CHECK (codes >= 0),
    taken_in_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', taken_in_at) IS taken_in_at),
    taken_in_by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''            -- what was left out, and why
);

CREATE TABLE listed_code (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL CHECK (kind IN ('hcpcs', 'modifier', 'place', 'taxonomy', 'carc', 'rarc')),
    code TEXT NOT NULL CHECK (code <> ''),
    words TEXT NOT NULL DEFAULT '',
    short_words TEXT NOT NULL DEFAULT '',
    starts_on TEXT CHECK (starts_on IS NULL OR date(starts_on) IS starts_on),
    ends_on TEXT CHECK (ends_on IS NULL OR date(ends_on) IS ends_on),
    coverage TEXT NOT NULL DEFAULT '',       -- HCPCS: C, D, I, M, S as CMS says it
    is_own INTEGER NOT NULL DEFAULT 0 CHECK (is_own IN (0, 1)),        -- typed here, left alone by a release
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    code_list_id INTEGER REFERENCES code_list (id),        -- the release that said so last
    UNIQUE (kind, code)
);
CREATE INDEX listed_code_by_list ON listed_code (code_list_id) WHERE code_list_id IS NOT NULL;

-- The practice's own procedures, in its own words, with what a line starts from.
CREATE TABLE procedure (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    code TEXT NOT NULL CHECK (code <> ''),
    modifiers TEXT NOT NULL DEFAULT '',      -- at most four, a blank between
    words TEXT NOT NULL DEFAULT '',
    section TEXT NOT NULL DEFAULT '',        -- of the superbill
    position INTEGER NOT NULL DEFAULT 0,
    charge_cents INTEGER CHECK (charge_cents IS NULL OR charge_cents >= 0),    -- for its units; NULL: from a fee schedule only
    units TEXT NOT NULL DEFAULT '1',         -- as X12 writes a number
    unit TEXT NOT NULL DEFAULT 'UN' CHECK (unit IN ('UN', 'MJ')),      -- MJ: minutes of anesthesia
    place TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',    -- SV101-7: what an unlisted code stands for
    is_unlisted INTEGER NOT NULL DEFAULT 0 CHECK (is_unlisted IN (0, 1)),
    ndc TEXT NOT NULL DEFAULT '',            -- eleven digits
    ndc_quantity TEXT NOT NULL DEFAULT '',
    ndc_unit TEXT NOT NULL DEFAULT '' CHECK (ndc_unit IN ('', 'UN', 'ML', 'GR', 'ME', 'F2')),
    units_at_most INTEGER CHECK (units_at_most IS NULL OR units_at_most > 0),
    is_spanning INTEGER NOT NULL DEFAULT 0 CHECK (is_spanning IN (0, 1)),      -- may be billed over several days
    needs_referrer INTEGER NOT NULL DEFAULT 0 CHECK (needs_referrer IN (0, 1)),
    needs_authorization INTEGER NOT NULL DEFAULT 0 CHECK (needs_authorization IN (0, 1)),
    needs_clia INTEGER NOT NULL DEFAULT 0 CHECK (needs_clia IN (0, 1)),
    needs_drug INTEGER NOT NULL DEFAULT 0 CHECK (needs_drug IN (0, 1)),
    starts_on TEXT CHECK (starts_on IS NULL OR date(starts_on) IS starts_on),
    ends_on TEXT CHECK (ends_on IS NULL OR date(ends_on) IS ends_on),
    note TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    UNIQUE (code, modifiers)
);

-- What a provider, or everybody (no provider), codes often, in her order.
CREATE TABLE code_favourite (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER REFERENCES provider (id),
    kind TEXT NOT NULL CHECK (kind IN ('diagnosis', 'procedure')),
    code TEXT NOT NULL CHECK (code <> ''),   -- a diagnosis without its dot
    modifiers TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',          -- as she calls it; '' as the list does
    section TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,
    UNIQUE (provider_id, kind, code, modifiers)
);

-- Fee schedules by payer and date (B2): what is charged, and what a contract allows. No payer: everybody's.
CREATE TABLE fee_schedule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL DEFAULT 'charge' CHECK (kind IN ('charge', 'allowed')),
    payer_id INTEGER REFERENCES payer (id),
    valid_from_on TEXT NOT NULL CHECK (date(valid_from_on) IS valid_from_on),
    valid_to_on TEXT CHECK (valid_to_on IS NULL OR (date(valid_to_on) IS valid_to_on AND valid_to_on >= valid_from_on)),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX fee_schedule_by_payer ON fee_schedule (payer_id, kind, valid_from_on);

CREATE TABLE fee (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    fee_schedule_id INTEGER NOT NULL REFERENCES fee_schedule (id),
    code TEXT NOT NULL CHECK (code <> ''),
    modifiers TEXT NOT NULL DEFAULT '',
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),           -- for one unit
    UNIQUE (fee_schedule_id, code, modifiers)
);

-- What a visit is charged (B2): one sheet for an encounter, or somebody's word that nothing is.
CREATE TABLE charge_sheet (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    encounter_id INTEGER NOT NULL UNIQUE REFERENCES encounter (id),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'charged', 'no-charge')),
    no_charge_reason TEXT NOT NULL DEFAULT '',
    is_self_pay INTEGER NOT NULL DEFAULT 0 CHECK (is_self_pay IN (0, 1)),      -- charged, and no payer is to hear of it
    coverage_id INTEGER REFERENCES coverage (id),          -- NULL: the first one that holds on the day
    place TEXT NOT NULL DEFAULT '11',
    facility_id INTEGER REFERENCES organization (id),      -- where it is not the practice's own address
    referring_provider_id INTEGER REFERENCES provider (id),
    supervising_provider_id INTEGER REFERENCES provider (id),
    authorization_id INTEGER REFERENCES authorization (id),
    referral_id INTEGER REFERENCES referral (id),
    causes TEXT NOT NULL DEFAULT '',         -- CLM11: AA, EM, OA, a blank between
    accident_on TEXT CHECK (accident_on IS NULL OR date(accident_on) IS accident_on),
    accident_state TEXT NOT NULL DEFAULT '',
    casualty_number TEXT NOT NULL DEFAULT '',              -- REF Y4
    onset_on TEXT CHECK (onset_on IS NULL OR date(onset_on) IS onset_on),                          -- DTP 431
    last_period_on TEXT CHECK (last_period_on IS NULL OR date(last_period_on) IS last_period_on),  -- DTP 484
    first_treated_on TEXT CHECK (first_treated_on IS NULL OR date(first_treated_on) IS first_treated_on),  -- DTP 454
    last_seen_on TEXT CHECK (last_seen_on IS NULL OR date(last_seen_on) IS last_seen_on),          -- DTP 304
    admitted_on TEXT CHECK (admitted_on IS NULL OR date(admitted_on) IS admitted_on),              -- DTP 435
    discharged_on TEXT CHECK (discharged_on IS NULL OR date(discharged_on) IS discharged_on),      -- DTP 096
    unable_from_on TEXT CHECK (unable_from_on IS NULL OR date(unable_from_on) IS unable_from_on),  -- DTP 360
    unable_to_on TEXT CHECK (unable_to_on IS NULL OR date(unable_to_on) IS unable_to_on),          -- DTP 361
    patient_paid_cents INTEGER CHECK (patient_paid_cents IS NULL OR patient_paid_cents >= 0),      -- AMT F5
    note TEXT NOT NULL DEFAULT '',           -- NTE ADD
    decided_at TEXT CHECK (decided_at IS NULL OR strftime('%Y-%m-%dT%H:%M', decided_at) IS decided_at),
    decided_by TEXT NOT NULL DEFAULT '',     -- who said it is charged, or that nothing is
    CHECK (status <> 'no-charge' OR no_charge_reason <> '')
);
CREATE INDEX charge_sheet_by_coverage ON charge_sheet (coverage_id) WHERE coverage_id IS NOT NULL;
CREATE INDEX charge_sheet_by_status ON charge_sheet (status);

CREATE TABLE charge_diagnosis (              -- A to L, by position from 0
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    charge_sheet_id INTEGER NOT NULL REFERENCES charge_sheet (id),
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 11),
    code TEXT NOT NULL CHECK (code <> '')    -- ICD-10-CM without the dot
);
CREATE INDEX charge_diagnosis_by_sheet ON charge_diagnosis (charge_sheet_id, position);

CREATE TABLE charge_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    charge_sheet_id INTEGER NOT NULL REFERENCES charge_sheet (id),
    position INTEGER NOT NULL DEFAULT 0,
    procedure_id INTEGER REFERENCES procedure (id),        -- it started from
    code TEXT NOT NULL CHECK (code <> ''),
    modifiers TEXT NOT NULL DEFAULT '',      -- at most four, a blank between
    words TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',    -- SV101-7
    pointers TEXT NOT NULL DEFAULT 'A',      -- letters of the sheet's diagnoses, the first one first
    units TEXT NOT NULL DEFAULT '1',
    unit TEXT NOT NULL DEFAULT 'UN' CHECK (unit IN ('UN', 'MJ')),
    charge_cents INTEGER NOT NULL CHECK (charge_cents >= 0),           -- of the whole line
    from_on TEXT CHECK (from_on IS NULL OR date(from_on) IS from_on),  -- NULL: the visit's day
    to_on TEXT CHECK (to_on IS NULL OR date(to_on) IS to_on),
    place TEXT NOT NULL DEFAULT '',          -- where it differs from the sheet's
    provider_id INTEGER REFERENCES provider (id),          -- who did it, where not the visit's provider
    ordering_provider_id INTEGER REFERENCES provider (id),
    ndc TEXT NOT NULL DEFAULT '',
    ndc_quantity TEXT NOT NULL DEFAULT '',
    ndc_unit TEXT NOT NULL DEFAULT '' CHECK (ndc_unit IN ('', 'UN', 'ML', 'GR', 'ME', 'F2')),
    prescription TEXT NOT NULL DEFAULT '',   -- its number
    note TEXT NOT NULL DEFAULT '',           -- NTE ADD
    is_emergency INTEGER NOT NULL DEFAULT 0 CHECK (is_emergency IN (0, 1)),
    is_epsdt INTEGER NOT NULL DEFAULT 0 CHECK (is_epsdt IN (0, 1)),
    is_family_planning INTEGER NOT NULL DEFAULT 0 CHECK (is_family_planning IN (0, 1)),
    is_kept_from_payer INTEGER NOT NULL DEFAULT 0 CHECK (is_kept_from_payer IN (0, 1))     -- the patient pays it herself
);
CREATE INDEX charge_line_by_sheet ON charge_line (charge_sheet_id, position);

-- Numbers the practice and its providers are known by beside the NPI: of everybody, or at one payer only.
-- No provider and no organization: the practice itself.
CREATE TABLE billing_number (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER REFERENCES provider (id),
    organization_id INTEGER REFERENCES organization (id),
    payer_id INTEGER REFERENCES payer (id),
    kind TEXT NOT NULL CHECK (kind IN ('EI', 'SY', 'X4', 'G2', '0B', '1G', 'LU', 'PXC')),  -- REF01, PRV02
    number TEXT NOT NULL CHECK (number <> ''),
    CHECK (provider_id IS NULL OR organization_id IS NULL)
);

-- Where files go: a clearing house, or a payer that takes them itself.
CREATE TABLE clearing_house (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    sender_kind TEXT NOT NULL DEFAULT 'ZZ' CHECK (sender_kind IN ('ZZ', '27', '28', '30', '01')),      -- ISA05
    sender_id TEXT NOT NULL DEFAULT '',      -- ISA06, at most 15
    receiver_kind TEXT NOT NULL DEFAULT 'ZZ' CHECK (receiver_kind IN ('ZZ', '27', '28', '30', '01')),  -- ISA07
    receiver_id TEXT NOT NULL DEFAULT '',    -- ISA08
    group_sender TEXT NOT NULL DEFAULT '',   -- GS02 where it is not ISA06
    group_receiver TEXT NOT NULL DEFAULT '', -- GS03
    submitter_name TEXT NOT NULL DEFAULT '', -- 1000A; '' is the practice
    submitter_id TEXT NOT NULL DEFAULT '',   -- NM109 of 1000A
    contact_name TEXT NOT NULL DEFAULT '',
    contact_phone TEXT NOT NULL DEFAULT '',
    contact_email TEXT NOT NULL DEFAULT '',
    receiver_name TEXT NOT NULL DEFAULT '',  -- 1000B; '' is the name
    receiver_number TEXT NOT NULL DEFAULT '',              -- NM109 of 1000B
    is_test INTEGER NOT NULL DEFAULT 1 CHECK (is_test IN (0, 1)),      -- ISA15
    wants_acknowledgement INTEGER NOT NULL DEFAULT 0 CHECK (wants_acknowledgement IN (0, 1)),          -- ISA14
    claims_at_most INTEGER NOT NULL DEFAULT 5000 CHECK (claims_at_most > 0),   -- in one file
    out_folder TEXT NOT NULL DEFAULT '',     -- where its files are put
    in_folder TEXT NOT NULL DEFAULT '',      -- where its answers come in
    file_pattern TEXT NOT NULL DEFAULT '',   -- of a file's name; '' is ours
    note TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1))
);

-- What a payer wants of claims; one row at most for each, none: as is usual.
CREATE TABLE payer_rule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    payer_id INTEGER NOT NULL UNIQUE REFERENCES payer (id),
    filing TEXT NOT NULL DEFAULT '',         -- SBR09
    way TEXT NOT NULL DEFAULT 'paper' CHECK (way IN ('file', 'paper')),
    clearing_house_id INTEGER REFERENCES clearing_house (id),
    number_kind TEXT NOT NULL DEFAULT 'PI' CHECK (number_kind IN ('PI', 'XV')),            -- NM108 of 2010BB
    member_pattern TEXT NOT NULL DEFAULT '', -- regular expression of the whole member number
    member_words TEXT NOT NULL DEFAULT '',   -- the same in words
    filing_days INTEGER CHECK (filing_days IS NULL OR filing_days > 0),        -- NULL: what is usual for its kind
    corrected_days INTEGER CHECK (corrected_days IS NULL OR corrected_days > 0),   -- for a replacement, from the answer
    appeal_days INTEGER CHECK (appeal_days IS NULL OR appeal_days > 0),        -- from the answer
    filing_source TEXT NOT NULL DEFAULT '',  -- contract or manual, and its date
    silent_days INTEGER CHECK (silent_days IS NULL OR silent_days > 0),        -- how long no answer is usual
    totals TEXT NOT NULL DEFAULT 'each sheet' CHECK (totals IN ('each sheet', 'last sheet')),  -- more than six lines
    lines_at_most INTEGER NOT NULL DEFAULT 50 CHECK (lines_at_most BETWEEN 1 AND 50),
    assignment TEXT NOT NULL DEFAULT 'A' CHECK (assignment IN ('A', 'B', 'C')),    -- CLM07
    telehealth_modifiers TEXT NOT NULL DEFAULT '95 GT 93 FQ',
    needs_referrer INTEGER NOT NULL DEFAULT 0 CHECK (needs_referrer IN (0, 1)),
    needs_authorization INTEGER NOT NULL DEFAULT 0 CHECK (needs_authorization IN (0, 1)),
    needs_rendering_taxonomy INTEGER NOT NULL DEFAULT 0 CHECK (needs_rendering_taxonomy IN (0, 1)),
    is_crossing_over INTEGER NOT NULL DEFAULT 0 CHECK (is_crossing_over IN (0, 1)),    -- sends on to the next payer itself
    note TEXT NOT NULL DEFAULT ''
);

-- Claims (B3 to B5, B9). `content` is the whole claim as domain/claims says it (JSON, its format in it); it stands
-- still once the claim is sent. The other columns are what work-lists ask, written together with it.
CREATE TABLE claim (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    number TEXT NOT NULL UNIQUE CHECK (number <> '' AND length(number) <= 20),     -- CLM01, repeated by every answer
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    charge_sheet_id INTEGER REFERENCES charge_sheet (id),
    coverage_id INTEGER REFERENCES coverage (id),
    payer_id INTEGER NOT NULL REFERENCES payer (id),
    provider_id INTEGER REFERENCES provider (id),          -- whose services they are
    rank TEXT NOT NULL DEFAULT 'P' CHECK (rank IN ('P', 'S', 'T')),
    status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN (
        'draft', 'checked', 'ready', 'sent', 'rejected', 'accepted', 'decided', 'closed', 'replaced', 'void')),
    frequency TEXT NOT NULL DEFAULT '1' CHECK (frequency IN ('1', '7', '8')),
    replaces_claim_id INTEGER REFERENCES claim (id),       -- frequency 7 and 8
    follows_claim_id INTEGER REFERENCES claim (id),        -- a secondary: the one to the payer before
    payer_claim_number TEXT NOT NULL DEFAULT '',           -- the payer's own, from its answers: REF F8, CLP07
    way TEXT NOT NULL DEFAULT 'file' CHECK (way IN ('file', 'paper')),
    total_cents INTEGER NOT NULL CHECK (total_cents >= 0),
    first_on TEXT NOT NULL CHECK (date(first_on) IS first_on),
    last_on TEXT NOT NULL CHECK (date(last_on) IS last_on),
    file_until_on TEXT CHECK (file_until_on IS NULL OR date(file_until_on) IS file_until_on),
    appeal_until_on TEXT CHECK (appeal_until_on IS NULL OR date(appeal_until_on) IS appeal_until_on),
    errors INTEGER NOT NULL DEFAULT 0 CHECK (errors >= 0),             -- by the scrubber, when it last looked
    warnings INTEGER NOT NULL DEFAULT 0 CHECK (warnings >= 0),
    checked_at TEXT CHECK (checked_at IS NULL OR strftime('%Y-%m-%dT%H:%M', checked_at) IS checked_at),
    made_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', made_at) IS made_at),
    sent_at TEXT CHECK (sent_at IS NULL OR strftime('%Y-%m-%dT%H:%M', sent_at) IS sent_at),            -- the last time
    answered_on TEXT CHECK (answered_on IS NULL OR date(answered_on) IS answered_on),  -- the last word of anybody
    owner_user_id INTEGER REFERENCES user_account (id),
    next_action TEXT NOT NULL DEFAULT '',
    next_on TEXT CHECK (next_on IS NULL OR date(next_on) IS next_on),
    document_id INTEGER REFERENCES document (id),          -- the form as it was printed
    content TEXT NOT NULL
);
CREATE INDEX claim_by_patient ON claim (patient_id, first_on);
CREATE INDEX claim_by_sheet ON claim (charge_sheet_id) WHERE charge_sheet_id IS NOT NULL;
CREATE INDEX claim_by_coverage ON claim (coverage_id) WHERE coverage_id IS NOT NULL;
CREATE INDEX claim_by_document ON claim (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX claim_by_payer ON claim (payer_id, status);
CREATE INDEX claim_by_status ON claim (status, first_on);
CREATE INDEX claim_by_replaced ON claim (replaces_claim_id) WHERE replaces_claim_id IS NOT NULL;
CREATE INDEX claim_by_followed ON claim (follows_claim_id) WHERE follows_claim_id IS NOT NULL;
CREATE INDEX claim_by_payer_number ON claim (payer_claim_number) WHERE payer_claim_number <> '';
CREATE INDEX claim_by_next_day ON claim (next_on) WHERE next_on IS NOT NULL;

-- The lines of a claim as answers and later claims ask for them; written together with `content`.
CREATE TABLE claim_line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    position INTEGER NOT NULL CHECK (position >= 0),
    control TEXT NOT NULL UNIQUE CHECK (control <> '' AND length(control) <= 30),  -- REF 6R
    charge_line_id INTEGER REFERENCES charge_line (id),
    code TEXT NOT NULL,
    modifiers TEXT NOT NULL DEFAULT '',
    from_on TEXT NOT NULL CHECK (date(from_on) IS from_on),
    to_on TEXT NOT NULL CHECK (date(to_on) IS to_on),
    units TEXT NOT NULL DEFAULT '1',
    charge_cents INTEGER NOT NULL CHECK (charge_cents >= 0),
    provider_npi TEXT NOT NULL DEFAULT ''    -- who did it
);
CREATE INDEX claim_line_by_claim ON claim_line (claim_id, position);
CREATE INDEX claim_line_by_charge ON claim_line (charge_line_id) WHERE charge_line_id IS NOT NULL;

-- Files and stacks of forms that left, or were to: their bytes are a document, their numbers are never used twice.
CREATE TABLE claim_batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    way TEXT NOT NULL CHECK (way IN ('file', 'paper')),
    clearing_house_id INTEGER REFERENCES clearing_house (id),
    payer_id INTEGER REFERENCES payer (id),  -- where it is for one only
    status TEXT NOT NULL DEFAULT 'numbered' CHECK (status IN ('numbered', 'written', 'failed')),
    interchange_number INTEGER UNIQUE CHECK (interchange_number IS NULL OR interchange_number BETWEEN 1 AND 999999999),
    group_number INTEGER UNIQUE CHECK (group_number IS NULL OR group_number BETWEEN 1 AND 999999999),
    set_number INTEGER UNIQUE CHECK (set_number IS NULL OR set_number BETWEEN 1 AND 999999999),
    reference TEXT NOT NULL UNIQUE CHECK (reference <> ''),            -- BHT03
    claims INTEGER NOT NULL DEFAULT 0 CHECK (claims >= 0),
    total_cents INTEGER NOT NULL DEFAULT 0 CHECK (total_cents >= 0),
    is_test INTEGER NOT NULL DEFAULT 0 CHECK (is_test IN (0, 1)),
    document_id INTEGER REFERENCES document (id),
    file_name TEXT NOT NULL DEFAULT '',
    folder TEXT NOT NULL DEFAULT '',
    made_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', made_at) IS made_at),
    made_by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',           -- why it failed
    CHECK (status <> 'written' OR document_id IS NOT NULL)
);
CREATE INDEX claim_batch_by_document ON claim_batch (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX claim_batch_by_day ON claim_batch (made_at);

CREATE TABLE claim_batch_item (              -- a claim that came back and was mended is in two
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    claim_batch_id INTEGER NOT NULL REFERENCES claim_batch (id),
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    position INTEGER NOT NULL DEFAULT 0,
    UNIQUE (claim_batch_id, claim_id)
);
CREATE INDEX claim_batch_item_by_claim ON claim_batch_item (claim_id);

-- What happened to a claim: each state it got, each note, each word of a payer; who and when.
CREATE TABLE claim_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    claim_id INTEGER NOT NULL REFERENCES claim (id),
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    by TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('status', 'note', 'change', 'sent', 'answer')),
    status TEXT NOT NULL DEFAULT '',         -- it got then
    note TEXT NOT NULL DEFAULT '',
    claim_batch_id INTEGER REFERENCES claim_batch (id)
);
CREATE INDEX claim_event_by_claim ON claim_event (claim_id, at);

-- The last number given of each sequence. Taken by an operation of its own that is sealed: nothing gives one back.
CREATE TABLE number_sequence (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL UNIQUE CHECK (name IN ('file', 'stack')),
    last INTEGER NOT NULL CHECK (last >= 0)
);
