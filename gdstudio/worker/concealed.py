"""What the question on screen keeps to itself: every view asks here before it writes a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdstudio.core.concealment import QUANTITY_OF_COLOUR, UNKNOWN, without_numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.concealment import Quantity


class Concealed(QObject):
    """The quantities that stand as "?" now; none, unless a question is asked.

    ``changed`` tells that others are hidden: whatever shows numbers shows them anew.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quantities: frozenset[Quantity] = frozenset()

    @property
    def quantities(self) -> frozenset[Quantity]:
        """What is hidden."""
        return self._quantities

    def conceal(self, quantities: Iterable[Quantity]) -> None:
        """Hide these quantities and no others."""
        wanted = frozenset(quantities)
        if wanted != self._quantities:
            self._quantities = wanted
            self.changed.emit()

    def hides(self, *quantities: Quantity) -> bool:
        """Whether one of these quantities is hidden."""
        return not self._quantities.isdisjoint(quantities)

    @property
    def hides_moves(self) -> bool:
        """Whether no picture shows where the next step leads."""
        return self.hides("move", "direction")

    @property
    def hides_ends(self) -> bool:
        """Whether no picture shows how runs end that have not been made yet."""
        return self.hides("cost", "move", "direction", "limit")

    def shown(self, quantity: Quantity, text: str) -> str:
        """Return the text, or "?" where its quantity is hidden."""
        return UNKNOWN if quantity in self._quantities else text

    def in_colour(self, colour: str, text: str) -> str:
        """Return text in a quantity's colour, without its numbers where that quantity is hidden."""
        return without_numbers(text) if QUANTITY_OF_COLOUR.get(colour) in self._quantities else text
