-- Schema 2: the whole calendar. The conventions stand at the head of m0001_the_spine.sql.

ALTER TABLE appointment_type ADD COLUMN room_kind TEXT NOT NULL DEFAULT '';    -- the room it wants
ALTER TABLE appointment_type ADD COLUMN wait_limit_min INTEGER NOT NULL DEFAULT 15;  -- then the board warns
ALTER TABLE appointment_type ADD COLUMN letter TEXT NOT NULL DEFAULT '';       -- template offered on booking
ALTER TABLE provider ADD COLUMN visits_at_once INTEGER NOT NULL DEFAULT 1
    CHECK (visits_at_once BETWEEN 1 AND 20);                                   -- how many may overlap
ALTER TABLE patient_alert ADD COLUMN is_shown_on_arrival INTEGER NOT NULL DEFAULT 1
    CHECK (is_shown_on_arrival IN (0, 1));
ALTER TABLE coverage ADD COLUMN verified_on TEXT
    CHECK (verified_on IS NULL OR date(verified_on) IS verified_on);
ALTER TABLE coverage ADD COLUMN verified_note TEXT NOT NULL DEFAULT '';        -- by whom, reference

CREATE TABLE authorization (                 -- a payer's leave for a number of visits; used ones are counted
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    coverage_id INTEGER REFERENCES coverage (id),
    number TEXT NOT NULL CHECK (number <> ''),
    visits_allowed INTEGER NOT NULL CHECK (visits_allowed >= 0),
    starts_on TEXT CHECK (starts_on IS NULL OR date(starts_on) IS starts_on),
    ends_on TEXT CHECK (ends_on IS NULL OR date(ends_on) IS ends_on),
    note TEXT NOT NULL DEFAULT '',
    CHECK (starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on)
);
CREATE INDEX authorization_by_patient ON authorization (patient_id);

