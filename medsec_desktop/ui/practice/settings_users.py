"""Settings, Users: who logs in, as what, with which password; and one's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.problems import Problem
from medsec_desktop.services.users import ROLES, UserRow
from medsec_desktop.services.welcome import WrongPassword
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.jobs import Progress
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.password_line import PasswordLine, RuleList
from medsec_desktop.ui.practice.recovery_page import RecoveryPage
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import (
    Choice,
    FastList,
    Field,
    ListRow,
    PlainButton,
    PrimaryButton,
    Section,
    Text,
)

_ROLE_PAIRS = [(role, words[0]) for role, words in ROLES.items()]


class UsersPage(SettingsPage):
    """Everybody who logs in, and one’s own password and recovery sheet."""

    id = "users"
    name = "Users"
    icon = "users"
    words = "One log-in a person, so that the record shows who did what."
    finds = "log-in password role owner manager secretary biller permission recovery sheet"
    tables = ("user_account",)
    needs = None

    def build(self) -> None:
        theme = self.desk.theme
        own = Section("Your own log-in")
        self.mine = Text("")
        self.change = PlainButton("Change my password…", self.change_password)
        self.sheet = PlainButton("New recovery sheet…", self.new_sheet)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.mine, 1)
        row.addWidget(self.change)
        row.addWidget(self.sheet)
        own.body.addLayout(row)
        self.everyone = Section("Everyone")
        self.list = FastList(theme, "Users", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(248))
        self.list.selectionModel().currentChanged.connect(self._show_buttons)
        self.role = Choice(_ROLE_PAIRS)
        self.role.activated.connect(lambda _: self._change_role())
        self.meaning = Text("", "small", wrap=True)
        self.add = PlainButton("Add a person…", self.add_user)
        theme.wear(self.add, "user-plus")
        self.rename = PlainButton("Rename…", self._rename)
        self.reset = PlainButton("New password…", self._reset)
        self.end = PlainButton("End the log-in", self._end)
        self.role_field = Field("Role", self.role)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self.role_field)
        side.addWidget(self.meaning)
        side.addSpacing(8)
        for button in (self.rename, self.reset, self.end):
            side.addWidget(button)
        side.addStretch(1)
        self.side = QWidget()
        self.side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        self.side.setFixedWidth(theme.px(232))
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addWidget(self.list, 1)
        both.addWidget(self.side)
        self.everyone.body.addLayout(both)
        self.everyone.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.inside.addWidget(own)
        self.inside.addWidget(self.everyone)

    def reload(self) -> None:
        super().reload()
        session = self.desk.office.session
        me = session.user
        self.mine.setText(f"{me.name}, {ROLES[me.role][0].lower()}")
        self.sheet.setVisible(session.may(Permission.RESTORE_BACKUPS))
        self.everyone.setVisible(session.may(Permission.MANAGE_USERS))
        at = max(self.list.currentIndex().row(), 0)
        rows = self.desk.office.users.everyone()
        self.list.set_rows(
            [
                ListRow(
                    row,
                    row.name,
                    f"{row.login} · {ROLES[row.role][0]}",
                    mark="" if row.is_active else "Ended",
                )
                for row in rows
            ],
            preselect=False,
        )
        self.list.setCurrentIndex(self.list.rows.index(min(at, len(rows) - 1), 0))
        self._show_buttons()

    def _chosen(self) -> UserRow | None:
        row: UserRow | None = self.list.current_value()
        return row

    def _show_buttons(self) -> None:
        row = self._chosen()
        self.side.setEnabled(row is not None)
        if row is None:
            return
        me = self.desk.office.session.user
        is_above = row.role == Role.OWNER and me.role != Role.OWNER
        self.role.set_value(row.role)
        self.role.setEnabled(row.is_active and not is_above)
        self.meaning.setText(ROLES[row.role][1])
        self.rename.setEnabled(not is_above)
        self.reset.setEnabled(not is_above and row.id != me.id)
        self.reset.setText("New password…" if row.is_active else "Let log in again…")
        self.end.setVisible(row.is_active)
        self.end.setEnabled(not is_above and row.id != me.id)

    def _change_role(self) -> None:
        row = self._chosen()
        role = self.role.value()
        if row is not None and isinstance(role, str) and role != row.role:
            words = ROLES[Role(role)][0].lower()
            self.save(
                f"{row.name} is {words} now.",
                lambda: self.desk.office.users.change_role(row.id, Role(role)),
            )
            self.reload()

    def _rename(self) -> None:
        row = self._chosen()
        if row is None:
            return
        self.desk.prompts.ask_text(
            "Rename",
            "Name",
            lambda name: self.save(
                f"{row.name}: renamed.",
                lambda: self.desk.office.users.rename(row.id, name),
                undo=False,
            ),
            text="What was done so far keeps the old name.",
            value=row.name,
            button="Rename",
        )

    def _end(self) -> None:
        row = self._chosen()
        if row is None:
            return

        def answered(answer: str) -> None:
            if answer == "End the log-in":
                self.save(
                    f"{row.name} can no longer log in.",
                    lambda: self.desk.office.users.deactivate(row.id),
                    undo=False,
                )

        self.desk.prompts.ask(
            f"End the log-in of {row.name}?",
            "The password opens nothing from then on. The name stays on everything done so far.",
            ("End the log-in", "Cancel"),
            answered,
        )

    def _reset(self) -> None:
        row = self._chosen()
        if row is None:
            return
        users = self.desk.office.users
        again = not row.is_active

        def work(form: PasswordForm) -> Callable[[Progress], object]:
            password = form.first.text()
            if again:
                return lambda _: users.reactivate(row.id, password)
            return lambda _: users.reset_password(row.id, password)

        said = f"{row.name} can log in again." if again else f"{row.name} has a new password."
        title = f"Let {row.name} log in again" if again else f"New password for {row.name}"
        PasswordForm(self.desk, title, (row.name, row.login), work, said, self).open()

    def add_user(self) -> None:
        """Ask for a new person's name, log-in, role and first password."""
        users = self.desk.office.users

        def work(form: PasswordForm) -> Callable[[Progress], object]:
            login, name, role = form.login.text(), form.person.text(), Role(str(form.role.value()))
            password = form.first.text()
            return lambda _: users.add(login, name, role, password)

        PasswordForm(
            self.desk, "Add a person", (), work, "The new log-in is ready.", self, is_new=True
        ).open()

    def change_password(self) -> None:
        """Ask for one's current and new password."""
        me, users = self.desk.office.session.user, self.desk.office.users

        def work(form: PasswordForm) -> Callable[[Progress], object]:
            current, new = form.current.text(), form.first.text()
            return lambda _: users.change_password(current, new)

        PasswordForm(
            self.desk,
            "Change my password",
            (me.name, me.login),
            work,
            "Your password is changed.",
            self,
            asks_current=True,
        ).open()

    def new_sheet(self) -> None:
        """Ask for the owner's password, then show a fresh key; the sheet before becomes void."""
        users = self.desk.office.users

        def asked(password: str) -> None:
            self.desk.jobs.run(
                "New recovery sheet",
                lambda _: users.new_recovery_key(password),
                self._show_sheet,
                self._sheet_failed,
                cancellable=False,
            )

        self.desk.prompts.ask_text(
            "New recovery sheet",
            "Your password",
            asked,
            text="The sheet printed before opens nothing from then on.",
            button="Make a new sheet",
            secret=True,
        )

    def _sheet_failed(self, error: BaseException) -> None:
        if not isinstance(error, Problem):
            raise error
        self.desk.messages.problem(error)

    def _show_sheet(self, key: str) -> None:
        SheetDialog(self.desk, key, self).open()


