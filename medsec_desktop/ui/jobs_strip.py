"""The work under way in the status bar: what each job is, how far it is, and a button that stops it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QSizePolicy, QWidget

from medsec_desktop.ui.jobs import Job, Jobs
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import IconButton, PlainButton
from medsec_desktop.ui.widgets.labels import ElidedLabel

SHOWN = 2  # at most; further jobs are in the menu behind “1 more”
_ALONE, _IN_COMPANY = (320, 120), (184, 56)  # the widest words and the bar of a job, in pixels


@dataclass(slots=True)
class _UnderWay:
    """A job and what it last said of itself."""

    job: Job
    done: int = 0
    total: int = 0
    text: str = ""
    is_stopping: bool = False

    @property
    def words(self) -> str:
        if self.is_stopping:
            return f"{self.job.title}: stopping…"
        words = self.text or (f"{self.done:,} of {self.total:,}" if self.total else "")
        return f"{self.job.title}: {words}" if words else f"{self.job.title}…"

    def stop(self) -> None:
        self.is_stopping = True
        self.job.cancel()


class JobsStrip(QWidget):
    """A line for each job, the oldest first; more than fit are stopped from a menu."""

    def __init__(self, theme: Theme, jobs: Jobs, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._under_way: list[_UnderWay] = []
        # Made once and filled anew: jobs come and go too often for widgets of their own.
        self.lines = tuple(_JobLine(theme, self) for _ in range(SHOWN))
        self.more = PlainButton("", self._show_rest, kind="quiet")
        self.more.setAccessibleName("More work under way")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for line in self.lines:
            row.addWidget(line)
        row.addWidget(self.more)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Work under way")
        self.hide()
        jobs.started.connect(self._begin)

    @property
    def rest(self) -> list[str]:
        """The words of the jobs that have no line."""
        return [one.words for one in self._under_way[SHOWN:]]

    def stop(self, one: _UnderWay) -> None:
        """Ask a job to stop, and say so until it has."""
        one.stop()
        self._show()

    def _begin(self, job: Job) -> None:
        self._under_way.append(_UnderWay(job))
        job.progressed.connect(self._advance)
        job.ended.connect(self._end)
        self._show()

    def _advance(self, done: int, total: int, text: str) -> None:
        for one in self._under_way:
            if one.job is self.sender():
                one.done, one.total, one.text = done, total, text
        self._show()

    def _end(self) -> None:
        self._under_way = [one for one in self._under_way if one.job is not self.sender()]
        self._show()

    def _show(self) -> None:
        is_alone = len(self._under_way) == 1
        for place, line in enumerate(self.lines):
            one = self._under_way[place] if place < len(self._under_way) else None
            line.show_job(one, *(_ALONE if is_alone else _IN_COMPANY))
        count = len(self.rest)
        self.more.setVisible(bool(count))
        if count:
            self.more.setText(f"{count} more")
            self.more.setAccessibleName(f"{count} more under way. Show and stop them")
            self.more.setToolTip("\n".join(self.rest))
        self.setVisible(bool(self._under_way))

    def _show_rest(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in self._under_way[SHOWN:]:
            action = menu.addAction(f"Stop {one.words}".replace("&", "&&"))
            action.setEnabled(one.job.cancellable and not one.is_stopping)
            action.triggered.connect(lambda _=False, one=one: self.stop(one))
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))


class _JobLine(QWidget):
    """One job: its words, how far it is, and what stops it."""

    def __init__(self, theme: Theme, strip: JobsStrip):
        super().__init__()
        self._theme, self._strip = theme, strip
        self._one: _UnderWay | None = None
        self.text = ElidedLabel("", "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.stop = IconButton(theme, "x", "Stop this job", self._stop)
        self.stop.setIconSize(QSize(14, 14))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.text, self.bar, self.stop):
            row.addWidget(widget)
        self.hide()

    def show_job(self, one: _UnderWay | None, words_px: int, bar_px: int) -> None:
        """Show that job within so much room, or nothing."""
        self._one = one
        self.setVisible(one is not None)
        if one is None:
            return
        title, is_cancellable = one.job.title, one.job.cancellable
        if self.text.text() != one.words:
            self.text.setText(one.words)
        wanted = self.text.fontMetrics().horizontalAdvance(one.words) + 4
        self.text.setFixedWidth(min(wanted, self._theme.px(words_px)))
        self.bar.setFixedWidth(self._theme.px(bar_px))
        self.bar.setRange(0, one.total)
        self.bar.setValue(one.done)
        self.stop.setVisible(is_cancellable)
        self.stop.setEnabled(not one.is_stopping)
        self.stop.setAccessibleName(f"Stop: {title}")
        self.stop.setToolTip(f"Stop: {title}")

    def _stop(self) -> None:
        if self._one is not None:
            self._strip.stop(self._one)
