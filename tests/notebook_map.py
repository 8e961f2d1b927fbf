"""The list of the notebook's passages, as the tests read it."""

from __future__ import annotations

import tomllib
from typing import Any

from gdstudio.core.resources import resource

with resource("lessons", "notebook.toml").open("rb") as file:
    PASSAGES: list[dict[str, Any]] = tomllib.load(file)["passage"]
