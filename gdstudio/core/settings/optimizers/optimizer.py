"""What every optimizer is: its settings, torch's own class, its rule as a formula, and its next move."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import numpy as np
from pydantic import model_validator

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import Settings, SliderRange, hyperparameter, hyperparameters
from gdstudio.core.numbers import format_number
from gdstudio.core.problems.traits import Trait
from gdstudio.core.registry import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch
    from torch.optim import Optimizer as TorchOptimizer

    from gdstudio.core.by_hand import HandUpdate
    from gdstudio.core.listing import Lines
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.mistakes.mistake import Mistake
    from gdstudio.core.problems.problem import ProblemSpec
    from gdstudio.core.typing import Floats

Memory: TypeAlias = Mapping[str, "Floats"]
"""What an optimizer remembers after a step, by the names that torch gives it."""
BELOW_ONE: dict[str, Any] = {"ge": 0, "lt": 1}
"""The bounds of a share that is kept from step to step."""
HUNDREDTHS = SliderRange(0.0, 0.99, 0.01)
THOUSANDTHS = SliderRange(0.0, 0.999, 0.001)


class Optimizer(Settings):
    """The ``[run.optimizer]`` table: an update rule of torch with the hyperparameters that belong to it.

    A new one is one new module in this folder with a subclass that has a ``kind`` of its own.
    https://docs.pytorch.org/docs/stable/optim.html
    """

    title: ClassVar[str] = ""
    """Its name in a list to choose from."""
    place: ClassVar[int] = 100
    """Where it stands in that list."""
    torch_name: ClassVar[str] = ""
    """Its class in ``torch.optim``; one that has none there overrides `build` and `expression`."""
    state_symbols: ClassVar[Mapping[str, Any]] = {}
    """What it remembers of earlier steps: torch's name in its state, and the symbol in the formula."""
    needs: ClassVar[frozenset[Trait]] = frozenset()
    """What a problem must have, or it cannot be descended so."""
    needs_closure: ClassVar[bool] = False
    """Whether a step asks for more gradients than the one at its start, by a closure that torch calls.

    Torch then counts them in its state, as ``func_evals``.
    """

    kind: str

    @model_validator(mode="after")
    def _has_class(self) -> Self:
        cls = type(self)
        if not self.torch_name and (cls.build is Optimizer.build or cls.expression is Optimizer.expression):
            raise ValueError(f"{place_of(cls)}: give {cls.__name__} a torch_name, or build and expression")
        return self

    @classmethod
    def contestants(cls) -> tuple[Self, ...]:
        """Return the forms in which it takes part in a race that names none: as it is by default."""
        return (cls.model_validate({}),)

    @property
    def called(self) -> str:
        """Its name with the settings that are not its defaults, as it stands beside those of others."""
        apart = ", ".join(
            f"{p.symbol or p.title} = {_written(getattr(self, p.name))}"
            for p in hyperparameters(self)
            if getattr(self, p.name) != p.default
        )
        return f"{self.title} {apart}".strip()

    def objection(self, spec: ProblemSpec, mistake: Mistake, *, is_full_batch: bool) -> str:
        """Return why a run cannot be made with it, and what would be right; empty where it can.

        The run is on a problem, with a mistake, and with all rows in each step where it is full-batch.
        """
        missing = self.needs - spec.traits if self.needs else frozenset()
        if not missing:
            return ""
        what = next(trait for trait in Trait if trait in missing)
        return f"{self.title} needs {what}; give another problem, or another optimizer"

    def arguments(self) -> dict[str, Any]:
        """Return what its torch class is given besides the weights and the learning rate.

        Only what differs from torch's own defaults is given.
        """
        return self.model_dump(exclude_defaults=True, exclude={"kind"})

    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> TorchOptimizer:
        """Return torch's optimizer of the weights.

        Raises
        ------
        InputError
            Where torch has no such class.
        """
        from torch import optim

        torch_class = getattr(optim, self.torch_name, None)
        if torch_class is None:
            cls = type(self)
            what = f"torch.optim has no {self.torch_name!r}, the torch_name of {cls.__name__}"
            raise InputError(f"{place_of(cls)}: {what}")
        made: TorchOptimizer = torch_class(weights, lr=learning_rate, **self.arguments())
        return made

    def definition(self) -> Lines:
        """Return the lines of a program that define its class, where torch has none.

        Lines of `gdstudio.core.listing.Part.SCRIPT` are not shown in the code panel.
        """
        return ()

    def expression(self, parameters: str, learning_rate: float) -> str:
        """Return the text that makes it: ``torch.optim.SGD(net.parameters(), lr=0.1)``."""
        words = "".join(f", {name}={value!r}" for name, value in self.arguments().items())
        return f"torch.optim.{self.torch_name}({parameters}, lr={learning_rate!r}{words})"

    def by_hand(self, weight: str, gradient: str) -> HandUpdate | None:
        """Return the text of its update of one weight, by names; None where it is not written out."""
        return None

    @abstractmethod
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        """Return its update as a formula, for weights and gradient that are written so."""

    @property
    def is_plain(self) -> bool:
        """Whether its move is the gradient times the learning rate, and nothing else."""
        return False

    @property
    def has_memory(self) -> bool:
        """Whether its move depends on earlier steps; else it is the rate times the gradient `with_decay`."""
        return True

    @property
    def decay(self) -> float:
        """How much of each weight is added to its gradient before anything else: torch's ``weight_decay``."""
        return 0.0

    def with_decay(self, gradient: Floats, weights: Floats) -> Floats:
        """Return what it makes its move of, for a gradient and weights of one shape: see `decay`."""
        return gradient + self.decay * weights if is_any(self.decay) else gradient

    @property
    def only_slows_at_zero_gradient(self) -> bool:
        """Whether its moves only become smaller while the gradient is 0."""
        return False

    def step_limit(self, curvature: float) -> float | None:
        """Return the learning rate from which a quadratic of this largest curvature diverges.

        None where no such limit is known.
        """
        return None

    def limit_symbol(self, curvature: str) -> str:
        """Return that limit as a formula, with the symbol of the largest curvature."""
        return f"2/{curvature}"

    def remembered(self, gradient: Floats, before: Memory | None) -> Memory | None:
        """Return what it remembers after a step along a gradient (P,), by torch's names, shape (P,) each.

        The gradient is the one `with_decay`.
        ``before`` is the same of the step before, None for a first step. None where it is not written out.
        For a batch of R runs (`of_runs`) all shapes are (R, P).
        """
        return None

    def direction(self, gradient: Floats, memory: Memory, weights: Floats) -> Floats | None:
        """Return what a step along a gradient (P,) `with_decay` multiplies by its rate; None as above.

        ``memory`` is what it remembers after the step, and ``weights`` (P,) are those that the step is made
        from.
        """
        return None

    def rate_of_step(self, learning_rate: float, memory: Memory) -> float:
        """Return the rate of a step, by what it remembers after it."""
        return learning_rate

    def of_runs(self, values: Mapping[str, Floats]) -> Self:
        """Return its rule for a batch of R runs, each with values (R,) of its own for some of its settings.

        Only `remembered`, `direction` and `rate_of_step` may be asked of it, with gradients and weights
        (R, P); rates are then of shape (R, 1). The values are not checked.
        """
        return self.model_copy(update={name: column[:, None] for name, column in values.items()})

    def named_numbers(self, memory: Memory) -> tuple[tuple[Piece, Floats], ...]:
        """Return the numbers (P,) that a step has besides its gradient, each with its symbol."""
        known = [(symbol, memory.get(name)) for name, symbol in self.state_symbols.items()]
        return tuple((symbol, numbers) for symbol, numbers in known if numbers is not None)

    def foretell(
        self,
        weights: Floats,
        gradient: Floats,
        learning_rate: float,
        state: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
    ) -> Floats:
        """Return the move that `move` returns, without torch where the rule is written out (to rounding)."""
        slope, gradient = gradient, self.with_decay(gradient, weights)
        memory = self.remembered(gradient, memory_of(state))
        direction = None if memory is None else self.direction(gradient, memory, weights)
        if memory is None or direction is None:
            return self.move(weights, slope, learning_rate, state, problem)
        return np.asarray(-self.rate_of_step(learning_rate, memory) * direction)

    def move(
        self,
        weights: Floats,
        gradient: Floats,
        learning_rate: float,
        state: Mapping[str, Any] | None = None,
        problem: Problem | None = None,
    ) -> Floats:
        """Return the move (P,) that it makes from weights (P,) along a gradient (P,).

        ``state`` is that of torch's optimizer after the steps before, for weights that are one tensor; none
        is given for a first step. What it holds stays as it is. An optimizer that looks at more than one
        gradient, or at the shapes of the weights, finds them in the problem.
        """
        import torch

        at = torch.from_numpy(np.array(weights, dtype=np.float64)).requires_grad_()
        made = self.build([at], learning_rate)
        if state is not None:
            made.load_state_dict(copy.deepcopy(dict(state)))
            for group in made.param_groups:
                group["lr"] = learning_rate
        at.grad = torch.from_numpy(np.array(gradient, dtype=np.float64))
        made.step()
        return np.asarray(at.detach().numpy() - weights)


