"""From source text to the intermediate representation, with every way this can fail as a value."""

from __future__ import annotations

import ast
import enum
import gc
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import libcst as cst

from .. import ir
from ..source import Source
from .construct import install
from .lower import Lowerer
from .positions import LineMismatch, Locator, ProviderLocator, ScanLocator
from .scan import Comment, Lines, Scan, TooComplex, line_starts, scan

install()

_RECURSION_LIMIT = 10_000
_MAX_MESSAGE = 200
_MAX_CHECKED = 500_000
"""Characters up to which the interpreter is asked what is wrong with a text."""
_PLACE = re.compile(r"error at (\d+):(\d+)")


class Fault(enum.Enum):
    """What is wrong with a text that was not parsed."""

    SYNTAX = "it is no Python"
    TEMPLATE = "it is no Python, but a template that makes some"
    UNSUPPORTED = "it may be Python, but the parser cannot cope with it"


@dataclass(frozen=True)
class SyntaxProblem:
    """Text that was not parsed: the fault, a message, and the row and column of the place."""

    fault: Fault
    message: str
    row: int
    column: int


@dataclass(frozen=True)
class Parsed:
    """A parsed file: its lowered module and its comments."""

    module: ir.Module
    comments: tuple[Comment, ...]


def parse(source: Source, wanted: frozenset[str]) -> Parsed | SyntaxProblem:
    """Parse and lower one source text; `wanted` names the calls whose exact spans are needed."""
    text = source.text
    try:
        scanned = scan(text)
    except TooComplex as problem:
        row, column = Lines(line_starts(text)).position(problem.offset)
        return SyntaxProblem(Fault.UNSUPPORTED, str(problem), row, column)
    if sys.getrecursionlimit() < _RECURSION_LIMIT:
        sys.setrecursionlimit(_RECURSION_LIMIT)
    collecting = gc.isenabled()
    gc.disable()
    try:
        with _unvalidated():
            tree = cst.parse_module(text)
        return Parsed(_lower(text, scanned, tree, wanted), scanned.comments)
    except cst.ParserSyntaxError as error:
        return _explain(text, scanned, error)
    except RecursionError:
        return SyntaxProblem(Fault.UNSUPPORTED, "the code nests too deeply", 1, 1)
    except (SyntaxError, ValueError) as error:
        return SyntaxProblem(Fault.SYNTAX, str(error)[:_MAX_MESSAGE], 1, 1)
    finally:
        if collecting:
            gc.enable()


def _explain(text: str, scanned: Scan, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """Say what is wrong with a text: in the interpreter's words where it objects as well."""
    place = _PLACE.search(error.message)
    row, column = (int(place[1]), int(place[2])) if place else (error.raw_line, error.raw_column)
    fault, message = Fault.SYNTAX, "invalid syntax"
    if "\0" in text:
        message = "the source contains a null character"
        row, column = scanned.lines.position(text.index("\0"))
    elif len(text) <= _MAX_CHECKED:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(text)
            fault, message = Fault.UNSUPPORTED, "the parser does not support the syntax used here"
        except SyntaxError as refusal:
            message = refusal.msg[:_MAX_MESSAGE]
            row, column = refusal.lineno or row, refusal.offset or 1
        except (ValueError, RecursionError, MemoryError):
            pass
    if fault is Fault.SYNTAX and ("{{" in text or "{%" in text):
        fault, message = Fault.TEMPLATE, f"looks like a template and is no Python: {message}"
    return SyntaxProblem(fault, message, max(row, 1), max(column, 1))


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