CREATE TABLE appointment_series (            -- how a row of visits was made; the visits are rows of their own
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    rule TEXT NOT NULL CHECK (rule <> ''),   -- RFC 5545 RRULE value, e.g. FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6
    starts_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', starts_at) IS starts_at),
    duration_min INTEGER NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    split_from_id INTEGER REFERENCES appointment_series (id),  -- "this and later" begins a series
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX appointment_series_by_patient ON appointment_series (patient_id);

CREATE TABLE series_exception (              -- a date of the rule on which no visit was made (EXDATE)
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    series_id INTEGER NOT NULL REFERENCES appointment_series (id),
    original_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', original_at) IS original_at),
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (series_id, original_at)
);

ALTER TABLE appointment ADD COLUMN series_id INTEGER REFERENCES appointment_series (id);
ALTER TABLE appointment ADD COLUMN series_original_at TEXT  -- when the rule meant it (RECURRENCE-ID)
    CHECK (series_original_at IS NULL
        OR strftime('%Y-%m-%dT%H:%M', series_original_at) IS series_original_at);
ALTER TABLE appointment ADD COLUMN authorization_id INTEGER REFERENCES authorization (id);
CREATE INDEX appointment_by_series ON appointment (series_id, starts_at) WHERE series_id IS NOT NULL;
CREATE INDEX appointment_by_authorization ON appointment (authorization_id)
    WHERE authorization_id IS NOT NULL;
CREATE INDEX appointment_by_room ON appointment (room_id, starts_at) WHERE room_id IS NOT NULL;
CREATE INDEX appointment_by_origin ON appointment (rescheduled_from_id)
    WHERE rescheduled_from_id IS NOT NULL;
-- Yesterday's visits nobody answered for are few among millions.
CREATE INDEX appointment_open ON appointment (starts_at)
    WHERE status IN ('scheduled', 'confirmed', 'arrived', 'in-room');

CREATE TABLE appointment_event (             -- each state a visit took, stamped
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    appointment_id INTEGER NOT NULL REFERENCES appointment (id),
    status TEXT NOT NULL CHECK (status IN (
        'scheduled', 'confirmed', 'arrived', 'in-room', 'done', 'no-show', 'cancelled', 'left')),
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    detail TEXT NOT NULL DEFAULT '',         -- confirmed: 'person' or 'machine'; else a reason
    is_late INTEGER NOT NULL DEFAULT 0 CHECK (is_late IN (0, 1)),        -- a cancellation too short before
    is_correction INTEGER NOT NULL DEFAULT 0 CHECK (is_correction IN (0, 1))
);
CREATE INDEX appointment_event_by_appointment ON appointment_event (appointment_id, id);

CREATE TABLE call_attempt (                  -- a call about a visit, an offer or a recall, and what came of it
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    appointment_id INTEGER REFERENCES appointment (id),
    waiting_entry_id INTEGER REFERENCES waiting_entry (id),
    recall_id INTEGER REFERENCES recall (id),
    outcome TEXT NOT NULL CHECK (outcome IN (
        'reached', 'left-with-person', 'left-on-machine', 'no-answer', 'wrong-number', 'declined')),
    at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', at) IS at),
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX call_attempt_by_patient ON call_attempt (patient_id, at);
CREATE INDEX call_attempt_by_appointment ON call_attempt (appointment_id)
    WHERE appointment_id IS NOT NULL;
CREATE INDEX call_attempt_by_waiting ON call_attempt (waiting_entry_id)
    WHERE waiting_entry_id IS NOT NULL;
CREATE INDEX call_attempt_by_recall ON call_attempt (recall_id) WHERE recall_id IS NOT NULL;

CREATE TABLE room_hours (                    -- as working_hours, for rooms that are not always open
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    room_id INTEGER NOT NULL REFERENCES room (id),
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    starts_min INTEGER NOT NULL CHECK (starts_min BETWEEN 0 AND 1439),
    ends_min INTEGER NOT NULL CHECK (ends_min BETWEEN 1 AND 1440),
    valid_from_on TEXT CHECK (valid_from_on IS NULL OR date(valid_from_on) IS valid_from_on),
    valid_to_on TEXT CHECK (valid_to_on IS NULL OR date(valid_to_on) IS valid_to_on),
    CHECK (starts_min < ends_min)
);
CREATE INDEX room_hours_by_room ON room_hours (room_id, weekday);

CREATE TABLE hours_exception (               -- other hours on a date or range, in place of the weekly ones
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER REFERENCES provider (id),
    room_id INTEGER REFERENCES room (id),
    first_on TEXT NOT NULL CHECK (date(first_on) IS first_on),
    last_on TEXT NOT NULL CHECK (date(last_on) IS last_on),
    spans TEXT NOT NULL DEFAULT '',          -- minutes after midnight: '540-720,780-1020'; '' is away
    note TEXT NOT NULL DEFAULT '',
    CHECK (first_on <= last_on),
    CHECK ((provider_id IS NULL) <> (room_id IS NULL))
);
CREATE INDEX hours_exception_by_day ON hours_exception (first_on, last_on);

CREATE TABLE public_holiday (                -- taken over from public lists, so that reading a day reads rows
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    held_on TEXT NOT NULL CHECK (date(held_on) IS held_on),
    name TEXT NOT NULL CHECK (name <> ''),
    region TEXT NOT NULL DEFAULT '',         -- 'US' or 'US-MA'
    is_worked INTEGER NOT NULL DEFAULT 0 CHECK (is_worked IN (0, 1)),  -- the practice is open all the same
    UNIQUE (held_on, name)
);

CREATE TABLE block_out (                     -- time kept free, or kept for some types of visit
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER REFERENCES provider (id),   -- neither: everybody
    room_id INTEGER REFERENCES room (id),
    kind TEXT NOT NULL DEFAULT 'blocked'
        CHECK (kind IN ('blocked', 'break', 'meeting', 'away', 'reserved')),
    title TEXT NOT NULL CHECK (title <> ''),
    starts_on TEXT NOT NULL CHECK (date(starts_on) IS starts_on),
    starts_min INTEGER NOT NULL CHECK (starts_min BETWEEN 0 AND 1439),
    ends_min INTEGER NOT NULL CHECK (ends_min BETWEEN 1 AND 1440),
    rule TEXT NOT NULL DEFAULT '',           -- RRULE value where it repeats
    last_on TEXT CHECK (last_on IS NULL OR date(last_on) IS last_on),  -- of its repeats; NULL without end
    note TEXT NOT NULL DEFAULT '',
    CHECK (starts_min < ends_min)
);
CREATE INDEX block_out_by_day ON block_out (starts_on);

CREATE TABLE block_out_type (                -- what a reserved block admits
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    block_out_id INTEGER NOT NULL REFERENCES block_out (id),
    type_id INTEGER NOT NULL REFERENCES appointment_type (id),
    UNIQUE (block_out_id, type_id)
);

CREATE TABLE block_out_exception (           -- a day on which a repeating block does not stand
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    block_out_id INTEGER NOT NULL REFERENCES block_out (id),
    day_on TEXT NOT NULL CHECK (date(day_on) IS day_on),
    UNIQUE (block_out_id, day_on)
);

CREATE TABLE hold (                          -- a slot kept for somebody for a while; past expires_at it is free
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    provider_id INTEGER REFERENCES provider (id),
    room_id INTEGER REFERENCES room (id),
    patient_id INTEGER REFERENCES patient (id),
    starts_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', starts_at) IS starts_at),
    duration_min INTEGER NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    title TEXT NOT NULL CHECK (title <> ''),
    expires_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', expires_at) IS expires_at),
    CHECK (provider_id IS NOT NULL OR room_id IS NOT NULL)
);
CREATE INDEX hold_by_start ON hold (starts_at);

CREATE TABLE grid_note (                     -- a sticky note on a day, at a time or above it
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    day_on TEXT NOT NULL CHECK (date(day_on) IS day_on),
    provider_id INTEGER REFERENCES provider (id),   -- NULL: on the whole day
    starts_min INTEGER CHECK (starts_min IS NULL OR starts_min BETWEEN 0 AND 1439),  -- NULL: all day
    text TEXT NOT NULL CHECK (text <> ''),
    colour TEXT NOT NULL DEFAULT ''
);
CREATE INDEX grid_note_by_day ON grid_note (day_on);

CREATE TABLE calendar_view (                 -- a saved choice of columns; F5 to F12 by position
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    columns TEXT NOT NULL,                   -- 'provider:3,room:1'; in order
    position INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE waiting_entry (                 -- who would come sooner, and when she could
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    provider_id INTEGER REFERENCES provider (id),   -- NULL: any
    type_id INTEGER REFERENCES appointment_type (id),
    duration_min INTEGER NOT NULL CHECK (duration_min BETWEEN 1 AND 1440),
    is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1)),
    earliest_on TEXT CHECK (earliest_on IS NULL OR date(earliest_on) IS earliest_on),
    latest_on TEXT CHECK (latest_on IS NULL OR date(latest_on) IS latest_on),
    availability TEXT NOT NULL DEFAULT '',   -- weekday:from-to in minutes, '0:540-720,3:780-1020'; '' is any
    notice_min INTEGER NOT NULL DEFAULT 0 CHECK (notice_min >= 0),     -- how long before she must know
    interim_appointment_id INTEGER REFERENCES appointment (id),        -- the visit she has meanwhile
    keeps_interim INTEGER NOT NULL DEFAULT 0 CHECK (keeps_interim IN (0, 1)),
    note TEXT NOT NULL DEFAULT '',
    added_at TEXT NOT NULL CHECK (strftime('%Y-%m-%dT%H:%M', added_at) IS added_at),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'booked', 'removed')),
    booked_appointment_id INTEGER REFERENCES appointment (id),
    CHECK (earliest_on IS NULL OR latest_on IS NULL OR earliest_on <= latest_on)
);
CREATE INDEX waiting_entry_open ON waiting_entry (added_at) WHERE status = 'open';
CREATE INDEX waiting_entry_by_patient ON waiting_entry (patient_id);

