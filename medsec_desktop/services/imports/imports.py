"""Taking in other people's data: looked at first, then all of it or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange.records import ForeignSource
from medsec_desktop.models import ImportRun
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.imports import sources
from medsec_desktop.services.imports.known import LABEL
from medsec_desktop.services.imports.mappings import Mappings, TableChoice
from medsec_desktop.services.imports.report import (
    AsideRow,
    Choice,
    ImportOptions,
    ImportPlan,
    ImportReport,
)
from medsec_desktop.services.imports.sources import KINDS
from medsec_desktop.services.imports.taking import Taking
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.progress import Progress, Quiet, ToldToOthers
from medsec_desktop.services.session import Session

if TYPE_CHECKING:
    from medsec_desktop.exchange.calendar_events import CalendarFile
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.imports.visits import VisitTaking

_DAYS_AHEAD = 366  # how far what repeats is taken in
_FINISHING = "Finishing: journal and search index"


class _OnlyLooked(Exception):
    """Ends a preview inside its change, which takes everything back."""


class Imports:
    """Previews and runs imports; one run is one change, undone as one."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        wall_clock: tzinfo | None = None,
        calendar: Callable[[], Calendar] | None = None,
    ):
        """`wall_clock` is the clinic's time zone; None is the zone this computer is set to.

        `calendar` gives the practice's appointment book, which visits are booked into.
        """
        self._session = session
        self._practice = practice
        self._wall_clock = wall_clock
        self._calendar = calendar
        self.mappings = Mappings(session)

    def kind_of(self, path: Path) -> str:
        """Which of KINDS `path` is, told by its content. Raises Invalid where it is none of them."""
        self._session.require(Permission.IMPORT_DATA, "import data")
        return sources.kind_of(path)

    def table(self, path: Path) -> TableChoice:
        """A table of patients with what each of its columns seems to be. Raises Invalid."""
        self._session.require(Permission.IMPORT_DATA, "import data")
        return self.mappings.offer(path)

    def preview(
        self,
        kind: str,
        path: Path,
        progress: Progress | None = None,
        options: ImportOptions | None = None,
    ) -> ImportPlan:
        """What taking in `path` would do. Reads everything, writes nothing.

        Raises Invalid where `path` is not of this kind, Unavailable where it cannot be read.
        """
        self._session.require(Permission.IMPORT_DATA, "import data")
        chosen = options or ImportOptions()
        if kind == "icalendar":
            return self._preview_visits(path, chosen, progress)
        if kind == "csv" and chosen.mapping is None:
            chosen = replace(chosen, mapping=self.mappings.offer(path).mapping)
        source = self._source(kind, path, chosen)
        taking = self._taking(source, chosen, {}, progress, writes=False)
        taking.go()
        mark = sources.fingerprint(path)
        account = taking.account
        return ImportPlan(
            kind=kind,
            path=path,
            source=source.name,
            options=chosen,
            tables=account.tables,
            people=account.people,
            people_unlisted=account.people_unlisted,
            problems=account.problems,
            problems_unlisted=account.problems_unlisted,
            duplicates=taking.duplicates,
            aside=_aside(source),
            columns_aside=tuple(source.columns_left_aside().items()),
            fingerprint=mark,
            taken_before=self._taken_before(mark),
        )

    def run(
        self,
        plan: ImportPlan,
        choices: Mapping[str, Choice] | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Take in what `plan` describes, in one change; all of it or, when stopped, nothing.

        `choices` says by foreign id what to do with patients who seem to be on file already; for the
        others the plan's option holds. The files are read again, so what changed since shows.
        """
        progress = ToldToOthers(progress or Quiet(), self._session.say_pace)
        if plan.options.mapping is not None:
            self.mappings.keep(plan.options.mapping)
        if plan.kind == "icalendar":
            calendar_file = self._calendar_file(plan.path)
            visits = self._taking_visits(calendar_file, plan.options, progress)
            return self._run(plan, calendar_file.name, visits, progress)
        source = self._source(plan.kind, plan.path, plan.options)
        taking = self._taking(source, plan.options, choices or {}, progress, writes=True)
        return self._run(plan, source.name, taking, progress)

    def _run(
        self,
        plan: ImportPlan,
        name: str,
        taking: Taking | VisitTaking,
        progress: Progress,
    ) -> ImportReport:
        label = f"{LABEL}{KINDS[plan.kind]} “{name}”"
        with self._session.change(label, Permission.IMPORT_DATA):
            taking.go()
            progress.report(0, 0, _FINISHING)
            report = self._report(plan, name, taking)
            run = ImportRun.create(
                kind=plan.kind,
                source=name,
                report=json.dumps(report.as_dict(), ensure_ascii=False),
                fingerprint=plan.fingerprint,
            )
        operation_id = self._session.db.value(
            "SELECT operation_id FROM row_change WHERE table_name = 'import_run' AND row_id = ?",
            (run.id,),
        )
        return replace(report, run_id=int(run.id), operation_id=int(operation_id))

    def _report(self, plan: ImportPlan, name: str, taking: Taking | VisitTaking) -> ImportReport:
        account = taking.account
        return ImportReport(
            run_id=0,
            operation_id=0,
            kind=plan.kind,
            source=name,
            at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
            by=self._session.user.name,
            tables=account.tables,
            people=account.people,
            people_unlisted=account.people_unlisted,
            problems=account.problems,
            problems_unlisted=account.problems_unlisted,
            duplicates=taking.duplicates if isinstance(taking, Taking) else (),
            aside=plan.aside,
            columns_aside=plan.columns_aside,
            secondary=taking.secondary if isinstance(taking, Taking) else 0,
            guarantors=taking.guarantors if isinstance(taking, Taking) else 0,
        )

    def save_text(self, path: Path, text: str) -> None:
        """Write a plan's or report's text to a file. Raises Unavailable where that cannot be done."""
        self._session.require(Permission.IMPORT_DATA, "save what an import reported")

        def record() -> None:
            self._session.event("Saved an import report", reason=path.name)

        write_out(path, text.encode("utf-8"), record)

    def save_refused(self, of: ImportPlan | ImportReport, source: Path, path: Path) -> int:
        """Write the rows left out to a CSV, each with its reason, to be mended and taken in alone.

        Gives how many. Raises Unavailable where the source is gone or `path` cannot be written.
        """
        from medsec_desktop.services.imports.refused import refused_as_csv

        self._session.require(Permission.IMPORT_DATA, "save what an import left out")

        def record() -> None:
            self._session.event("Saved the rows an import left out", reason=path.name)

        # With a byte order mark, without which spreadsheets take it for another encoding.
        write_out(path, refused_as_csv(of, source).encode("utf-8-sig"), record)
        return sum(problem.is_left_out for problem in of.problems)

    # -- visits ---------------------------------------------------------------------------------

    def _preview_visits(
        self, path: Path, options: ImportOptions, progress: Progress | None
    ) -> ImportPlan:
        """What a calendar file would do: everything is done, and taken back before anybody sees it."""
        source = self._calendar_file(path)
        taking = self._taking_visits(source, options, progress)
        try:
            with self._session.change(f"{LABEL}look at “{source.name}”", Permission.IMPORT_DATA):
                taking.go()
                raise _OnlyLooked
        except _OnlyLooked:
            pass
        mark = sources.fingerprint(path)
        account = taking.account
        return ImportPlan(
            kind="icalendar",
            path=path,
            source=source.name,
            options=options,
            tables=account.tables,
            people=(),
            people_unlisted=0,
            problems=account.problems,
            problems_unlisted=account.problems_unlisted,
            duplicates=(),
            aside=tuple(AsideRow(source.name, what, rows) for what, rows in source.aside.items()),
            columns_aside=(),
            visits=tuple(taking.samples),
            fingerprint=mark,
            taken_before=self._taken_before(mark),
        )

    def _calendar_file(self, path: Path) -> CalendarFile:
        from medsec_desktop.exchange.calendar_events import CalendarFile
        from medsec_desktop.services.practice.time_zone import clinic_zone

        today = self._session.clock.today()
        last = today + timedelta(days=_DAYS_AHEAD)
        return CalendarFile(path, clinic_zone(self._practice), first=today, last=last)

    def _taking_visits(
        self, source: CalendarFile, options: ImportOptions, progress: Progress | None
    ) -> VisitTaking:
        from medsec_desktop.services.imports.visits import VisitTaking

        assert self._calendar is not None, "visits are booked through the calendar"
        return VisitTaking(
            self._session,
            self._practice,
            self._calendar(),
            source,
            options,
            progress or Quiet(),
            LABEL,
        )

    # -- inside ---------------------------------------------------------------------------------

    def _source(self, kind: str, path: Path, options: ImportOptions) -> ForeignSource:
        today = self._session.clock.today()
        return sources.open_source(kind, path, options, today, self._wall_clock)

    def _taking(
        self,
        source: ForeignSource,
        options: ImportOptions,
        choices: Mapping[str, Choice],
        progress: Progress | None,
        *,
        writes: bool,
    ) -> Taking:
        return Taking(
            self._session,
            self._practice,
            source,
            options,
            choices,
            progress or Quiet(),
            source.rows_expected(),
            self._calendar,
            writes=writes,
        )

    def _taken_before(self, mark: str) -> str:
        """A sentence where this very content was taken in before, and that was not undone."""
        found = self._session.db.one(
            "SELECT i.source, o.user_name, o.at_utc FROM import_run i JOIN row_change r"
            " ON r.table_name = 'import_run' AND r.row_id = i.id AND r.before IS NULL"
            " JOIN operation o ON o.id = r.operation_id WHERE i.fingerprint = ?"
            " ORDER BY i.id DESC LIMIT 1",
            (mark,),
        )
        if found is None:
            return ""
        from medsec_desktop.services.patients import Patients

        at = Patients(self._session, self._practice).wall_clock(found[2])
        when = self._practice.formats.when(at)
        return f"This very file was taken in on {when} by {found[1]}, as “{found[0]}”."


def _aside(source: ForeignSource) -> tuple[AsideRow, ...]:
    return tuple(AsideRow(left.file, left.holds, left.rows) for left in source.left_aside())
