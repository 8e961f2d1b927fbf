"""The sentences by which a program says how it ended; ``step`` is a number, or the text that writes it."""

from __future__ import annotations

BEYOND_AT_ONCE = "Diverged at step 0: the cost of the first weights is not finite."


def completed(steps: int) -> str:
    """Return that all steps have been made."""
    return f"Completed: {steps:,} {'step' if steps == 1 else 'steps'}."


def diverged(step: str) -> str:
    """Return at which step the numbers were finite no longer."""
    return f"Diverged at step {step}: these are the last finite numbers."


def small_gradient(step: str, tolerance: float) -> str:
    """Return that the gradient is small enough."""
    return f"Converged at step {step}: the size of the gradient is below {tolerance!r}."


def small_change(how: str, step: str, tolerance: float) -> str:
    """Return that the cost changes little; ``how`` is Converged or Stopped."""
    return f"{how} at step {step}: the cost changed by less than {tolerance!r}."
