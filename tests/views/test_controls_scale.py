import math

import pytest

from gdstudio.core.hyperparameter import Hyperparameter, hyperparameters
from gdstudio.core.settings.experiment import Experiment
from gdstudio.lessons.control import ControlSpec
from gdstudio.views.controls.bounds import Bounds
from gdstudio.views.controls.chips import simplest
from gdstudio.views.controls.entry import read_number
from gdstudio.views.controls.ranges import slider_scale
from gdstudio.views.controls.scale import chosen, linear, logarithmic

NETWORK = Experiment.parse({"problem": {"kind": "linear_network"}, "run": {"max_epochs": 3}})


def declared(name: str) -> Hyperparameter:
    return next(p for p in hyperparameters(NETWORK) if p.name == name)


def test_that_a_linear_scale_has_every_value_of_its_step_exactly() -> None:
    scale = linear(-4.0, 6.0, 0.01, integer=False)
    assert scale.values == tuple((k - 400) / 100 for k in range(1001))


def test_that_a_linear_scale_has_two_hundred_notches_unless_told() -> None:
    scale = linear(0.0, 2.0, None, integer=False)
    assert scale.values == tuple(k / 100 for k in range(201))


def test_that_a_logarithmic_scale_has_twenty_notches_a_decade_and_exact_decades() -> None:
    scale = logarithmic(0.001, 1.0, integer=False)
    assert len(scale.values) == 61
    assert scale.values[::20] == (0.001, 0.01, 0.1, 1.0)
    for k, value in enumerate(scale.values):
        assert value == pytest.approx(10 ** (k / 20 - 3), rel=5e-3)
        assert value == float(f"{value:.2e}")


def test_that_a_logarithmic_scale_of_integers_has_no_position_twice() -> None:
    scale = logarithmic(1.0, 2000.0, integer=True)
    assert scale.values[:5] == (1, 2, 3, 4, 5)
    assert scale.values[-1] == 2000
    assert list(scale.values) == sorted(set(scale.values))
    assert all(value == int(value) for value in scale.values)


def test_that_both_ends_are_on_the_scale_where_they_are_no_notch() -> None:
    scale = logarithmic(0.0007, 0.3, integer=False)
    assert (scale.values[0], scale.values[-1]) == (0.0007, 0.3)


def test_that_a_notch_from_between_two_positions_goes_to_the_next_one_that_way() -> None:
    scale = logarithmic(0.001, 1.0, integer=False)
    assert scale.neighbour(3 / 14, 1) == 0.224
    assert scale.neighbour(3 / 14, -1) == 0.2
    assert scale.neighbour(0.1, 1) == 0.112
    assert scale.neighbour(1.0, 1) == 1.0
    assert scale.neighbour(50.0, -1) == 1.0


def test_that_a_value_beyond_the_scale_rests_at_its_end() -> None:
    scale = chosen((10.0, 1.0, 100.0))
    assert (scale.position(-5.0), scale.position(9.0), scale.position(1e9)) == (0, 1, 2)


def test_that_a_range_without_width_is_one_position() -> None:
    assert linear(1.0, 1.0, None, integer=True).values == (1.0,)
    assert logarithmic(1.0, 1.0, integer=True).values == (1.0,)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("learning_rate", 1e-4, 100),
        ("gradient_tolerance", 1e-12, 1),
        ("momentum", 0, 0.99),
        ("initial_std", 0, 1),
        ("true_b", -10, 10),
        ("seed", 0, 100),
        ("max_steps", 1, 1e5),
    ],
)
def test_that_a_slider_without_a_range_has_a_sensible_one_within_the_bounds(
    name: str, first: float, last: float
) -> None:
    scale = slider_scale(declared(name), ControlSpec(name=name))
    assert scale.values[0] == pytest.approx(first)
    assert scale.values[-1] == pytest.approx(last)


def test_that_choices_above_what_the_data_allow_are_left_out() -> None:
    spec = ControlSpec(name="batch_size", choices=(1, 10, 100, 1000))
    assert slider_scale(declared("batch_size"), spec, 300).values == (1, 10, 100)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        (" 1e-3 ", 1e-3),
        ("-2", -2),
        ("−2.5", -2.5),
        ("3/14", 3 / 14),
        ("3 / 28", 3 / 28),
        ("−1/4", -0.25),
        ("1,000", 1000),
        ("0,001", 0.001),
        ("1.4034×10⁻²³", 1.4034e-23),
    ],
)
def test_that_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert read_number(text, integer=False) == value


@pytest.mark.parametrize("text", ["", "abc", "1/0", "1/2/3", "--1", "2+2", "__import__('os')"])
def test_that_what_is_no_number_is_answered_with_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match=r"give a number such as 0\.1 or 3/14"):
        read_number(text, integer=False)


@pytest.mark.parametrize("text", ["1.5", "inf", "1/3"])
def test_that_what_is_no_whole_number_is_answered_with_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match="give a whole number such as 10"):
        read_number(text, integer=True)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("learning_rate", "0", "0 is too small; give a number above 0"),
        ("momentum", "1", "1 is too large; give a number of 0 or more and below 1"),
        ("n", "0", "0 is too small; give 1 to 10,000,000"),
        ("learning_rate", "1e999", "too large for a number"),
        ("learning_rate", "nan", "is not a number"),
    ],
)
def test_that_a_value_out_of_bounds_is_answered_with_the_bounds(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Bounds.of(declared(name)).read(text)


def test_that_a_rounded_fraction_becomes_the_fraction_and_nothing_else_does() -> None:
    assert simplest(math.nextafter(3 / 14, 1)) == 3 / 14
    assert simplest(1 / 11.0929401987) == 1 / 11.0929401987
