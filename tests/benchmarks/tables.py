"""How long a table of one's own takes to open, and what memory that needs, in a process of its own."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS, COLUMNS = 100_000, 20
_OPEN = """
import sys, time
from gdstudio.core.settings.table_start import TableChoice, begun
from gdstudio.core.tables.options import AS_FOUND
from gdstudio.core.tables.loading import file_table
from pathlib import Path
def memory(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024
Path("/proc/self/clear_refs").write_text("5")  # begin the peak anew: it is that of who started this process
before, begin = memory("VmRSS"), time.process_time()
table = file_table(Path(sys.argv[1]), AS_FOUND)
read = time.process_time() - begin
choice = TableChoice(sys.argv[1], None, AS_FOUND, table.digest, label="c0", features=table.names[1:])
experiment = begun(choice)
experiment.build_problem().minima
print(read, time.process_time() - begin, memory("VmHWM") - before)
"""


def large_table(_: object) -> Iterator[Row]:
    """Measure a CSV file of 100,000 rows and 20 columns: reading it, and all until it can be played."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        path.write_text(_text(), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", _OPEN, str(path)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
    read, ready, memory = map(float, done.stdout.split())
    name = "a table of 100,000 rows and 20 columns"
    yield Row(
        f"{name}: read, processor time",
        read,
        "s",
        at_most=2.0,
        detail=f"{ready:.2f} s until it can be played",
    )
    yield Row(f"{name}: memory", memory, "MB", at_most=300.0)


def _text() -> str:
    draw = random.Random(1)
    head = ",".join(f"c{i}" for i in range(COLUMNS))
    rows = (",".join(f"{draw.gauss(0, 100):.4f}" for _ in range(COLUMNS)) for _ in range(ROWS))
    return "\n".join((head, *rows)) + "\n"
