"""Documents on their way in at the screen: chosen, dropped or pasted, read away from it, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Link, Problem, Unavailable
from medsec_desktop.services.documents.reader import refuse_too_large
from medsec_desktop.services.documents.records import Incoming, Source
from medsec_desktop.ui.jobs import Cancelled, Progress
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

PATTERN = "Documents (*.pdf *.tif *.tiff *.jpg *.jpeg *.png);;All files (*)"
_TOLD_ONE_BY_ONE = 3  # files refused, before they are only counted

Load = Callable[[], Incoming]


@dataclass(slots=True)
class Result:
    """What became of a few files."""

    titles: list[str] = field(default_factory=list)
    last_id: int = 0
    remarks: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    refused: list[tuple[str, Problem]] = field(default_factory=list)
    left: int = 0  # not looked at: somebody pressed Stop


class _OfOneFile:
    """Progress inside one of several files: the whole stands still, Stop is heard at each page."""

    def __init__(self, progress: Progress):
        self._progress = progress

    def report(self, done: int, total: int, text: str = "") -> None:
        self._progress.check()

    def check(self) -> None:
        self._progress.check()


def loads_of(mime: QMimeData, source: Source) -> list[tuple[str, Load]]:
    """What is in a drop or on the clipboard, each with its name and how to read it."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    files = [path for path in paths if path.is_file()]
    if files:
        return loads_from(files, source)
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            content = _png(image)
            name = "Pasted picture.png"
            return [(name, lambda: Incoming(content, name, source))]
    return []


def loads_from(paths: Iterable[Path], source: Source) -> list[tuple[str, Load]]:
    """Files, each with its name and how to read it."""
    return [(path.name, partial(read_file, path, source)) for path in paths]


def read_file(path: Path, source: Source) -> Incoming:
    """A file of somebody's own choosing. Raises Unavailable where it cannot be read, Invalid too large."""
    try:
        refuse_too_large(path.stat().st_size)
        return Incoming(path.read_bytes(), path.name, source)
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read.",
            error.strerror or "",
            "Close the program that has it open, or check its drive, then try again.",
        ) from error


def reasons(refused: Sequence[tuple[str, Problem]]) -> str:
    """Of each of a few files why it was refused: “a.pdf”: This PDF cannot be read. And 3 more."""
    told = [f"“{called}”: {problem.what}" for called, problem in refused[:_TOLD_ONE_BY_ONE]]
    more = len(refused) - len(told)
    return " ".join([*told, f"And {more:,} more."] if more else told)


def shared_remedy(refused: Sequence[tuple[str, Problem]]) -> str:
    """What to do, where it is the same for all of them."""
    remedies = {problem.remedy for _, problem in refused}
    return remedies.pop() if len(remedies) == 1 else ""


