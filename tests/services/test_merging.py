"""Two files made one, and taken apart again: everything moves, everything comes back, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.patients import CoverageDraft
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import (
    CallAttempt,
    Coverage,
    CustomValue,
    Document,
    Encounter,
    Letter,
    PatientAddress,
    PatientAlert,
    PatientPhone,
    Payer,
    RelatedPerson,
)
from medsec_desktop.problems import Conflict, NotAllowed
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import merge_rows
from medsec_desktop.services.patients.merging import MergeDraft, MergePreview
from medsec_desktop.services.session import Session
from medsec_desktop.store import journal
from tests.conftest import a_patient, a_provider, a_user, an_appointment

# The least a row of each table needs to hang on a patient; a table added later asks for its line here.
LEAST: dict[tuple[str, str], str] = {
    ("appointment", "patient_id"): "provider_id=1, starts_at='2026-03-12T10:00', duration_min=30",
    ("appointment_series", "patient_id"):
        "rule='FREQ=DAILY;COUNT=2', starts_at='2026-03-12T10:00', duration_min=30",
    ("authorization", "patient_id"): "number='A-1', visits_allowed=3",
    ("call_attempt", "patient_id"): "outcome='reached', at='2026-03-11T09:00'",
    ("claim", "patient_id"):
        "number='1', payer_id=1, total_cents=1, first_on='2026-03-01', last_on='2026-03-01',"
        " made_at='2026-03-01T09:00', content='{}'",
    ("consent", "patient_id"): "kind_id=1, signed_on='2026-01-02'",
    ("coverage", "patient_id"): "payer_id=1",
    ("coverage", "subscriber_patient_id"): "payer_id=1, patient_id=1",
    ("custom_value", "patient_id"): "field_id=1, value='x'",
    ("disclosure", "patient_id"): "disclosed_at='2026-03-11T09:00', recipient='R', what='W'",
    ("document", "patient_id"):
        "kind='scan', title='Scan', sha256=printf('%064d', 7), size_bytes=1,"
        " filed_at='2026-03-11T09:00'",
    ("encounter", "patient_id"): "starts_at='2026-03-01T10:00'",
    ("hold", "patient_id"):
        "provider_id=1, starts_at='2026-03-12T10:00', duration_min=5, title='Hold',"
        " expires_at='2026-03-12T09:00'",
    ("fax", "patient_id"): "document_id=1, recipient='R', number='+16175550170', pages=2,"
        " made_at='2026-03-11T09:00'",
    ("letter", "patient_id"): "document_id=1, template='blank', written_on='2026-03-01'",
    ("patient", "merged_into_id"): "chart_number='M-1', family_name='Earlier'",
    ("patient_address", "patient_id"): "line1='1 Test St'",
    ("patient_alert", "patient_id"): "text='Mind the step'",
    ("patient_phone", "patient_id"): "number='+16175550142'",
    ("printed_form", "patient_id"): "code='C-1', kind='consent', made_at='2026-03-11T09:00'",
    ("recall", "patient_id"): "recall_type_id=1, due_on='2026-05-01'",
    ("records_request", "patient_id"):
        "requester='R', received_on='2026-03-01', due_on='2026-03-31'",
    ("referral", "patient_id"): "direction='out', begun_on='2026-03-01'",
    ("related_person", "patient_id"): "name='Kin'",
    ("related_person", "linked_patient_id"): "name='Kin', patient_id=1",
    ("waiting_entry", "patient_id"): "duration_min=30, added_at='2026-03-01T09:00'",
}  # fmt: skip


@pytest.fixture
def two(office: Office) -> tuple[int, int]:
    """A bystander who is number 1, and two files about Ada."""
    session = office.session
    a_patient(session, "Bystander", "Bea", birth_date="1950-01-01")
    a_provider(session)
    return (
        a_patient(session, phone="+16175550142", email="ada@example.org"),
        a_patient(session, "Testpersson", middle_name="May", former_name="Maiden",
                  birth_date="1984"),
    )  # fmt: skip


def chosen(preview: MergePreview, **more: Any) -> MergeDraft:
    """What the screen proposes."""
    return replace(
        MergeDraft(
            preview.survivor.id,
            preview.absorbed.id,
            frozenset(field.name for field in preview.fields if field.takes_other),
            frozenset(part.key for part in preview.parts if part.is_twice),
            preview.read,
        ),
        **more,
    )


def merged(office: Office, two: tuple[int, int], **more: Any) -> int:
    return office.merging.merge(chosen(office.merging.preview(*two), **more))


def apart(office: Office, merge_id: int, goes: frozenset[str] | None = None) -> None:
    plan = office.unmerging.plan(merge_id)
    wanted = {each.key for each in plan.since if each.goes} if goes is None else goes
    office.unmerging.unmerge(plan, frozenset(wanted), are_two_people=False)


def everything(session: Session) -> dict[tuple[str, int], dict[str, Any]]:
    """Every journalled row but the merges' own, without the count of its writes."""
    found = {}
    for table in journal.journalled_tables(session.db):
        if table.startswith("patient_merge"):
            continue
        columns = merge_rows.columns_of(session.db, table)
        for row in session.db.rows(f"SELECT {', '.join(columns)} FROM {table}"):
            told = dict(zip(columns, row, strict=True))
            found[table, told["id"]] = merge_rows.without_version(told)
    return found


