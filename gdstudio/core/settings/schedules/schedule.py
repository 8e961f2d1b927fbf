"""What every schedule of the learning rate is: its settings, torch's own class, and its closed form."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Settings, hyperparameter
from gdstudio.core.registry import place_of

if TYPE_CHECKING:
    from torch.optim import Optimizer as TorchOptimizer
    from torch.optim.lr_scheduler import LRScheduler

    from gdstudio.core.notation import Group
    from gdstudio.core.typing import Floats


class Schedule(Settings):
    """The ``[run.schedule]`` table: how the learning rate goes on over the steps of a run.

    The learning rate alpha of the run is what a schedule multiplies: a step after t ticks is made with
    ``alpha_t = alpha * factor(t)``. Where alpha is changed on the way, the schedule goes on from where it is,
    with the new alpha. A schedule counts in ticks from 0: the updates of the run, or its epochs.

    A new one is one new module in this folder with a subclass of `TorchSchedule` that has a ``kind`` of its
    own. https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
    """

    title: ClassVar[str] = ""
    """Its name in a list to choose from."""
    place: ClassVar[int] = 100
    """Where it stands in that list."""
    is_constant: ClassVar[bool] = False
    """Whether every step is made with alpha itself, so that torch's scheduler is not needed."""

    kind: str

    def steps_per_tick(self, steps_per_epoch: int) -> int:
        """Return how many updates it counts as one."""
        return 1

    @abstractmethod
    def factor(self, ticks: Floats, total: int) -> Floats:
        """Return what alpha is multiplied by after so many ticks (m,) of a run of ``total``: (m,).

        It is the closed form; torch computes most schedules from one rate to the next, to rounding the same.
        """

    def objection(self, total: int) -> str:
        """Return which setting does not fit a run of so many ticks, and why; empty where all do."""
        return ""

    def over(self, total: int) -> Self:
        """Return the schedule of a run of so many ticks, for a run that only makes the first of them."""
        return self

    def by_hand(self, tick: str, total: int) -> str:
        """Return the text of what alpha is multiplied by; ``tick`` is that of the ticks so far.

        Empty where nothing is, or where it is no short formula.
        """
        return ""


class TorchSchedule(Schedule):
    """A schedule that one of torch's learning rate schedulers makes."""

    torch_name: ClassVar[str] = ""
    """Its class in ``torch.optim.lr_scheduler``."""

    every: Literal["step", "epoch"] = hyperparameter(
        "step",
        title="Counts",
        help="Whether the schedule goes on after every step, or after every epoch",
        choices={"step": "steps", "epoch": "epochs"},
    )

    @override
    def steps_per_tick(self, steps_per_epoch: int) -> int:
        return steps_per_epoch if self.every == "epoch" else 1

    @abstractmethod
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        """Return what its torch class is given besides the optimizer, whose rate is alpha."""

    def texts(self, learning_rate: float, total: int) -> dict[str, str]:
        """Return the same as the text of a program."""
        return {name: repr(value) for name, value in self.arguments(learning_rate, total).items()}

    def build(self, optimizer: TorchOptimizer, learning_rate: float, total: int) -> LRScheduler:
        """Return torch's scheduler of an optimizer, for a run of so many ticks.

        Raises
        ------
        InputError
            Where torch has no such class.
        """
        from torch.optim import lr_scheduler

        torch_class = getattr(lr_scheduler, self.torch_name, None)
        if torch_class is None:
            cls = type(self)
            what = f"torch.optim.lr_scheduler has no {self.torch_name!r}, the torch_name of {cls.__name__}"
            raise InputError(f"{place_of(cls)}: {what}")
        made: LRScheduler = torch_class(optimizer, **self.arguments(learning_rate, total))
        return made

    def expression(self, optimizer: str, learning_rate: float, total: int) -> str:
        """Return the text that makes it: ``torch.optim.lr_scheduler.StepLR(optimizer, ...)``."""
        given = "".join(f", {name}={text}" for name, text in self.texts(learning_rate, total).items())
        return f"torch.optim.lr_scheduler.{self.torch_name}({optimizer}{given})"

    @abstractmethod
    def rule(self, total: int) -> Group:
        """Return alpha_t as a formula of alpha and t, without the ``alpha_t =`` before it."""
