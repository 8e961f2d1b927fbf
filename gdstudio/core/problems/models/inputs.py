"""What a network is given of the two features of a row: themselves, their squares, their product, waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from gdstudio.core.listing import code

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.listing import Lines

Inputs = Literal["plain", "squares", "product", "quadratic", "waves", "all"]
INPUT_TITLES: dict[str, str] = {
    "plain": "x₁, x₂",
    "squares": "x₁², x₂²",
    "product": "x₁x₂",
    "quadratic": "x₁, x₂, x₁², x₂², x₁x₂",
    "waves": "x₁, x₂, sin 4x₁, sin 4x₂",
    "all": "all seven",
}
"""What each is called in a list to choose from."""
_COLUMNS: dict[str, tuple[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]]] = {
    "x₁": ("x1", lambda x1, x2: x1),
    "x₂": ("x2", lambda x1, x2: x2),
    "x₁²": ("x1 * x1", lambda x1, x2: x1 * x1),
    "x₂²": ("x2 * x2", lambda x1, x2: x2 * x2),
    "x₁x₂": ("x1 * x2", lambda x1, x2: x1 * x2),
    "sin 4x₁": ("torch.sin(4 * x1)", lambda x1, x2: (4 * x1).sin()),
    "sin 4x₂": ("torch.sin(4 * x2)", lambda x1, x2: (4 * x2).sin()),
}
"""Each by its symbol: its text, and its function of two columns (n, 1)."""


def symbols(inputs: Inputs) -> tuple[str, ...]:
    """Return what the columns are called, in their order."""
    return tuple(_COLUMNS) if inputs == "all" else tuple(INPUT_TITLES[inputs].split(", "))


def made_of(inputs: Inputs) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """Return what makes the inputs (n, k) of rows (n, 2); None where they are the rows themselves."""
    if inputs == "plain":
        return None
    import torch

    columns = [_COLUMNS[symbol][1] for symbol in symbols(inputs)]

    def made(X: torch.Tensor) -> torch.Tensor:
        x1, x2 = X[:, 0:1], X[:, 1:2]
        return torch.cat([column(x1, x2) for column in columns], 1)

    return made


def definition(inputs: Inputs) -> Lines:
    """Return the lines of a program that define ``Inputs``, a module of the same; none where it is plain."""
    if inputs == "plain":
        return ()
    columns = ", ".join(_COLUMNS[symbol][0] for symbol in symbols(inputs))
    return code(
        "class Inputs(nn.Module):",
        "    def forward(self, X):",
        "        x1, x2 = X[:, 0:1], X[:, 1:2]",
        f"        return torch.cat([{columns}], 1)",
        "",
        "",
    )
