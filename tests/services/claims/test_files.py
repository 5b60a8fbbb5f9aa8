"""Claims that leave in files: planned, numbered for good, read back, and sent only then."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.edi.comparing import differences
from medsec_desktop.edi.overview import overview
from medsec_desktop.edi.read_837p import read_claims
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.services import files_out
from medsec_desktop.services.claims import batches
from medsec_desktop.services.claims.files import FilePlan, FileReport
from medsec_desktop.services.claims.filing import with_controls
from medsec_desktop.services.claims.records import AnswerDraft
from tests.edi.test_claims_837p import claims as generated
from tests.edi.test_claims_837p import validated
from tests.services.claims.practice import Billing
from tests.services.claims.test_claims import decided


def real(billing: Billing) -> None:
    """The clearing house takes files in earnest."""
    found = billing.office.claim_settings
    found.save_house(replace(found.house(billing.house), is_test=False))


def written(billing: Billing, folder: Path, ids: list[int] | None = None) -> FileReport:
    files = billing.office.claim_files
    return files.write(files.plan(ids), folder)


def test_a_file_holds_what_the_claims_say_and_they_are_sent_with_it(
    billing: Billing, tmp_path: Path
) -> None:
    real(billing)
    office, claims, files = billing.office, billing.office.claims, billing.office.claim_files
    first, second = billing.ready(), billing.ready("2026-03-03T10:00")
    held = billing.ready("2026-03-04T10:00")
    with office.session.change("Spoil one", Permission.EDIT_CLAIMS):
        office.session.db.execute(
            "UPDATE coverage SET ends_on = '2026-03-03', version = version + 1"
            " WHERE id = ?", (billing.coverage,),
        )  # fmt: skip
    paper = claims.build(billing.visit("2026-03-05T10:00", coverage_id=billing.coverage))
    claims.set_way([paper], "paper")

    (plan,) = files.plan()

    assert (plan.receiver, plan.total_cents, plan.warnings) == ("Test House", 25100, ())
    assert [row.id for row in plan.claims] == [first, second]
    assert [(one.id, "coverage has ended" in one.words) for one in plan.refused] == [(held, True)]
    assert claims.row(first).status == "ready", "a plan changes nothing"

    (batch,) = files.write(plan, tmp_path).batches

    (path,) = tmp_path.glob("claims-*")
    assert path.name == batch.file_name == "claims-20260311-000000001.txt"
    text = path.read_text("ascii")
    assert validated(text) == ""
    assert overview(text).problems == []
    (transaction,) = transactions(text)
    found = read_claims(transaction, Faults())
    assert found.number == batch.reference == "F000000001"
    for claim_id, read in zip([first, second], found.claims, strict=True):
        assert differences(claims.filing.content(claim_id), read) == ()
    assert (batch.number, batch.claims, batch.total_cents, batch.status) == (1, 2, 25100, "written")
    row = claims.row(first)
    assert (row.status, row.batch_reference) == ("sent", "F000000001")
    assert claims.detail(first).events[-1].kind == "sent"
    assert files.content(batch.id) == path.read_bytes()
    assert files.read_back(batch.id) == ()
    with pytest.raises(Conflict):
        office.session.undo()
    path.unlink()
    assert files.save_again(batch.id, tmp_path).read_bytes() == files.content(batch.id)


def test_a_test_file_leaves_the_claims_where_they_are(billing: Billing, tmp_path: Path) -> None:
    claim = billing.ready()
    (plan,) = billing.office.claim_files.plan([claim])
    assert "nobody will pay" in plan.warnings[0]

    (batch,) = billing.office.claim_files.write([plan], tmp_path).batches

    assert batch.is_test
    assert billing.office.claims.row(claim).status == "ready"


def test_a_replacement_that_left_stands_for_the_first_one(billing: Billing, tmp_path: Path) -> None:
    real(billing)
    claims = billing.office.claims
    first = decided(billing)
    new = claims.replace(first, "Wrong place")
    claims.make_ready([new])

    written(billing, tmp_path)

    assert claims.row(first).status == "replaced"
    text = next(tmp_path.glob("claims-*")).read_text("ascii")
    assert ":B:7*" in text
    assert "REF*F8*ICN 77~" in text


def test_a_replacement_that_came_back_and_is_given_up_leaves_the_first_one_standing(
    billing: Billing, tmp_path: Path
) -> None:
    real(billing)
    claims = billing.office.claims
    first = decided(billing)
    new = claims.replace(first, "Wrong place")
    claims.make_ready([new])
    written(billing, tmp_path)
    rejected = AnswerDraft(ClaimStatus.REJECTED, date(2026, 3, 11))
    version = claims.answer(new, claims.row(new).version, rejected).version

    claims.void(new, version, "The first one was right")

    assert claims.row(first).status == "decided"
    assert "was given up" in claims.detail(first).events[-1].note
    assert claims.detail(claims.replace(first, "Once more")).replaces_id == first


def test_a_visit_whose_claim_was_voided_at_the_payer_may_be_billed_anew(
    billing: Billing, tmp_path: Path
) -> None:
    real(billing)
    claims, lists = billing.office.claims, billing.office.claim_lists
    first = decided(billing)
    assert lists.rows("unclaimed") == ()
    claims.make_ready([claims.cancel(first, "Wrong payer")])

    written(billing, tmp_path)

    assert claims.row(first).status == "void"
    (charged,) = lists.rows("unclaimed")
    assert charged.sheet_id is not None
    assert claims.findings(claims.build(charged.sheet_id)) == ()


def test_without_anybody_to_ask_no_file_is_written(billing: Billing) -> None:
    office, claim = billing.office, billing.ready()
    office.practice.save_profile(replace(office.practice.profile(), phone=""))
    house = replace(office.claim_settings.house(billing.house), contact_phone="")
    office.claim_settings.save_house(house)

    (plan,) = office.claim_files.plan()

    assert (plan.claims, [one.id for one in plan.refused]) == ((), [claim])
    assert "names whom to ask" in plan.refused[0].words


def _full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def _spoiled(beside: Path) -> bytes:
    return Path.read_text(beside).replace("99213", "99214", 1).encode()


def test_nothing_is_half_sent_and_no_number_comes_back_whatever_fails(
    billing: Billing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real(billing)
    office, claims, files = billing.office, billing.office.claims, billing.office.claim_files
    claim = billing.ready()
    (plan,) = files.plan()

    class Stops:
        def report(self, done: int, total: int, text: str = "") -> None:
            if text == "Noting what left":
                raise KeyboardInterrupt

        def check(self) -> None: ...

    with pytest.raises(Unavailable, match="no folder"):
        files.write(plan, tmp_path / "gone")
    assert files.batches() == (), "no number is taken for a folder that is not there"
    with pytest.raises(KeyboardInterrupt):
        files.write(plan, tmp_path, Stops())
    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", _full)
        with pytest.raises(Unavailable, match="could not be written"):
            files.write(plan, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(files_out.Path, "read_bytes", _spoiled)
        with pytest.raises(Unavailable, match=r"not what was to be written.*lines\[0\]\.code"):
            files.write(plan, tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(batches.Batches, "sent", _full)
        with pytest.raises(Unavailable):
            files.write(plan, tmp_path)
    (tmp_path / "claims-20260311-000000005.txt").write_text("theirs")
    with pytest.raises(Unavailable, match="already"):
        files.write(plan, tmp_path)

    assert [path.name for path in tmp_path.glob("*.txt")] == ["claims-20260311-000000005.txt"]
    assert not list(tmp_path.glob(".*"))
    assert claims.row(claim).status == "ready"
    assert [row.status for row in files.batches()] == ["failed"] * 5
    assert office.session.db.value("SELECT count(*) FROM claim_batch_item") == 0
    (batch,) = files.write(plan, tmp_path).batches
    assert (batch.number, batch.reference) == (6, "F000000006")
    assert len({row.number for row in files.batches()}) == 6


def test_a_file_that_is_lost_after_it_was_noted_can_be_had_again(
    billing: Billing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real(billing)
    claim = billing.ready()
    putting = Path.replace

    def lost(path: Path, target: Path) -> Path:
        return _full() if path.suffix == ".part" else putting(path, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", lost)
        with pytest.raises(Unavailable, match="save it again"):
            written(billing, tmp_path)

    (batch,) = billing.office.claim_files.batches()
    assert billing.office.claims.row(claim).status == "sent"
    assert billing.office.claim_files.save_again(batch.id, tmp_path).exists()


def test_numbers_given_since_a_backup_was_made_are_not_given_again(
    billing: Billing, tmp_path: Path
) -> None:
    real(billing)
    claims, files = billing.office.claims, billing.office.claim_files
    first = billing.ready()
    written(billing, tmp_path)

    batches.skip_numbers(billing.office.session)

    second = billing.ready("2026-03-03T10:00")
    written(billing, tmp_path)
    assert [row.number for row in files.batches()] == [1002, 1]
    assert int(claims.row(second).number) == int(claims.row(first).number) + 1001


def test_a_claim_changed_since_it_was_planned_is_left_behind(
    billing: Billing, tmp_path: Path
) -> None:
    real(billing)
    office, claims, files = billing.office, billing.office.claims, billing.office.claim_files
    claim = billing.ready()
    plans = files.plan()
    claims.assign([claim], office.session.user.id)

    report = files.write(plans, tmp_path)

    assert (report.batches, report.refused[0].id) == ((), claim)
    rule = office.claim_settings.payer(billing.payer)
    with pytest.raises(Invalid, match="need a clearing house"):
        office.claim_settings.save_payer(replace(rule, clearing_house_id=None))
    office.claim_settings.save_payer(replace(rule, clearing_house_id=None, way="paper"))
    (plan,) = files.plan()
    assert not plan.may_be_written
    assert "no clearing house" in plan.refused[0].words


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
@given(st.lists(generated(), min_size=1, max_size=5), st.booleans())
def test_every_claim_comes_back_the_same_from_the_practice_and_the_file(
    billing: Billing, tmp_path_factory: pytest.TempPathFactory, found: list[Claim], undoes: bool
) -> None:
    real(billing)
    office, claims, files = billing.office, billing.office.claims, billing.office.claim_files
    before = {row.number for row in files.batches()}
    rows, contents = [], []
    for claim in found:
        claim_id = claims.blank(billing.patient)
        row = claims.row(claim_id)
        bare = tuple(replace(line, control="") for line in claim.lines)
        content = with_controls(replace(claim, id=row.number, lines=bare))
        claims.save(claim_id, row.version, content)
        with office.session.change("Let it go", Permission.EDIT_CLAIMS):
            claims.filing.move(claim_id, ClaimStatus.CHECKED)
            claims.filing.move(claim_id, ClaimStatus.READY)
        if undoes:  # the way back and forth leaves nothing behind
            office.session.undo()
            office.session.redo()
        rows.append(claims.row(claim_id))
        contents.append(content)
        assert claims.filing.content(claim_id) == content
    plan = FilePlan(billing.house, "Test House", tuple(rows), (), (), False, "")

    (batch,) = files.write(plan, tmp_path_factory.mktemp("out")).batches

    assert batch.number not in before
    (transaction,) = transactions(files.content(batch.id).decode("ascii"))
    back = read_claims(transaction, Faults()).claims
    assert [differences(*pair) for pair in zip(contents, back, strict=True)] == [()] * len(rows)
    assert {claims.row(row.id).status for row in rows} == {"sent"}
