"""Settings of the optimizers whose rule is written out in numpy."""

from __future__ import annotations

from typing import Any

WRITTEN_OUT: list[dict[str, Any]] = [
    {"kind": "sgd"},
    {"kind": "sgd", "momentum": 0.9},
    {"kind": "sgd", "momentum": 0.8, "nesterov": True},
    {"kind": "sgd", "weight_decay": 0.3},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    {"kind": "rmsprop", "weight_decay": 0.1},
    {"kind": "adam", "weight_decay": 0.2},
    {"kind": "adagrad", "weight_decay": 0.2},
    {"kind": "adagrad", "lr_decay": 0.1, "initial_accumulator": 0.5},
    {"kind": "rmsprop", "momentum": 0.5, "smoothing": 0.9, "centered": True},
    {"kind": "adam", "beta1": 0.8, "eps": 1e-4},
    {"kind": "adam", "amsgrad": True},
    {"kind": "adamw"},
    {"kind": "adamw", "weight_decay": 0.2, "beta2": 0.9, "amsgrad": True},
]