def add_row(session: Session, table: str, column: str, patient_id: int) -> int:
    """A row of this table that hangs on the patient by this column."""
    pairs = [part.split("=", 1) for part in _split(LEAST[table, column])]
    names = ", ".join(name for name, _ in pairs)
    values = ", ".join(value for _, value in pairs)
    with session.change("Add a row", Permission.EDIT_SETTINGS):
        cursor = session.db.execute(
            f"INSERT INTO {table} ({column}, {names}) VALUES (?, {values})", (patient_id,)
        )
    return int(cursor.lastrowid)


def _split(text: str) -> list[str]:
    parts, depth, quoted, start = [], 0, False, 0
    for at, letter in enumerate(text):
        quoted ^= letter == "'"
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth and not quoted:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def lay_the_ground(session: Session) -> None:
    """What the least rows point at, each number 1."""
    with session.change("Lay the ground", Permission.EDIT_SETTINGS):
        for sql in (
            "INSERT INTO payer (name) VALUES ('Test Health')",
            "INSERT INTO consent_kind (name) VALUES ('Test consent')",
            "INSERT INTO custom_field (name, kind) VALUES ('Shoe size', 'number')",
            "INSERT INTO recall_type (name, interval_months) VALUES ('Yearly', 12)",
            "INSERT INTO document (kind, title, sha256, size_bytes, filed_at)"
            " VALUES ('letter', 'Letter', printf('%064d', 1), 1, '2026-03-11T09:00')",
        ):
            session.db.execute(sql)


def test_everything_that_hangs_on_a_file_moves_and_comes_back(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, absorbed = two
    session = office.session
    lay_the_ground(session)
    carried = {(each.table, each.column) for each in merge_rows.carried(session.db)}
    assert carried == set(LEAST), "a table that names patients needs its line in LEAST"
    rows = {key: add_row(session, *key, absorbed) for key in LEAST if key[0] != "patient_phone"}
    before = everything(session)

    merge_id = merged(office, two, left=frozenset(), fields=frozenset({"custom:1"}))

    for (table, column), row_id in rows.items():
        row = merge_rows.row_of(session.db, table, row_id)
        assert row is not None
        assert row[column] == survivor, (table, column)
    preview_nouns = {"visit", "letter", "document", "call", "recall", "consent", "referral"}
    session.undo()
    assert everything(session) == before
    moves = {move.noun: move.count for move in office.merging.preview(*two).moves}
    assert preview_nouns <= set(moves)
    session.redo()
    apart(office, merge_id)
    assert everything(session) == before


def test_a_table_added_later_moves_as_well(office: Office, two: tuple[int, int]) -> None:
    session = office.session
    session.db.execute(
        "CREATE TABLE ledger_line (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " version INTEGER NOT NULL DEFAULT 1, owed_by_id INTEGER REFERENCES patient (id))"
    )
    journal.regenerate_triggers(session.db)
    with session.change("Owe", Permission.EDIT_PATIENTS):
        session.db.execute("INSERT INTO ledger_line (owed_by_id) VALUES (?)", (two[1],))

    merged(office, two)

    assert session.db.value("SELECT owed_by_id FROM ledger_line") == two[0]


