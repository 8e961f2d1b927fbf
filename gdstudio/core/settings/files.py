"""TOML in and out: bounded before it is parsed, every error named, written whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from gdstudio.core.errors import InputError
from gdstudio.core.settings.experiment import SCHEMA, Experiment
from gdstudio.core.settings.table_paths import with_found_tables, with_named_tables

MAX_BYTES = 4 << 20
MAX_KEY_PARTS = 64
_TOKEN = re.compile(
    r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|\#[^\n]*+|[\w-]++|[ \t]++|.""", re.DOTALL
)


def read_tables(path: Path) -> dict[str, Any]:
    """Read a TOML file of at most 4 MiB and check its ``schema``, which is taken out.

    Raises
    ------
    InputError
        Where the file is missing, is no file, is too large, is not text, or is not TOML.
    """
    text = _read_text(path)
    too_deep = f"{path}: is nested too deeply; a file has tables of plain values"
    if _longest_key(text) > MAX_KEY_PARTS:
        raise InputError(too_deep)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is not valid TOML: {error}") from None
    except ValueError:
        raise InputError(f"{path}: holds a whole number of thousands of digits; shorten it") from None
    except RecursionError:
        raise InputError(too_deep) from None
    schema = tables.pop("schema", None)
    if schema is None:
        raise InputError(f"{path}: schema is missing; begin the file with schema = {SCHEMA}")
    if schema != SCHEMA or isinstance(schema, bool):
        raise InputError(f"{path}: schema {schema!r} is not known; this version reads schema = {SCHEMA}")
    return tables


def read_experiment(path: Path) -> Experiment:
    """Read an experiment.

    Raises
    ------
    InputError
        One line for each thing that is wrong, each beginning with the file's path.
    """
    tables = with_found_tables(read_tables(path), path.parent)
    try:
        return Experiment.parse(tables)
    except InputError as error:
        raise InputError(*(f"{path}: {line}" for line in error.problems)) from None


def write_experiment(experiment: Experiment, path: Path) -> None:
    """Write an experiment, replacing the file in one move.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_text(path, to_toml(experiment, path.parent))


def to_toml(experiment: Experiment, folder: Path) -> str:
    """Return an experiment as the text of its file, which is to stand in a folder."""
    tables = with_named_tables(experiment.tables(), folder)
    # The writer would put lists of tables on one long line.
    changes = tables["run"].pop("change", ())
    entrants = tables.get("race", {}).pop("entrant", ())
    text = tomli_w.dumps({"schema": SCHEMA, **tables}, multiline_strings=True)
    text += "".join(f"\n[[run.change]]\n{tomli_w.dumps(change)}" for change in changes)
    return text + "".join(map(_entrant, entrants))


def _entrant(table: dict[str, Any]) -> str:
    own = {key: value for key, value in table.items() if value and not isinstance(value, dict)}
    parts = {key: value for key, value in table.items() if isinstance(value, dict)}
    text = f"\n[[race.entrant]]\n{tomli_w.dumps(own)}"
    return text + "".join(f"\n[race.entrant.{key}]\n{tomli_w.dumps(part)}" for key, part in parts.items())


def write_text(path: Path, text: str) -> None:
    """Write a text file atomically: into a new file beside it, then moved into place.

    Raises
    ------
    InputError
        Where the file cannot be written; what was there before is untouched.
    """
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder; give the name of a file")
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        temporary.replace(path)
    except (OSError, ValueError) as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise InputError(
            f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}; give another file"
        ) from None


def _longest_key(text: str) -> int:
    """Return the most parts that a dotted key may have: tomllib's memory grows with their square."""
    if all(line.count(".") < MAX_KEY_PARTS for line in text.split("\n")):
        return 0
    longest = parts = 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in {'"', "'"}:
            break  # a quote without an end: tomllib will say so
        if token == ".":
            parts += 1
            longest = max(longest, parts + 1)
        elif not (token.isspace() and token != "\n") and token[0] not in "\"'_-" and not token[0].isalnum():
            parts = 0
    return longest


def _read_text(path: Path) -> str:
    if os.path.isdir(path):
        raise InputError(f"{path}: is a folder; give the name of a file")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check its name") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: is larger than {MAX_BYTES >> 20} MiB; an experiment is a small text file")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is not a text file (byte {error.start} is not UTF-8); give a TOML file"
        ) from None
