"""What is said beside the noise floors: of the theory, of the two limits, and of a rate that falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.sweep.floor_runs import SMALLEST, least_settled_rate

if TYPE_CHECKING:
    from gdstudio.core.sweep.floor_runs import Decay, Sampling
    from gdstudio.core.training.noise_floor import RowNoise

FALLING = "α as 1/t"
"""What runs are called whose rate falls."""
_SAME = 1e-9
_CLEARLY = 1.1
"""From so many times on, a cost is told to be below another."""


def how_rows_come(sampling: Sampling) -> str:
    """Name the way in which the rows of a step are chosen."""
    return "shuffled epochs" if sampling == "shuffled" else "rows drawn anew"


def theory_words(sampling: Sampling) -> list[str]:
    """Say what the lines are."""
    if sampling == "shuffled":
        return ["━ to leading order in α", "┈ ∝ α / B if rows are drawn anew"]
    return ["━ exact second moments", "┈ first order, ∝ α / B"]


def has_two_limits(noise: RowNoise, batch_size: int) -> bool:
    """Whether the mean square grows at rates at which the mean of the weights does not."""
    return noise.mean_square_limit(batch_size) < noise.step_limit * (1 - _SAME)


def limit_words(noise: RowNoise, batch_size: int, sampling: Sampling) -> list[str]:
    """Say from which rate on the mean square grows, and from which the mean of the weights.

    Both hold where rows are drawn anew, and are said to where they are not.
    """
    symbol = "2/L" if len(noise.minimum) == 1 else "2/λ<sub>max</sub>"
    mean = f"{symbol} = {format_number(noise.step_limit, 4)}"
    where = "" if sampling == "anew" else "rows drawn anew: "
    if not has_two_limits(noise, batch_size):
        return [f"{where}┊ mean and mean square grow beyond α = {mean}"]
    square = format_number(noise.mean_square_limit(batch_size), 4)
    return [f"{where}╎ mean square grows beyond α = {square}", f"┊ mean beyond {mean}"]


def waiting_words(noise: RowNoise, batch_size: int) -> str:
    """Say which rates take too long to settle for a mark, where it is more than the least."""
    least = least_settled_rate(noise, batch_size)
    if least <= SMALLEST * noise.mean_square_limit(batch_size):
        return ""
    return f"B = {batch_size} takes too long to settle below α = {format_number(least, 2)}"


def falling_words(falling: Decay) -> list[str]:
    """Say how far below the floor of its first rate runs come whose rate falls."""
    end = float(falling.costs[-1])
    times = falling.first_cost / end
    first, last = (format_number(rate, 2) for rate in (falling.first_rate, falling.last_rate))
    below = f"{_rounded(times)} times below" if times > _CLEARLY else "not below"
    return [f"◆ {FALLING}: {below}", f"the floor of α = {first}, {format_number(end, 3)} at α = {last}"]


def _rounded(times: float) -> str:
    """Write how many times with two digits."""
    return format_number(times, 2) if times < 10 or times >= 1e9 else format_count(int(float(f"{times:.2g}")))
