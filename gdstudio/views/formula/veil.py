"""The formula line while a question is asked: "?" in the place of what it hides."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from gdstudio.core.concealment import QUANTITY_OF_COLOUR, UNKNOWN
from gdstudio.core.notation import words

if TYPE_CHECKING:
    from gdstudio.core.concealment import Quantity
    from gdstudio.core.notation import Formula, Group, Piece
    from gdstudio.worker.concealed import Concealed

_INSTEAD: dict[Quantity, str] = {"direction": f", so {UNKNOWN}", "updates": f"{UNKNOWN} updates an epoch"}
_COUNTERS = {"step", "step_before", "epoch"}
_LANDING = "new"


def veiled(formula: Formula, concealed: Concealed) -> Formula:
    """Return a formula in which neighbouring pieces that tell the same hidden quantity are one "?"."""
    if not concealed.quantities:
        return formula
    return replace(formula, groups=tuple(_veiled(group, concealed) for group in formula.groups))


def _veiled(group: Group, concealed: Concealed) -> Group:
    made: list[Piece] = []
    for secret, run in groupby(group, key=lambda piece: _secret(piece, concealed)):
        pieces = tuple(run)
        if secret is None:
            made += pieces
            continue
        text = words(_INSTEAD.get(secret, UNKNOWN), pieces[0].quantity)
        made.append(replace(text, shown=any(piece.shown for piece in pieces)))
    return tuple(made)


def _secret(piece: Piece, concealed: Concealed) -> Quantity | None:
    return next((quantity for quantity in _told(piece) if concealed.hides(quantity)), None)


def _told(piece: Piece) -> tuple[Quantity, ...]:
    """Return what a piece gives away: what it was marked with or, for a number, what its colour means."""
    if piece.tells is not None:
        return (piece.tells,)
    quantity = QUANTITY_OF_COLOUR.get(piece.quantity)
    if not piece.field or piece.field in _COUNTERS or quantity is None:
        return ()
    return (quantity, "move") if piece.field.startswith(_LANDING) else (quantity,)