def test_the_files_lie_side_by_side_with_a_proposal(office: Office, two: tuple[int, int]) -> None:
    survivor, absorbed = two
    session = office.session
    lay_the_ground(session)
    provider = session.db.value("SELECT id FROM provider")
    with session.change("Fill both", Permission.EDIT_PATIENTS):
        PatientPhone.create(patient_id=absorbed, number="+16175550142", kind="mobile")
        PatientPhone.create(patient_id=absorbed, number="+16175550199")
        Coverage.create(patient_id=survivor, payer_id=1, member_id="W1")
        Coverage.create(patient_id=absorbed, payer_id=1, member_id="W2")
    an_appointment(session, survivor, provider, "2026-03-12T10:00")
    an_appointment(session, absorbed, provider, "2026-03-12T14:00")

    preview = office.merging.preview(survivor, absorbed)

    fields = {field.name: field for field in preview.fields}
    assert (fields["family_name"].mine, fields["family_name"].other) == (
        "Testperson", "Testpersson",
    )  # fmt: skip
    assert fields["family_name"].differs
    assert not fields["family_name"].takes_other
    assert fields["middle_name"].takes_other, "what only the other file knows is taken"
    assert not fields["birth_date"].takes_other, "a whole date is better than a year"
    assert not fields["given_name"].differs
    phones = {part.text: part.is_twice for part in preview.parts if not part.is_mine}
    assert phones["(617) 555-0142"]
    assert not phones["(617) 555-0199"]
    assert any("double booking" in remark for remark in preview.remarks)
    assert any("primary insurance" in remark for remark in preview.remarks)
    assert preview.reasons
    names = session.history(3)
    assert {row.label for row in names} >= {"Compared the file with another"}