CREATE TABLE recall_type (                   -- "Annual physical", every 12 months
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL CHECK (name <> ''),
    interval_months INTEGER NOT NULL CHECK (interval_months BETWEEN 1 AND 240),
    type_id INTEGER REFERENCES appointment_type (id),  -- a visit of this type answers it; NULL: any visit
    round_days TEXT NOT NULL DEFAULT '-30,0,30',       -- when each round goes out, days from the due date
    is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    position INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE recall (                        -- one person who should come back
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    recall_type_id INTEGER NOT NULL REFERENCES recall_type (id),
    provider_id INTEGER REFERENCES provider (id),
    due_on TEXT NOT NULL CHECK (date(due_on) IS due_on),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'booked', 'done', 'dropped')),
    appointment_id INTEGER REFERENCES appointment (id),  -- the visit that answers it
    note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX recall_open ON recall (due_on) WHERE status = 'open';
CREATE INDEX recall_by_patient ON recall (patient_id);
CREATE INDEX recall_by_appointment ON recall (appointment_id) WHERE appointment_id IS NOT NULL;

CREATE TABLE recall_round (                  -- a reminder that went out
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    recall_id INTEGER NOT NULL REFERENCES recall (id),
    round INTEGER NOT NULL CHECK (round >= 1),
    how TEXT NOT NULL CHECK (how IN ('letter', 'label', 'call')),
    sent_on TEXT NOT NULL CHECK (date(sent_on) IS sent_on)
);
CREATE INDEX recall_round_by_recall ON recall_round (recall_id);
