"""Measures what the studio promises of its speed, and prints one table of ratios.

    python tests/benchmarks/speed.py [--quick] [--only WORDS] [--record]

Every ratio has both its sides measured in this one process run. Offscreen at 1920x1080 unless QT_QPA_PLATFORM
says otherwise. ``--quick`` leaves out the rows that need millions of steps; ``--record`` adds the table to
``history.csv`` beside this file, with the machine's kind. Exit status 1 where a row misses its bound.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

import torch

from gdstudio.app import make_app
from tests.benchmarks.rows import ROWS, Bench
from tests.benchmarks.table import Row, machine, record, show


def main() -> int:
    """Measure, print, and say with the exit status whether every bound is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out the rows that take minutes")
    parser.add_argument("--only", default="", help="only rows whose name holds these words")
    parser.add_argument("--record", action="store_true", help="add the table to history.csv")
    options = parser.parse_args()
    torch.set_num_threads(1)
    app = make_app()
    print(machine(), flush=True)
    done: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for measure in ROWS:
            if options.only not in measure.__name__.replace("_", " ") or (
                options.quick and getattr(measure, "slow", False)
            ):
                continue
            for row in measure(bench):
                print(show(row), flush=True)
                done.append(row)
    app.quit()
    if options.record:
        record(done)
    return int(any(row.is_kept is False for row in done))


if __name__ == "__main__":
    sys.exit(main())
