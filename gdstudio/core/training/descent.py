"""What every way of making steps offers to the trainer: by autograd, written out, or recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.training.batches import Batch


class Descended(NamedTuple):
    """What the steps that a descent has made leave behind.

    Parameters
    ----------
    costs
        Each batch's cost before its update, one scalar tensor a step. There are fewer than batches where the
        run converged, and so was over, before the others.
    gradients
        The gradient that made the last step, in parts whose flattened and joined numbers are (P,); None where
        no step was made.
    evaluations
        How many gradients the run has asked for after each of the steps, those before them included; None
        where each step asks for one.
    """

    costs: list[torch.Tensor]
    gradients: Sequence[torch.Tensor] | None
    evaluations: list[int] | None = None


class Descent(Protocol):
    """Makes optimizer steps on the weights of a run, one for each of a list of batches.

    All descents make the same steps, to the last bit; they differ in speed and in what they can do.
    """

    def descend(self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float) -> Descended:
        """Make a step for each batch and write the weights after it into ``track``.

        ``track`` has shape (steps + 1, P): row 0 holds the weights now, row k gets those after step k. The
        run's own weights are those after the last step in the end.
        """

    def cost_ahead(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of the rows X (n, d) and y (n, 1) at the weights now, a scalar tensor.

        The next step is expected to be made with the same rows: what it needs of this may be kept.
        """

    def discard_cost_ahead(self) -> None:
        """Drop what `cost_ahead` has kept, because the weights were changed by something else."""