def is_any(setting: float) -> bool:
    """Whether a setting is not 0: that of one run, or one of a batch of runs (`Optimizer.of_runs`)."""
    return bool(setting.any()) if isinstance(setting, np.ndarray) else bool(setting)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return format_number(value, 4) if isinstance(value, int | float) else str(value)


def memory_of(state: Mapping[str, Any] | None) -> Memory | None:
    """Return what the state of torch's optimizer holds for weights that are one tensor; None without one.

    Lists, such as those of many earlier gradients, are left out.
    """
    if state is None:
        return None
    held = state["state"].get(0, {})
    return {
        name: np.asarray(value, dtype=np.float64)
        for name, value in held.items()
        if not isinstance(value, list)
    }


def guard(default: float) -> Any:
    """Declare the small number that keeps a divisor from 0."""
    return hyperparameter(
        default,
        title="Guard",
        symbol="ε",
        help="Added to the divisor",
        scale="log",
        slider=SliderRange(1e-12, 1e-1),
        is_rarely_changed=True,
        gt=0,
    )


def coupled_decay() -> Any:
    """Declare how much of each weight is added to its gradient, which a rule then makes its move of."""
    return hyperparameter(
        0.0,
        title="Weight decay",
        symbol="δ",
        help="How much of each weight, biases too, is added to its gradient, so that weights stay small",
        slider=SliderRange(0.0, 0.1, 0.001),
        is_rarely_changed=True,
        ge=0,
        le=1e6,
    )


def kept_move() -> Any:
    """Declare how much of the last move is kept."""
    return hyperparameter(
        0.0,
        title="Momentum",
        symbol="β",
        help="How much of the last move is kept",
        slider=HUNDREDTHS,
        **BELOW_ONE,
    )


def decoupled_decay(default: float) -> Any:
    """Declare by which share of themselves, times the rate, the weights shrink beside what the rule makes."""
    return hyperparameter(
        default,
        title="Weight decay",
        symbol="δ",
        help="Each step takes this share of the weights away, times the learning rate",
        slider=HUNDREDTHS,
        ge=0,
        le=1,
    )
