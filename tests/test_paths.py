from __future__ import annotations

import sys
from pathlib import Path

import pytest

from medsec_desktop import paths


def test_the_source_tree_holds_what_we_ship() -> None:
    for folder in ("icons", "fonts", "styles", "help", "licences"):
        assert paths.resource(folder).is_dir()


def test_an_installed_wheel_brings_its_resources_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "medsec_desktop"
    (package / "_resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", package)

    assert paths.resource("icons") == package / "_resources" / "icons"


def test_a_frozen_program_finds_them_beside_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert paths.resources() == tmp_path / "resources"


def test_a_users_folders_are_named_after_the_program() -> None:
    for folder in (paths.data_folder(), paths.config_folder(), paths.log_folder()):
        assert "MedSec Desktop" in folder.parts


@pytest.mark.parametrize("licence", ["lucide.txt", "noto-sans-ofl.txt"])
def test_the_licences_of_icons_and_fonts_are_shipped(licence: str) -> None:
    assert paths.resource("licences", licence).stat().st_size > 1_000