def test_the_one_file_has_what_was_chosen_and_the_other_leads_to_it(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, absorbed = two
    session = office.session
    lay_the_ground(session)
    with session.change("Fill both", Permission.EDIT_PATIENTS):
        twin = PatientPhone.create(patient_id=absorbed, number="+16175550142")
        mine = Coverage.create(patient_id=survivor, payer_id=1, member_id="W1")
        same = Coverage.create(patient_id=absorbed, payer_id=1, member_id="w1")
        more = Coverage.create(patient_id=absorbed, payer_id=1, member_id="W2")
        kin = RelatedPerson.create(patient_id=survivor, name="Ada", linked_patient_id=absorbed)
        session.db.execute(
            "INSERT INTO authorization (patient_id, coverage_id, number, visits_allowed)"
            " VALUES (?, ?, 'A-9', 3)",
            (absorbed, same.id),
        )
    draft_id = office.drafts.save(
        None, "booking", "Book", absorbed, {"who": {"patient_id": absorbed}}
    )
    chart = session.db.value("SELECT chart_number FROM patient WHERE id = ?", (absorbed,))
    office.patients.open(absorbed)

    preview = office.merging.preview(survivor, absorbed)
    merge_id = office.merging.merge(
        chosen(preview, fields=frozenset({"middle_name", "family_name"}), note="Typed twice")
    )

    file = office.patients.open(absorbed)
    assert file.id == survivor
    assert (file.name.family, file.name.middle) == ("Testpersson", "May")
    assert session.history(1)[0].patient_id == survivor
    assert [phone.number for phone in file.phones] == ["+16175550142"]
    ranks = {row.member_id: row.rank for row in file.coverages}
    assert ranks == {"W1": "primary", "W2": "secondary"}
    value = session.db.value
    assert value("SELECT coverage_id FROM authorization") == mine.id, "not on the one left behind"
    assert value("SELECT patient_id FROM patient_phone WHERE id = ?", (twin.id,)) == absorbed
    assert value("SELECT linked_patient_id FROM related_person WHERE id = ?", (kin.id,)) is None
    assert more.id in [row.id for row in file.coverages]
    for query in (chart, "maiden", "testperson ada", "testpersson", "555-0142", "W2"):
        assert office.patients.find_ids(query) == (survivor,), query
    assert [hit.id for hit in office.patients.recent()].count(survivor) == 1
    assert absorbed not in [hit.id for hit in office.patients.recent()]
    assert office.drafts.all()[0].patient_id == survivor
    assert office.drafts.state(draft_id) == {"who": {"patient_id": survivor}}
    (row,) = office.merging.merges_into(survivor)
    assert (row.id, row.chart_number, row.note) == (merge_id, chart, "Typed twice")
    assert row.merged_by == "Olive Owner"
    labels = [row.title for row in office.timeline.of(survivor).rows if row.kind == "change"]
    assert any("Merge the file of" in label for label in labels)
    assert any("Testpersson" in label for label in labels), "the other file's changes are hers"

    apart(office, merge_id)
    assert office.patients.open(absorbed).id == absorbed
    assert office.patients.find_ids(chart) == (absorbed,)
    assert office.patients.find_ids("maiden") == (absorbed,)
    assert office.drafts.all()[0].patient_id == absorbed
    assert office.merging.merges_into(survivor) == ()


def test_nothing_is_added_to_a_merged_file(office: Office, two: tuple[int, int]) -> None:
    draft = office.patients.draft(two[1])
    merged(office, two)

    with pytest.raises(Conflict, match="merged into another") as refused:
        office.patients.amend(two[1], replace(draft, note="Too late"))
    with pytest.raises(Conflict, match="merged into another"):
        an_appointment(office.session, two[1], 1)

    assert refused.value.links[0].key == str(two[0])


def test_what_was_left_with_a_merged_file_is_not_changed_unseen(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, other = two
    with office.session.change("Add a payer", Permission.EDIT_SETTINGS):
        payer = Payer.create(name="Invented Health").id
    draft = CoverageDraft(payer, member_id="M-1")
    mine, left = (office.coverages.save(patient_id, draft) for patient_id in two)
    merged(office, two)

    for late in (
        lambda: office.coverages.save(other, replace(draft, note="late", id=left, version=1)),
        lambda: office.coverages.remove(other, left),
        lambda: office.verifications.record(left),
    ):
        with pytest.raises(Conflict, match="merged into another") as caught:
            late()
        assert caught.value.links[0].key == str(survivor)
    office.coverages.save(survivor, replace(draft, note="seen", id=mine, version=1))


def test_a_section_edited_while_the_file_was_merged_says_where_it_goes_on(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, other = two
    part = office.patients.part(other, ("pronouns",))
    merged(office, two)

    with pytest.raises(Conflict, match="merged into another") as caught:
        office.patients.amend_part(
            other, replace(part, draft=replace(part.draft, pronouns="they")), "pronouns"
        )
    assert caught.value.links[0].key == str(survivor)


def test_a_file_that_moved_on_is_not_merged_unseen(office: Office, two: tuple[int, int]) -> None:
    preview = office.merging.preview(*two)
    with office.session.change("Call", Permission.EDIT_PATIENTS):
        PatientPhone.create(patient_id=two[1], number="+16175550177")

    with pytest.raises(Conflict, match="has changed since"):
        office.merging.merge(chosen(preview))


def test_what_cannot_be_merged_says_so(office: Office, two: tuple[int, int]) -> None:
    with pytest.raises(Conflict, match="with itself"):
        office.merging.preview(two[0], two[0])
    merged(office, two)
    with pytest.raises(Conflict, match="was merged already"):
        office.merging.preview(1, two[1])
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))
    with pytest.raises(NotAllowed):
        office.merging.preview(1, two[0])


def test_what_was_told_apart_stays_so_under_the_new_number(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, absorbed = two
    office.duplicates.tell_apart(1, absorbed)
    office.duplicates.tell_apart(survivor, absorbed)
    before = everything(office.session)
    pairs = "SELECT one_id, other_id FROM not_duplicate"

    preview = office.merging.preview(survivor, absorbed)
    merge_id = office.merging.merge(chosen(preview))

    assert any("two people" in remark for remark in preview.remarks)
    assert office.session.db.rows(pairs) == [(1, survivor)]
    apart(office, merge_id)
    assert everything(office.session) == before


def test_what_was_added_or_changed_since_is_asked_about(
    office: Office, two: tuple[int, int]
) -> None:
    survivor, absorbed = two
    session = office.session
    provider = session.db.value("SELECT id FROM provider")
    visit = an_appointment(session, absorbed, provider)
    own = an_appointment(session, survivor, provider, "2026-03-16T10:00")
    merge_id = merged(office, two)
    newer = an_appointment(session, survivor, provider, "2026-03-20T10:00")
    with session.change("Work on", Permission.EDIT_PATIENTS):
        session.db.execute("UPDATE appointment SET note = 'Moved' WHERE id IN (?, ?)", (visit, own))
        session.db.execute("UPDATE patient SET language = 'es' WHERE id = ?", (survivor,))
        call = CallAttempt.create(
            patient_id=survivor, appointment_id=visit, outcome="reached", at="2026-03-11T09:00"
        )
        letter = PatientAlert.create(patient_id=survivor, text="Hard of hearing")

    plan = office.unmerging.plan(merge_id)

    since = {each.key: each for each in plan.since}
    assert set(since) == {
        "field:language", f"appointment:{visit}", f"appointment:{newer}",
        f"call_attempt:{call.id}", f"patient_alert:{letter.id}",
    }  # fmt: skip
    assert since[f"appointment:{visit}"].goes, "it came with the other file"
    assert since[f"call_attempt:{call.id}"].goes, "it is about a visit that goes"
    assert not since[f"appointment:{newer}"].goes
    assert since["field:language"].text == "Language: es"
    assert since[f"appointment:{newer}"].text.startswith("Visit: ")

    goes = frozenset({"field:language", f"appointment:{newer}", f"call_attempt:{call.id}"})
    office.unmerging.unmerge(plan, goes)

    owner = "SELECT patient_id FROM appointment WHERE id = ?"
    assert session.db.value(owner, (newer,)) == absorbed
    assert session.db.value(owner, (visit,)) == survivor, "it was said to stay"
    assert session.db.value("SELECT note FROM appointment WHERE id = ?", (visit,)) == "Moved"
    languages = dict(session.db.rows("SELECT id, language FROM patient WHERE id IN (?, ?)", two))
    assert languages == {survivor: "", absorbed: "es"}
    assert office.duplicates.of_patient(survivor) == (), "they are two people from now on"
    session.undo()
    assert [row.absorbed_id for row in office.merging.merges_into(survivor)] == [absorbed]
    assert session.db.value(owner, (newer,)) == survivor


def test_taking_apart_is_refused_where_more_was_added_meanwhile(
    office: Office, two: tuple[int, int]
) -> None:
    plan = office.unmerging.plan(merged(office, two))
    an_appointment(office.session, two[0], 1)

    with pytest.raises(Conflict, match="added or changed meanwhile"):
        office.unmerging.unmerge(plan, frozenset())


def test_merges_of_merges_are_taken_apart_from_the_last_one(office: Office) -> None:
    session = office.session
    a, b, c = (a_patient(session, phone=f"+1617555010{number}") for number in range(3))
    before = everything(session)
    first = merged(office, (a, b))
    second = merged(office, (c, a))

    assert office.patients.open(b).id == c
    assert len(office.patients.open(c).phones) == 3
    with pytest.raises(Conflict, match="itself merged since"):
        office.unmerging.plan(first)

    apart(office, second)
    assert office.patients.open(b).id == a
    apart(office, first)
    assert everything(session) == before


@pytest.mark.parametrize("first_apart", [0, 1])
def test_two_files_merged_into_one_come_apart_in_any_order(
    office: Office, first_apart: int
) -> None:
    session = office.session
    a = a_patient(session)
    b = a_patient(session, email="b@example.org", language="es")
    c = a_patient(session, email="c@example.org", language="fr", employer="Test Inc")
    before = everything(session)
    merges = [
        merged(office, (a, b)),
        office.merging.merge(
            chosen(office.merging.preview(a, c), fields=frozenset({"email", "employer"}))
        ),
    ]

    for number in (first_apart, 1 - first_apart):
        plan = office.unmerging.plan(merges[number])
        assert plan.since == ()
        apart(office, merges[number])

    assert everything(session) == before


_words = st.sampled_from(["", "Ada", "Bo", "Cäcilie"])
_file = st.fixed_dictionaries(
    {
        "middle_name": _words,
        "preferred_name": _words,
        "language": st.sampled_from(["", "en", "es"]),
        "birth_date": st.sampled_from([None, "1984", "1984-03-14"]),
        "email": st.sampled_from(["", "a@example.org"]),
        "status": st.sampled_from(["active", "inactive"]),
        "phones": st.lists(st.sampled_from(["+16175550101", "+16175550102", "x 12"]), max_size=3),
        "addresses": st.lists(st.sampled_from(["1 Test St", "1 test street", "2 Elm"]), max_size=2),
        "people": st.lists(st.sampled_from(["Kin", "kin", "Otto"]), max_size=2),
        "alerts": st.lists(st.sampled_from(["Deaf", "Steps"]), max_size=2),
        "members": st.lists(st.sampled_from(["W1", "W2"]), max_size=2),
        "encounters": st.integers(0, 2),
        "letters": st.integers(0, 1),
        "custom": st.sampled_from([None, "38", "41"]),
        "knows_other": st.booleans(),
    }
)
_work = st.lists(
    st.sampled_from(
        ["phone", "drop phone", "encounter", "edit encounter", "email", "alert", "custom", "letter"]
    ),
    max_size=5,
)


@given(mine=_file, other=_file, taken=st.sets(st.integers(0, 40)), work=_work, data=st.data())
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_merged_and_taken_apart_any_two_files_are_what_they_were(
    office: Office,
    mine: dict[str, Any],
    other: dict[str, Any],
    taken: set[int],
    work: list[str],
    data: st.DataObject,
) -> None:
    session = office.session
    if not session.db.value("SELECT count(*) FROM payer"):
        lay_the_ground(session)
    survivor, absorbed = (a_file(session, facts) for facts in (mine, other))
    with session.change("Know each other", Permission.EDIT_PATIENTS):
        for one, two, facts in ((survivor, absorbed, mine), (absorbed, survivor, other)):
            if facts["knows_other"]:
                RelatedPerson.create(patient_id=one, name="The other", linked_patient_id=two)
    before = everything(session)
    preview = office.merging.preview(survivor, absorbed)
    names = [field.name for field in preview.fields]
    left = frozenset(part.key for at, part in enumerate(preview.parts) if at + 20 in taken)
    fields = frozenset(name for at, name in enumerate(names) if at in taken)

    merge_id = office.merging.merge(chosen(preview, fields=fields, left=left))
    kept = {key: row for key, row in everything(session).items() if key[0] != "not_duplicate"}
    assert kept.keys() == before.keys(), "a merge deletes nothing"
    session.undo()
    assert everything(session) == before
    session.redo()
    assert office.unmerging.plan(merge_id).since == ()
    apart(office, merge_id)
    assert everything(session) == before

    again = office.merging.merge(
        chosen(office.merging.preview(survivor, absorbed), fields=fields, left=left)
    )
    for what in work:
        do(session, what, survivor)
    worked = everything(session)
    plan = office.unmerging.plan(again)
    goes = frozenset(each.key for each in plan.since if data.draw(st.booleans()))
    apart(office, again, goes)
    now = everything(session)
    assert now.keys() == worked.keys(), "taking apart deletes nothing"
    owners = {survivor, absorbed}
    for key, row in now.items():
        if key[0] not in ("patient", "related_person"):
            same = {
                name: row[name] for name in row if name not in ("patient_id", "position", "rank")
            }
            assert same.items() <= worked[key].items() or "custom" in key[0]
            assert row.get("patient_id") in (None, *owners) or worked[key] == row
    session.undo()
    assert everything(session) == worked


def a_file(session: Session, facts: dict[str, Any]) -> int:
    columns = ("middle_name", "preferred_name", "language", "birth_date", "email", "status")
    patient_id = a_patient(session, **{name: facts[name] for name in columns})
    with session.change("Fill the file", Permission.EDIT_PATIENTS):
        for number in facts["phones"]:
            PatientPhone.create(patient_id=patient_id, number=number)
        for line1 in facts["addresses"]:
            PatientAddress.create(patient_id=patient_id, line1=line1)
        for name in facts["people"]:
            RelatedPerson.create(patient_id=patient_id, name=name)
        for text in facts["alerts"]:
            PatientAlert.create(patient_id=patient_id, text=text)
        for member_id in facts["members"]:
            Coverage.create(patient_id=patient_id, payer_id=1, member_id=member_id)
        for number in range(facts["encounters"]):
            Encounter.create(patient_id=patient_id, starts_at=f"2025-01-1{number}T09:00")
        for _ in range(facts["letters"]):
            a_letter(patient_id)
        if facts["custom"]:
            CustomValue.create(patient_id=patient_id, field_id=1, value=facts["custom"])
    return patient_id


def a_letter(patient_id: int) -> None:
    document = Document.create(
        patient_id=patient_id, kind="letter", title="Letter", sha256="0" * 64, size_bytes=1,
        filed_at="2026-03-11T09:00",
    )  # fmt: skip
    Letter.create(
        patient_id=patient_id, document_id=document.id, template="blank", written_on="2026-03-01"
    )


def do(session: Session, what: str, patient_id: int) -> None:
    """Some of a day's work on a file."""
    db = session.db
    with session.change(what, Permission.EDIT_PATIENTS):
        if what == "phone":
            PatientPhone.create(patient_id=patient_id, number="+16175550177")
        elif what == "drop phone":
            db.execute(
                "DELETE FROM patient_phone WHERE id = (SELECT min(id) FROM patient_phone"
                " WHERE patient_id = ?)",
                (patient_id,),
            )
        elif what == "encounter":
            Encounter.create(patient_id=patient_id, starts_at="2026-03-11T09:00")
        elif what == "edit encounter":
            db.execute(
                "UPDATE encounter SET kind = kind || '!' WHERE patient_id = ?", (patient_id,)
            )
        elif what == "email":
            db.execute("UPDATE patient SET email = 'new@example.org' WHERE id = ?", (patient_id,))
        elif what == "alert":
            PatientAlert.create(patient_id=patient_id, text="New")
        elif what == "custom":
            db.execute("UPDATE custom_value SET value = '43' WHERE patient_id = ?", (patient_id,))
        elif what == "letter":
            a_letter(patient_id)
