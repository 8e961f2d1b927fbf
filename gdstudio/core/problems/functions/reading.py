"""Reads a typed function: what is on the list becomes a tree, everything else a sentence that says where.

Python's own parser makes a syntax tree of the text, which runs nothing; of that tree only the nodes of a
whitelist are taken over. Nothing that was typed is ever evaluated as a program.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from functools import lru_cache

from gdstudio.core.errors import InputError
from gdstudio.core.problems.functions.holes import Hole, value_at
from gdstudio.core.problems.functions.places import Places
from gdstudio.core.problems.functions.tree import (
    CONSTANTS,
    FUNCTIONS,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Pair,
    Weight,
)

MOST_CHARACTERS = 200
MOST_LEVELS = 50
MOST_POWER = 100
"""A weight may have so high a power at most."""
ONE_WEIGHT, TWO_WEIGHTS = ("theta",), ("w1", "w2")
_WEIGHTS = (*ONE_WEIGHT, *TWO_WEIGHTS)
_PAIRS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_KNOWN = f"there are theta, or w1 and w2; pi and e; {', '.join(FUNCTIONS[:-1])} and {FUNCTIONS[-1]}"
_EXAMPLES = "theta**4 - 3*theta**2 + theta, or w1**2 + w2**2"
_JOINED = re.compile(r"(?<![\w.])(\d[\d._]*+(?:[eE][+-]?\d++)?+)([A-Za-z]\w*)")
_ZEROS = re.compile(r"(?<![\w.])0+([1-9]\d*)(?![\d.eE])")
_HINTS = {"ln": "write log, which is the natural logarithm", "pow": "write ** for a power"}
_OTHER_NODES: dict[type[ast.AST], str] = {
    ast.Attribute: "has a point before a name; only numbers have points",
    ast.Lambda: "is a function without a name; write the expression alone",
    ast.IfExp: "is a choice between two; write one expression",
    ast.BoolOp: "is a yes or no; write one expression",
    ast.Compare: "compares; write one expression without a comparison",
    ast.Tuple: "is several functions; write one, without commas",
    ast.Starred: "begins with a star; write a factor before it",
}


@lru_cache(maxsize=64)
def read_function(text: str) -> Node:
    """Return a function of ``theta``, or of ``w1`` and ``w2``, as the tree that it is.

    Raises
    ------
    InputError
        Where it is anything else, with what is wrong, at which character, and what would be right.
    """
    if not text.strip():
        raise InputError(f"is empty; write a function such as {_EXAMPLES}")
    if len(text) > MOST_CHARACTERS:
        raise InputError(f"has {len(text):,} characters; give at most {MOST_CHARACTERS}")
    places = Places.of(text)
    joined = _JOINED.search(places.plain)
    if joined is not None:
        raise _two_in_one(joined, places)
    zeros = _ZEROS.search(places.plain)
    if zeros is not None:
        raise InputError(f"“{zeros[0]}”{places.where(zeros.start())} begins with 0; write {zeros[1]}")
    node = _Reader(places).read(_parsed(places).body)
    if node.depth > MOST_LEVELS:
        raise InputError(f"is nested {node.depth} levels deep; give at most {MOST_LEVELS}")
    found = node.weights
    if not found:
        raise InputError(
            f"has no weight in it; write a function of theta, or of w1 and w2, such as {_EXAMPLES}"
        )
    if ONE_WEIGHT[0] in found and len(found) > 1:
        other = min(found - {"theta"})
        raise InputError(f"has both theta and {other}; write a function of theta, or of w1 and w2")
    return node


def weights_of(node: Node) -> tuple[str, ...]:
    """Return the names of the weights that a function is one of."""
    return ONE_WEIGHT if ONE_WEIGHT[0] in node.weights else TWO_WEIGHTS


def _two_in_one(found: re.Match[str], places: Places) -> InputError:
    number, name = found.groups()
    where = places.where(found.start())
    if name in {"j", "J"}:
        return InputError(f"“{found[0]}”{where} is a complex number; write a real one, such as {number}")
    return InputError(f"“{found[0]}”{where} has no sign between {number} and {name}; write {number}*{name}")


def _parsed(places: Places) -> ast.Expression:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of doubtful Python; it is not run
            return ast.parse(places.plain, mode="eval")
    except SyntaxError as error:
        raise InputError(_syntax(error, places)) from None
    except (RecursionError, MemoryError, ValueError):
        raise InputError(f"is nested too deeply; give at most {MOST_LEVELS} levels") from None


def _syntax(error: SyntaxError, places: Places) -> str:
    """Return what is wrong with a text that is no expression."""
    opened, closed = places.plain.count("("), places.plain.count(")")
    if opened != closed:
        lacks = ")" if opened > closed else "("
        return f"has {opened} “(” but {closed} “)”; write “{lacks}” where one is missing"
    at = (error.offset or 1) - 1
    rest = places.plain[at:].strip()
    if places.plain[-1] in "+-*/" or not rest:
        return f"ends too soon; write what follows “{places.plain[-1]}” at the end"
    return f"cannot be read{places.where(at)}, “{rest[:12]}”; write signs between all parts: + - * / **"


class _Reader:
    """Takes over the nodes of the whitelist."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def read(self, node: ast.expr) -> Node:
        made = self._made(node)
        if not made.weights:
            try:
                value_at(made, {})
            except Hole as hole:
                raise InputError(f"{hole} (at character {self._places.number(node.col_offset)})") from None
        return made

    def _made(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub()):
                return Negative(self.read(node.operand))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand)
            case ast.BinOp():
                return self._pair(node)
            case ast.Call():
                return self._call(node)
        what = next((words for kind, words in _OTHER_NODES.items() if isinstance(node, kind)), None)
        raise self._wrong(node, what or "is no part of a function; use + - * / **, numbers and functions")

    def _number(self, node: ast.Constant) -> Number:
        if type(node.value) not in {int, float}:
            raise self._wrong(node, "is no number; write one such as 0.5")
        return Number(node.value)  # type: ignore[arg-type]  # as the line above says

    def _name(self, node: ast.Name) -> Node:
        if node.id in _WEIGHTS:
            return Weight(node.id)
        if node.id in CONSTANTS:
            return Constant(node.id)
        if node.id in FUNCTIONS:
            raise self._wrong(node, f"is a function; write of what, such as {node.id}(w1)")
        raise self._wrong(node, f"is not known; {_hint(node.id, (*_WEIGHTS, *CONSTANTS, *FUNCTIONS))}")

    def _pair(self, node: ast.BinOp) -> Pair:
        sign = _PAIRS.get(type(node.op))
        if sign is None:
            instead = "/" if isinstance(node.op, ast.FloorDiv) else "+ - * / **"
            raise self._wrong(node, f"has a sign that no function has; use {instead}")
        made = Pair(sign, self.read(node.left), self.read(node.right))
        if made.left.weights and not made.right.weights:
            right = value_at(made.right, {})
            if sign == "/" and right == 0:
                raise self._wrong(node, "divides by 0; divide by another number")
            if sign == "**" and abs(right) > MOST_POWER:
                raise self._wrong(node, f"has too high a power; give one of at most {MOST_POWER}")
        return made

    def _call(self, node: ast.Call) -> Call:
        if not isinstance(node.func, ast.Name):
            if isinstance(node.func, ast.Attribute):
                self.read(node.func)  # which says what is wrong with it
            raise self._wrong(node, "has no sign before “(”; write * for a product")
        name = node.func.id
        if name not in FUNCTIONS:
            if name in _WEIGHTS or name in CONSTANTS:
                raise self._wrong(node, f"takes {name} for a function; write {name}*(…) for a product")
            raise self._wrong(node.func, f"is no function that is known; {_hint(name, FUNCTIONS)}")
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise self._wrong(node, f"must be of one number; write {name}(w1)")
        return Call(name, self.read(node.args[0]))

    def _wrong(self, node: ast.expr, what: str) -> InputError:
        text = ast.get_source_segment(self._places.plain, node) or ""
        short = text if len(text) <= 30 else f"{text[:29]}…"
        return InputError(f"“{short}”{self._where(node)} {what}")

    def _where(self, node: ast.expr) -> str:
        return self._places.where(node.col_offset)


def _hint(name: str, known: tuple[str, ...]) -> str:
    if name in _HINTS:
        return _HINTS[name]
    near = difflib.get_close_matches(name.lower(), known, n=1)
    return f"did you mean {near[0]}?" if near else _KNOWN