class PasswordForm(QDialog):
    """A small form around a password typed twice; `work` makes the job from what was typed."""

    def __init__(
        self,
        desk: Desk,
        title: str,
        names: tuple[str, ...],
        work: Callable[[PasswordForm], Callable[[Progress], object]],
        said: str,
        parent: QWidget,
        *,
        is_new: bool = False,
        asks_current: bool = False,
    ):
        super().__init__(parent)
        self._desk = desk
        self._names = names
        self._work = work
        self._said = said
        self.setWindowTitle(title)
        self.setMinimumWidth(desk.theme.px(440))
        self.person, self.login = QLineEdit(), QLineEdit()
        self.role = Choice(_ROLE_PAIRS, Role.SECRETARY)
        self.current = PasswordLine(desk.theme)
        self.first, self.second = PasswordLine(desk.theme), PasswordLine(desk.theme)
        self.fields = {
            "name": Field("Name", self.person, required=True),
            "login": Field("Log-in", self.login, required=True),
            "role": Field("Role", self.role, hint=ROLES[Role.SECRETARY][1]),
            "current": Field("Current password", self.current, required=True),
            "password": Field("New password", self.first, required=True),
            "again": Field("The same again", self.second, required=True),
        }
        self.rules = RuleList(desk.theme)
        self.button = PrimaryButton("Add" if is_new else "Save", self.submit)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(PlainButton("Cancel", self.reject))
        buttons.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(title, "heading", wrap=True))
        shown = ["password", "again"]
        if is_new:
            shown = ["name", "login", "role", *shown]
        if asks_current:
            shown.insert(0, "current")
        for name in shown:
            column.addWidget(self.fields[name])
        column.addWidget(self.rules)
        column.addLayout(buttons)
        self.role.activated.connect(self._show_meaning)
        for line in (self.person, self.login, self.first):
            line.textChanged.connect(self._judge)
        for name, line in (
            ("name", self.person),
            ("login", self.login),
            ("current", self.current),
            ("password", self.first),
            ("again", self.second),
        ):
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))
        self.fields[shown[0]].editor.setFocus()

    def _show_meaning(self) -> None:
        self.fields["role"].note.setText(ROLES[Role(str(self.role.value()))][1])

    def _judge(self) -> bool:
        return self.rules.judge(
            self.first.text(), (*self._names, self.person.text(), self.login.text())
        )

    def submit(self) -> None:
        """Save in a worker: a key takes a fifth of a second on purpose."""
        if not self._judge():
            self.fields["password"].problem("This password does not keep the rules below yet.")
            self.first.setFocus()
            return
        if self.first.text() != self.second.text():
            self.fields["again"].problem("This is not the same as the first.")
            self.second.setFocus()
            return
        self.button.setEnabled(False)
        self._desk.jobs.run(
            self.windowTitle(), self._work(self), self._saved, self._failed, cancellable=False
        )

    def _saved(self, _: object) -> None:
        self._desk.messages.say(self._said)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        if isinstance(error, WrongPassword):
            self.fields["current"].problem(str(error))
            self.current.setFocus()
        elif not complain(self.fields, error):
            self.fields["again"].problem(str(error))


class SheetDialog(QDialog):
    """A fresh recovery key; it closes once it was printed, saved or written down."""

    def __init__(self, desk: Desk, key: str, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Recovery sheet")
        self.setMinimumWidth(desk.theme.px(640))
        self.page = RecoveryPage(desk.theme, desk.prompts)
        self.page.words_label.setText(
            "This key replaces the one before. It is kept nowhere on the computer: "
            "print it and lock it away."
        )
        office = desk.office
        profile = office.practice.profile()
        made_on = office.formats.long_date(office.clock.today())
        self.page.show_key(key, profile.name, made_on, profile.paper)
        self.done_button = PrimaryButton("Done", self.accept)
        self.done_button.setEnabled(False)
        self.page.kept.connect(lambda: self.done_button.setEnabled(self.page.may_go_on))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 24, 20)
        column.addWidget(self.page)
        column.addWidget(self.done_button, 0, Qt.AlignmentFlag.AlignRight)

    def reject(self) -> None:
        """Escape does not lose the key."""
        if self.page.may_go_on:
            super().reject()
