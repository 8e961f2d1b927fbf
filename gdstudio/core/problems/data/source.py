"""What every source of data is: where the rows X and labels y of a problem come from.

They are given as numbers or drawn from the seed. A source also writes the lines of a program that make the
same rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from gdstudio.core.listing import CodeLine, Part, code

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.typing import Floats

COLUMN = ".reshape(-1, 1)"
"""What makes a column (n, 1) of labels (n,) in a program."""
DATA_STREAM = "torch.Generator().manual_seed(3 * seed)"


class DataSource(ABC):
    """Rows for training and, where there are any, rows that are never trained on."""

    note: ClassVar[str] = ""
    """What the text of a program says of the data."""

    @property
    def is_drawn(self) -> bool:
        """Whether the rows, or which of them are held out, are drawn from the seed, by torch."""
        return False

    @property
    @abstractmethod
    def row_count(self) -> int:
        """The number of training rows."""

    @property
    def test_row_count(self) -> int:
        """The number of rows that are never trained on."""
        return 0

    @property
    @abstractmethod
    def feature_count(self) -> int:
        """The number of features of a row."""

    @property
    def true_weights(self) -> Floats | None:
        """The weights (P,) that the labels were made with, or None."""
        return None

    @property
    def largest_number(self) -> float:
        """The largest size of a number given for the data."""
        return 0.0

    @abstractmethod
    def draw(self, seed: int) -> tuple[Dataset, Dataset | None]:
        """Return the training rows, and the held-out ones or None."""

    @abstractmethod
    def lines(self, style: TextStyle) -> Lines:
        """Return the lines of a program that make ``X`` and ``y``, and ``X_test`` and ``y_test``."""

    @property
    def truth(self) -> str:
        """The expression of the true weights as a list, empty where they are not known."""
        return ""


def script(*texts: str) -> Lines:
    """Return lines that only a program that runs by itself needs."""
    return code(*texts, part=Part.SCRIPT)


def labels(*texts: str) -> Lines:
    """Return lines that make the labels as a column, by `COLUMN`."""
    return tuple(CodeLine(text, part=Part.LABELS) for text in texts)
