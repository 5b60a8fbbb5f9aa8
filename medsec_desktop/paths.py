"""Where things live: what we ship, and what belongs to the person at the desk.

The only place that knows how the program was installed: run from its source tree, from a wheel,
or frozen into one folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_APP = "MedSec Desktop"
_PACKAGE = Path(__file__).resolve().parent


def resources() -> Path:
    """The folder holding icons, fonts, styles, letter templates, help and licences."""
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", Path(sys.executable).parent)) / "resources"
    shipped = _PACKAGE / "_resources"  # where the wheel puts them
    return shipped if shipped.is_dir() else _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """One shipped file or folder, e.g. `resource("icons", "lock.svg")`."""
    return resources().joinpath(*parts)


def data_folder() -> Path:
    """Where practices are offered a home unless the user picks another folder."""
    from platformdirs import user_data_path

    return user_data_path(_APP, appauthor=False)


def config_folder() -> Path:
    """Where this workstation remembers its window, theme and last practice."""
    from platformdirs import user_config_path

    return user_config_path(_APP, appauthor=False)


def log_folder() -> Path:
    """Where the program writes its log."""
    from platformdirs import user_log_path

    return user_log_path(_APP, appauthor=False)


def own_command(argument: str) -> tuple[list[str], dict[str, str]]:
    """How the program starts itself again with one argument: the command and its environment."""
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        return [sys.executable, argument], environment
    # The package this very module is of, also where another copy is installed.
    before = environment.get("PYTHONPATH", "")
    places = [str(_PACKAGE.parent), *([before] if before else [])]
    environment["PYTHONPATH"] = os.pathsep.join(places)
    return [sys.executable, "-m", "medsec_desktop", argument], environment
