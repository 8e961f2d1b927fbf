"""What was answered since the window was opened, as a table that can be saved."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gdstudio.core.settings.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gdstudio.lessons.cue import AnswerRow, Cue

COLUMNS: Final = ("lesson", "question", "kind", "prompt", "round", "answer", "count", "result")


@dataclass(frozen=True, slots=True)
class Answered:
    """One question as it was answered: of which lesson, and which one, counted from 1."""

    lesson: str
    number: int
    kind: str
    prompt: str
    rows: tuple[AnswerRow, ...]


class Sitting:
    """The answers in the order in which they were given; nothing of it leaves the machine."""

    def __init__(self) -> None:
        self.answers: list[Answered] = []

    def add(self, lesson: str, number: int, cue: Cue, rows: Iterable[AnswerRow]) -> None:
        """Keep the answer to a question, counted from 0."""
        self.answers.append(Answered(lesson, number + 1, cue.kind, cue.prompt, tuple(rows)))

    def of(self, lesson: str, number: int) -> list[Answered]:
        """Return the answers to one question, counted from 0: one for each time it was revealed."""
        return [one for one in self.answers if (one.lesson, one.number) == (lesson, number + 1)]

    def to_csv(self) -> str:
        """Return the answers as comma-separated values, a line for each answer in each round."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(COLUMNS)
        for one in self.answers:
            for row in one.rows:
                head = (one.lesson, one.number, one.kind, one.prompt)
                table.writerow((*head, row.round, row.answer, row.count, row.result))
        return text.getvalue()

    def write(self, path: Path) -> None:
        """Write the answers to a file.

        Raises
        ------
        InputError
            Where it cannot be written.
        """
        write_text(path, self.to_csv())