class Intake(QObject):
    """Takes documents into one file after the other; `into` says whose is on the screen."""

    def __init__(self, desk: Desk, into: Callable[[], tuple[int, str] | None], parent: QWidget):
        super().__init__(parent)
        self._desk = desk
        self._into = into

    @property
    def may(self) -> bool:
        return self._desk.office.session.may(Permission.EDIT_PATIENTS)

    def choose(self) -> None:
        """Ask for files, one or several."""
        self._desk.prompts.choose_files(
            "Add documents",
            lambda paths: self.take(loads_from(map(Path, paths), Source.CHOSEN)),
            pattern=PATTERN,
        )

    def paste(self) -> None:
        """Take what is on the clipboard: files, or a picture."""
        mime = QGuiApplication.clipboard().mimeData()
        loads = loads_of(mime, Source.PASTED) if mime is not None else []
        if loads:
            self.take(loads)
        else:
            self._desk.messages.not_now(
                "There is no file and no picture on the clipboard: copy one, then paste it here."
            )

    def refuse_folder(self) -> None:
        """Nothing that was dropped is a file."""
        self._desk.messages.not_now("A folder is not taken in: open it, and drop the files in it.")

    def take(self, loads: Sequence[tuple[str, Load]]) -> None:
        """Read them away from the screen, keep what can be kept, and say what became of each."""
        into = self._into()
        if into is None or not loads:
            return
        patient_id, name = into

        def work(progress: Progress) -> Result:
            result = Result()
            inside = progress if len(loads) == 1 else _OfOneFile(progress)
            for place, (called, load) in enumerate(loads):
                try:
                    progress.report(place, len(loads), called)
                    taken = self._desk.office.documents.take_in(patient_id, load(), None, inside)
                except Problem as problem:
                    result.refused.append((called, problem))
                except Cancelled:  # what is taken in stays, and is told
                    result.left = len(loads) - place
                    break
                else:
                    result.titles.append(taken.row.title)
                    result.last_id = taken.row.id
                    result.remarks += taken.remarks
                    result.links += taken.links
            return result

        title = "Take in a document" if len(loads) == 1 else f"Take in {len(loads)} documents"
        self._desk.jobs.run(title, work, lambda result: self._told(result, name))

    def _told(self, result: Result, name: str) -> None:
        if result.refused:
            self._tell_refused(result)
            return
        many = len(result.titles)
        if result.left:
            done = (
                f"{counted(many, 'document')} taken in for {name}" if many else "Nothing taken in"
            )
            self._desk.messages.say(f"Stopped. {done}, {result.left:,} not.", tone="info")
            return
        what = f"“{result.titles[0]}”" if many == 1 else f"{many} documents"
        words = " ".join([f"{what} taken in for {name}.", *result.remarks])
        links = list(result.links)
        if many == 1:
            links.insert(0, Link("document", str(result.last_id), "Open it"))
        self._desk.messages.say(words, undo=many == 1, links=links)

    def _tell_refused(self, result: Result) -> None:
        many = len(result.refused) + len(result.titles) + result.left
        if many == 1:
            self._desk.messages.problem(result.refused[0][1])
            return
        told = [reasons(result.refused)]
        told += [f"{counted(len(result.titles), 'file')} taken in."] if result.titles else []
        told += [f"{result.left:,} not looked at."] if result.left else []
        self._desk.messages.problem(
            Invalid(
                f"{len(result.refused):,} of {many:,} files could not be taken in.",
                " ".join(told),
                shared_remedy(result.refused),
            )
        )


class DropGround(QObject):
    """Lets files be dropped anywhere on a screen, and shows where they would go."""

    def __init__(self, screen: QWidget, intake: Intake, words: Callable[[], str]):
        super().__init__(screen)
        self._screen = screen
        self._intake = intake
        self._words = words
        self.veil = QFrame(screen)
        self.veil.setProperty("kind", "drop")
        self.label = Text("", "heading")
        column = QVBoxLayout(self.veil)
        column.addStretch(1)

        column.addWidget(self.label, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self.veil.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.veil.hide()
        screen.setAcceptDrops(True)
        screen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter | QEvent.Type.DragMove:
                assert isinstance(event, QDragEnterEvent | QDropEvent)
                if self._intake.may and _may_hold(event.mimeData()):
                    event.acceptProposedAction()
                    self._show()
                return True
            case QEvent.Type.KeyPress if _is_paste(event):
                if self._intake.may:
                    self._intake.paste()
                return True
            case QEvent.Type.DragLeave:
                self.veil.hide()
                return True
            case QEvent.Type.Drop:
                self.veil.hide()
                assert isinstance(event, QDropEvent)
                loads = loads_of(event.mimeData(), Source.DROPPED)
                if loads and self._intake.may:
                    event.acceptProposedAction()
                    self._intake.take(loads)
                elif not loads:
                    self._intake.refuse_folder()
                return True
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        if self.veil.isHidden():
            self.label.setText(self._words())
            self.veil.setGeometry(self._screen.rect().adjusted(12, 12, -12, -12))
            self.veil.show()
            self.veil.raise_()


def _is_paste(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste)


def _may_hold(mime: QMimeData) -> bool:
    return mime.hasImage() or any(url.isLocalFile() for url in mime.urls())


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
