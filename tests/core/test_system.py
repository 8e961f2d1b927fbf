"""What the studio says where a window cannot open, instead of an abort inside Qt."""

from __future__ import annotations

import ctypes
import sys

import pytest

from gdstudio.cli import main
from gdstudio.core import system

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone lacks libraries")


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a display and none of the libraries."""

    def load(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)


@pytest.mark.usefixtures("bare_machine")
def test_that_a_bare_machine_is_told_one_apt_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    command = line.partition("run: sudo apt-get install ")[2].split()
    assert {"libegl1", "libgl1", "libfontconfig1", "libxkbcommon0", "libxcb-cursor0"} <= set(command)
    assert len(command) == 15


@pytest.mark.usefixtures("bare_machine")
def test_that_offscreen_needs_no_libraries_of_x(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    said = system.why_no_window()
    assert said is not None
    assert "libegl1" in said
    assert "xcb" not in said


def test_that_a_machine_without_a_display_is_told_of_gdstudio_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["learning-rate"]) == 2
    assert "gdstudio run" in capsys.readouterr().err
