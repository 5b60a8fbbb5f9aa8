"""`python -m tests.pictures OUT [NAME …]` writes every screen and every PDF page into OUT as PNG.

NAME keeps to scenes whose name begins so; `--quick` takes one theme and size only.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from PySide6.QtWidgets import QApplication

from medsec_desktop.services.demo import PATIENTS
from tests.pictures import paper
from tests.pictures.scenes import SCENES
from tests.pictures.studio import LIGHTS, SIZES, Light, Studio


def main(arguments: list[str]) -> int:
    """Take the pictures; 1 where a screen could not be reached, each told on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="only scenes whose names begin so")
    parser.add_argument("--quick", action="store_true", help="light, 1366 × 768 only")
    wanted = parser.parse_intermixed_args(arguments)
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="medsec-pictures-") as folder:
        _have_a_screen(Path(folder))
        app = QApplication([])
        studio = Studio(app, Path(folder), PATIENTS)
        try:
            failed = take_all(
                studio, wanted.out, wanted.names, LIGHTS[: 1 if wanted.quick else None]
            )
        finally:
            studio.close()
    taken = len(list(wanted.out.glob("*.png")))
    sys.stdout.write(f"{taken} pictures\n")
    for name in failed:
        sys.stderr.write(f"not reached: {name}\n")
    return 1 if failed else 0


def take_all(studio: Studio, out: Path, names: list[str], lights: tuple[Light, ...]) -> list[str]:
    """Every scene in every light, then every page; the names of those that could not be taken."""
    failed = []
    scenes = [each for each in SCENES if _is_wanted(each[0], names)]
    for light in lights:
        studio.under(light)
        for name, scene in scenes:
            try:
                studio.take(scene, out / f"{name}-{light.name}.png")
            except Exception:  # the other screens shall still be taken
                traceback.print_exc()
                failed.append(f"{name} ({light.name})")
    if _is_wanted("paper", names):
        for name, pdf in paper.documents(studio):
            for number, page in enumerate(paper.pages(pdf), 1):
                page.save(out / f"paper-{name}-page-{number}.png")
    return failed


def _have_a_screen(folder: Path) -> None:
    """No real screen, but one as large as the largest picture: dialogs keep within it."""
    width, height = max(SIZES)
    screen = {"name": "studio", "x": 0, "y": 0, "width": width, "height": height}
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen | dots]}), "utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"


def _is_wanted(name: str, names: list[str]) -> bool:
    return not names or any(name.startswith(each) for each in names)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
