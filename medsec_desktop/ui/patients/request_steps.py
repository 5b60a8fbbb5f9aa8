"""The steps of a records request that want a word: more time, a refusal, the release."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.rights import DELIVERY_WORDS, Delivery, due_on
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.exports import require_password
from medsec_desktop.services.patients.rights_records import RequestRow
from medsec_desktop.ui.patients.forms import choice, sentence
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.practice.password_line import PasswordLine
from medsec_desktop.ui.widgets import Choice, Text

if TYPE_CHECKING:
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.ui.desk import Desk


class Step(StrEnum):
    """What the form is open for."""

    EXTEND = "extend"
    REFUSE = "refuse"
    RELEASE = "release"


_BUTTONS = {
    Step.EXTEND: "Extend by 30 days",
    Step.REFUSE: "Refuse the request",
    Step.RELEASE: "Release the records",
}


class RequestStepForm(InPlaceForm):
    """One line, or how the package goes out; a password typed is never parked."""

    draft_kind = "records-step"
    noun = "step of a records request"

    def __init__(self, desk: Desk):
        self._row: RequestRow | None = None
        self.step = Step.EXTEND
        super().__init__(desk, _BUTTONS[Step.EXTEND])
        self.remove_button.hide()

    def open_for(self, patient_id: int, name: str, row: RequestRow, step: Step) -> None:
        """For one step of an open request."""
        self._prepare(row, step)
        self.put({"reason": "", "how": row.deliver_how})
        self._fit()
        self.begin(patient_id, name)
        if step is not Step.RELEASE:
            self.fields["reason"].setFocus()
        elif row.deliver_how is Delivery.FILE:
            self.password.setFocus()
        else:
            self.save_button.setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> bool:
        """Go on where it was left; False where the request is gone or closed."""
        rows = {row.id: row for row in self._desk.office.records_requests.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        if row is None or not row.status.is_open:
            return False
        self._prepare(row, Step(state["step"]))
        self.restore_state(state)
        self._fit()
        self.begin(patient_id, name, draft_id)
        self.fields["reason"].setFocus()
        return True

    def build(self) -> None:
        self.told = Text("", "muted", wrap=True)
        self._place(self.told, 0, 0, 2)
        self._place(self.add("reason", "Reason", self._line(longest=300), required=True), 1, 0, 2)
        how = choice(DELIVERY_WORDS)
        self._place(self.add("how", "How it goes out", how), 2, 0)
        self.password = PasswordLine(self._desk.theme)
        hint = "Tell it to the recipient by another way than the file."
        self._place(self.add("password", "Password of the file", self.password, hint=hint), 2, 1)
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        how.currentIndexChanged.connect(lambda _: self._fit())

    def title(self) -> str:
        return f"{_BUTTONS[self.step]}: {self._row.requester}" if self._row else self.noun

    def raw(self) -> dict[str, Any]:
        """Without the password: what is parked can be read by whoever takes it up."""
        return {name: value for name, value in super().raw().items() if name != "password"}

    def more_state(self) -> dict[str, Any]:
        assert self._row is not None
        return {"id": self._row.id, "version": self._row.version, "step": str(self.step)}

    def keep(self, patient_id: int) -> str:
        row, office = self._row, self._desk.office
        assert row is not None
        if self.step is Step.EXTEND:
            until = office.records_requests.extend(row.id, row.version, self.text("reason"))
            return f"More time for {row.requester}: due {office.formats.date(until)}."
        office.records_requests.refuse(row.id, row.version, self.text("reason"))
        return f"Request of {row.requester} refused."

    def save(self) -> None:
        if self.step is not Step.RELEASE or self.isHidden():
            super().save()
        elif self._how is Delivery.FILE:
            self._release_file()
        else:
            self._release()

    def _close(self) -> None:
        self.password.clear()
        super()._close()

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _how(self) -> Delivery:
        how = self.fields["how"]
        assert isinstance(how, Choice)
        return Delivery(str(how.value()))

    def _prepare(self, row: RequestRow, step: Step) -> None:
        self._row, self.step = row, step
        self.password.clear()
        formats = self._desk.office.formats
        self.heading.setText(
            {
                Step.EXTEND: f"More time for {row.requester}",
                Step.REFUSE: f"Refuse the request of {row.requester}",
                Step.RELEASE: f"Release the records to {row.requester}",
            }[step]
        )
        until = formats.date(due_on(row.received_on, is_extended=True))
        self.told.setText(
            {
                Step.EXTEND: f"Once only, to {until}. The requester is told the reason in writing"
                f" by {formats.date(row.due_on)}.",
                Step.REFUSE: "The requester is told the reason in writing, and how to have it"
                " reviewed.",
                Step.RELEASE: "The request closes and the disclosure is logged. What has left the"
                " house cannot be undone.",
            }[step]
        )
        self.save_button.setText(_BUTTONS[step])
        self.save_button.setAccessibleName(_BUTTONS[step])

    def _fit(self) -> None:
        is_release = self.step is Step.RELEASE
        self.labelled["reason"].setVisible(not is_release)
        self.labelled["how"].setVisible(is_release)
        self.labelled["password"].setVisible(is_release and self._how is Delivery.FILE)

    def _release(self) -> None:
        row, book = self._row, self._desk.office.records_requests
        assert row is not None
        try:
            book.release(row.id, row.version, self._how)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._released(f"Released to {row.requester}; the disclosure is logged.")

    def _release_file(self) -> None:
        """Ask where the archive is to lie, once what is asked can be done."""
        row = self._row
        assert row is not None
        password = self.password.text()
        try:
            require_password(password)
            self._desk.office.records_requests.require_releasable(row.id)
        except Invalid as problem:
            self.problem("password", sentence(problem))
            self.password.setFocus()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._desk.prompts.save_file(
                "Write the records to",
                lambda path: self._write(row, Path(path), password),
                name="Records.zip",
                pattern="Encrypted archives (*.zip)",
            )

    def _write(self, row: RequestRow, path: Path, password: str) -> None:
        book = self._desk.office.records_requests

        def work(_: Progress) -> int:
            return book.release_file(row.id, row.version, path, password)

        said = f"“{path.name}” is written for {row.requester}; the disclosure is logged."
        done: Callable[[int], object] = lambda _: self._released(said)  # noqa: E731
        self._desk.jobs.run("Writing the records", work, done, cancellable=False)

    def _released(self, said: str) -> None:
        self.password.clear()
        self._desk.drafts.done(self)
        self.hide()
        self._desk.messages.say(said)
        self.kept.emit()
