"""From source text to the intermediate representation, with every way this can fail as a value."""

from __future__ import annotations

import enum
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from .. import ir
from ..source import Source
from .lower_ast import Unsupported, lower
from .scan import Comment, Lines, Scan, TooComplex, line_starts, scan

_RECURSION_LIMIT = 10_000
_MAX_MESSAGE = 200


class Fault(enum.Enum):
    """What is wrong with a text that was not parsed."""

    SYNTAX = "it is no Python"
    TEMPLATE = "it is no Python, but a template that makes some"
    UNSUPPORTED = "it may be Python, but the parser cannot cope with it"


class SyntaxProblem(msgspec.Struct, frozen=True):
    """Text that was not parsed: the fault, a message, and the row and column of the place."""

    fault: Fault
    message: str
    row: int
    column: int


class Parsed(msgspec.Struct, frozen=True):
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
    with uncollected():
        try:
            return Parsed(lower(text, scanned, wanted), scanned.comments)
        except Unsupported as refused:
            return _by_libcst(text, scanned, wanted, refused.__cause__)
        except RecursionError:
            return SyntaxProblem(Fault.UNSUPPORTED, "the code nests too deeply", 1, 1)


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without the garbage collector, which would look at a growing tree again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _by_libcst(
    text: str, scanned: Scan, wanted: frozenset[str], refusal: BaseException | None
) -> Parsed | SyntaxProblem:
    """Parse what the interpreter refuses, which may be syntax of a newer version."""
    import libcst as cst

    from . import lower as by_libcst

    try:
        module = by_libcst.lower(text, wanted)
    except cst.ParserSyntaxError as error:
        if refusal is None:
            unsupported = "the parser does not support the syntax used here"
            return SyntaxProblem(Fault.UNSUPPORTED, unsupported, error.raw_line, error.raw_column)
        return _explain(text, scanned, refusal)
    except RecursionError:
        return SyntaxProblem(Fault.UNSUPPORTED, "the code nests too deeply", 1, 1)
    except (SyntaxError, ValueError) as error:
        return SyntaxProblem(Fault.SYNTAX, str(error)[:_MAX_MESSAGE], 1, 1)
    return Parsed(module, scanned.comments)


def _explain(text: str, scanned: Scan, refusal: BaseException) -> SyntaxProblem:
    """Say what is wrong with a text, in the interpreter's words."""
    fault, message, row, column = Fault.SYNTAX, "invalid syntax", 1, 1
    if "\0" in text:
        message = "the source contains a null character"
        row, column = scanned.lines.position(text.index("\0"))
    elif isinstance(refusal, SyntaxError):
        message = refusal.msg[:_MAX_MESSAGE]
        row, column = refusal.lineno or row, refusal.offset or 1
    if "{{" in text or "{%" in text:
        fault, message = Fault.TEMPLATE, f"looks like a template and is no Python: {message}"
    return SyntaxProblem(fault, message, max(row, 1), max(column, 1))
