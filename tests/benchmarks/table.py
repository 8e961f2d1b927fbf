"""One row of the table, how it is printed, and where its history is kept."""

from __future__ import annotations

import csv
import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import PySide6
import torch

HISTORY = Path(__file__).with_name("history.csv")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: a ratio, or a number with its unit, and the bound that it must keep.

    ``at_least`` or ``at_most`` holds the bound; neither says that the figure is told, not judged.
    """

    name: str
    value: float
    unit: str = "x"
    at_least: float | None = None
    at_most: float | None = None
    detail: str = ""

    @property
    def is_kept(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


def show(row: Row) -> str:
    """Return the line of a row."""
    bound = ""
    if row.at_least is not None:
        bound = f"at least {row.at_least:g}"
    elif row.at_most is not None:
        bound = f"at most {row.at_most:g}"
    verdict = {True: "ok", False: "MISSED", None: ""}[row.is_kept]
    return f"{row.name:<58}{row.value:>9.3g} {row.unit:<4}{bound:<14}{verdict:<8}{row.detail}"


def machine() -> str:
    """Return the kind of machine in one line: processor, cores, platform, versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{_processor()}, {cores} cores, {platform.system()}, "
        f"Qt platform {os.environ.get('QT_QPA_PLATFORM', 'default')}, "
        f"Python {platform.python_version()}, torch {torch.__version__}, PySide6 {PySide6.__version__}"
    )


def record(rows: list[Row]) -> None:
    """Add the rows to the history."""
    new = not HISTORY.exists()
    when, where = datetime.now(UTC).strftime("%Y-%m-%d %H:%M"), machine()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(["when", "figure", "value", "unit", "at_least", "at_most", "detail", "machine"])
        for row in rows:
            low = "" if row.at_least is None else row.at_least
            high = "" if row.at_most is None else row.at_most
            writer.writerow([when, row.name, f"{row.value:.4g}", row.unit, low, high, row.detail, where])


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
