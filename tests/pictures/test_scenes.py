"""Whether every screen can still be reached and every page still be printed for its picture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from medsec_desktop.services.demo import PATIENTS
from tests.pictures import paper
from tests.pictures.scenes import SCENES
from tests.pictures.studio import LIGHTS, Scene, Studio

# One process makes the demo clinic, for all of them; it begins with them, as the most of one kind.
pytestmark = pytest.mark.xdist_group("pictures")
_SHOW, _PARENT_CHANGE = QEvent.Type.Show, QEvent.Type.ParentChange


class Flashes(QObject):
    """Parts of a screen shown before they had their place.

    Without a parent each is a window of its own for a moment: it flashes, and on a real screen it
    takes the keys, so that what is being typed is lost.
    """

    def __init__(self) -> None:
        super().__init__()
        self._windows: set[int] = set()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()  # asked once: there are seventeen thousand events to a picture
        if kind is _SHOW:
            if isinstance(watched, QWidget) and watched.isWindow():
                self._windows.add(id(watched))
        elif kind is _PARENT_CHANGE and id(watched) in self._windows:
            assert isinstance(watched, QWidget)
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()!r}")
        return False


@pytest.fixture
def flashes(qapp: QApplication) -> Iterator[Flashes]:
    flashes = Flashes()
    qapp.installEventFilter(flashes)
    yield flashes
    qapp.removeEventFilter(flashes)


@pytest.fixture(scope="module")
def studio(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = Studio(qapp, tmp_path_factory.mktemp("pictures"), patients=PATIENTS)
    studio.under(LIGHTS[0])
    yield studio
    studio.close()


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)  # a menu offscreen says so
@pytest.mark.parametrize(("name", "scene"), SCENES, ids=[name for name, _ in SCENES])
def test_every_screen_can_be_pictured(studio: Studio, flashes: Flashes, name: str, scene: Scene):
    try:
        image = studio.picture(scene).toImage()
    finally:
        studio.clear()

    width, height = image.width(), image.height()
    colours = {image.pixel(x, y) for x in range(0, width, 9) for y in range(0, height, 9)}
    assert len(colours) > (1 if name == "curtain" else 4)
    assert not flashes.seen


def test_every_name_stands_for_one_screen():
    names = [name for name, _ in SCENES]

    assert len(names) == len(set(names))


def test_every_kind_of_paper_can_be_pictured(studio: Studio):
    pages = {name: list(paper.pages(pdf)) for name, pdf in paper.documents(studio)}

    assert len(pages) >= 3
    assert all(pages.values())
