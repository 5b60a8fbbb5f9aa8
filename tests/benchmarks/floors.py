"""What the machine itself can do, measured in the same run: the floors the ratios stand on."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

# The least a program with this toolkit shows: one main window, painted.
_BARE_WINDOW = """
import os, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
app.processEvents()
window.repaint()
os.write(1, str(time.time()).encode())
os._exit(0)
"""
# An installed program finds its byte code; what would make every start compile anew is left out.
_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")


def environment() -> dict[str, str]:
    """The environment of every program started here: no screen, byte code kept as once installed."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNUSUAL}
    return kept | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(Path.cwd()),
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "medsec-bench-bytecode"),
    }


def bare_window_s() -> float:
    """From starting a fresh Python to a bare main window on the screen."""
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", _BARE_WINDOW], check=True, capture_output=True, env=environment()
    )
    return float(done.stdout) - started


def synced_append_ms(times: int = 50) -> float:
    """One small append made durable: the disk's own part in any save."""
    took = []
    with tempfile.NamedTemporaryFile(prefix="medsec-bench-") as file:
        for _ in range(times):
            started = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - started) * 1000)
    return median(took)
