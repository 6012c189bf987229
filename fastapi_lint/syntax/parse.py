"""From source text to the intermediate representation, with every way this can fail as a value."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import libcst as cst

from .. import ir
from ..source import Source
from .lower import Lowerer
from .positions import LineMismatch, Locator, ProviderLocator, ScanLocator
from .scan import Comment, Scan, TooComplex, scan

_RECURSION_LIMIT = 20_000
_MAX_MESSAGE = 200


@dataclass(frozen=True)
class SyntaxProblem:
    """Text that was not parsed: the message, its row and column, and whether it is no Python."""

    message: str
    row: int
    column: int
    too_complex: bool


@dataclass(frozen=True)
class Parsed:
    """A parsed file: its lowered module and its comments."""

    module: ir.Module
    comments: tuple[Comment, ...]


def parse(source: Source, wanted: frozenset[str]) -> Parsed | SyntaxProblem:
    """Parse and lower one source text; `wanted` names the calls whose exact spans are needed."""
    try:
        scanned = scan(source.text)
    except TooComplex as problem:
        return SyntaxProblem(str(problem), 1, 1, True)
    if sys.getrecursionlimit() < _RECURSION_LIMIT:
        sys.setrecursionlimit(_RECURSION_LIMIT)
    collecting = gc.isenabled()
    gc.disable()
    try:
        with _unvalidated():
            tree = cst.parse_module(source.text)
        return Parsed(_lower(source.text, scanned, tree, wanted), scanned.comments)
    except cst.ParserSyntaxError as error:
        message = error.message.replace("parser error: ", "")[:_MAX_MESSAGE]
        return SyntaxProblem(message, max(error.raw_line, 1), max(error.raw_column, 0) + 1, False)
    except RecursionError:
        return SyntaxProblem("the code nests too deeply", 1, 1, True)
    except (SyntaxError, ValueError) as error:
        return SyntaxProblem(str(error)[:_MAX_MESSAGE], 1, 1, False)
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _unvalidated() -> Iterator[None]:
    """Let nodes be made without checking them: what the parser makes is valid.

    LibCST checks each node in its constructor, which is a fifth of the time of a parse.
    """
    validate = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _skip  # type: ignore[method-assign]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = validate  # type: ignore[method-assign]


def _skip(self: cst.CSTNode) -> None:
    pass


def _lower(text: str, scanned: Scan, tree: cst.Module, wanted: frozenset[str]) -> ir.Module:
    locator: Locator = ScanLocator(text, scanned, tree)
    try:
        return Lowerer(locator, wanted).module(tree)
    except LineMismatch:
        return Lowerer(ProviderLocator(tree), wanted).module(tree)
