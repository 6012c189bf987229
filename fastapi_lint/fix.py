"""What a fix is: what it does, whether it may change behaviour, and the recipe for its edits."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from . import ir

if TYPE_CHECKING:
    from .model.scopes import Module


class Applicability(str, enum.Enum):
    """When a fix is applied: with `--fix`, or only with `--unsafe-fixes` as well."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Unfixable(Exception):
    """A fix cannot be made; the message completes "not fixed: " for people."""


Node: TypeAlias = object
"""A node of the syntax tree, which only an editor looks into."""
At: TypeAlias = "int | Node"
"""A node: its ordinal in the intermediate representation, or what an editor gave."""


class Editor(Protocol):
    """Notes the edits of one fix in one file. Each method adds what its name says to the fix.

    Nodes are named by their ordinals (`at`), or given by `part`, `callee` and `value`. A method
    raises `Unfixable` where the form of the code is not one that it changes safely; the fix is then
    not made. Code is written with four spaces for each level, and gets the file's own indentation
    and line endings.
    """

    def of(self, module: Module) -> Editor:
        """The editor of another module, for a fix that changes several files: all or none."""

    def text(self, at: At) -> str:
        """The source text of a node, with the parentheses around it; on one line if it is short."""

    def quoted(self, text: str) -> str:
        """A string literal of plain text, in the quotes that the file uses."""

    def callee(self, call: At) -> Node:
        """What a call calls."""

    def value(self, at: At, name: str) -> Node:
        """The value of the keyword argument `name`: of a call, or of that argument itself."""

    def argument(self, call: At, index: int) -> Node:
        """The value of a positional argument of a call."""

    def assigned(self, at: At) -> Node:
        """What an assignment assigns."""

    def part(self, at: At, expr: ir.Expr) -> Node:
        """The one expression in a node that was lowered to `expr`; parts with calls are unique."""

    def replace(self, at: At, text: str) -> None:
        """Put another text in the place of an expression (parentheses included) or a statement."""

    def wrap(self, at: At, before: str, after: str) -> None:
        """Put text around an expression: `wrap(at, "Depends(", ")")`."""

    def put_await(self, call: At) -> None:
        """Await a call, in parentheses where something is done with its result at once.

        Only in an `async` function, and not in a lambda or a generator, which would become another.
        """

    def set_keyword(self, call: At, name: str, value: str) -> None:
        """Give a call a keyword argument, or change its value; one of several lines is code."""

    def add_argument(self, call: At, text: str) -> None:
        """Give a call one more argument, after all others."""

    def spread(self, call: At, around: At | None = None) -> None:
        """Put a call's function and arguments in the place of the call, or of what is `around` it:
        `f(x)` becomes `f, x`."""

    def append_items(self, display: At, *texts: str) -> None:
        """Give a list or set display more items, after all others."""

    def replace_word(self, at: At, old: str, new: str) -> None:
        """Change the word that a statement or keyword argument begins with: `replace_word(at,
        "return", "raise")`."""

    def insert_word(self, at: At, word: str) -> None:
        """Put a keyword before a statement or expression: `insert_word(at, "raise")`."""

    def insert_before(self, at: At, code: str) -> None:
        """Put statements (or an `except` clause) before a statement, with its indentation.

        `code` is written with four spaces for each level. Comments directly above the statement
        stay with it.
        """

    def insert_after(self, at: At, code: str) -> None:
        """Put statements, or a clause such as `else:`, after a statement, with its indentation."""

    def define_before(self, at: At, code: str) -> None:
        """Put a function or class before a statement, with blank lines around it."""

    def decorate(self, function: At, text: str) -> None:
        """Give a function or class one more decorator, above its others."""

    def delete(self, at: At) -> None:
        """Remove a statement, decorator, argument, parameter, or item of a display.

        A statement that is alone in its block becomes `pass`. Comments above stay.
        """

    def move_before(self, at: At, other: At) -> None:
        """Move a statement or decorator, with the comments above, before one of the same block.

        Comments above all decorators speak of what is decorated, and stay where they are.
        """

    def move_after(self, at: At, other: At) -> None:
        """Move a statement or decorator, with the comments above, after one of the same block."""

    def enclose(self, first: At, last: At, header: str) -> None:
        """Indent the statements from `first` to `last`, of one block, below a line `header`.

        Calling it for the following statements as well makes `try:` and `finally:`; comments above
        come into such a clause, and blank lines above it go.
        """

    def add_parameter(self, function: At, text: str, *, first: bool = False) -> None:
        """Give a function one more parameter, as the last of its plain ones that have no default,
        or as the first.

        `first` leaves a method's `self` or `cls` before it.
        """

    def rename_parameter(self, function: At, old: str, new: str) -> None:
        """Rename a parameter of a function, with all its uses in the body.

        The new name must be free in the function, and the old one bound by the parameter alone.
        """

    def returns(self, function: At) -> Node:
        """The annotation of what a function returns."""

    def import_name(self, module: str, name: str, *, otherwise: str | None = None) -> str:
        """How to write `module.name` in this file; it is imported at the top if it is not yet.

        Where the file uses `name` for something else, it is imported as `otherwise`, or used as an
        attribute of the imported module.
        """

    def import_instead(self, module: str, name: str) -> None:
        """Import a name that the file imports from elsewhere from this module.

        It must be imported once, at the top, and the file may only call it.
        """

    def import_module(self, module: str) -> str:
        """How to write a module in this file; it is imported at the top if it is not yet."""

    def unsuppress(self, row: int, code: str, names: Mapping[str, str]) -> None:
        """Take a code out of the suppression comment on a row; `names` gives the code of names."""


Recipe: TypeAlias = Callable[[Editor], None]
"""Makes the edits of a fix by calling the methods of the editor of the finding's file.

It runs when the edits are needed, which may be never, and raises `Unfixable` where the code's form
is one that it does not handle.
"""


@dataclass(frozen=True)
class Fix:
    """How a finding can be repaired. `message` says it as an order: "Raise the exception"."""

    message: str
    applicability: Applicability
    recipe: Recipe

    @classmethod
    def safe(cls, message: str, recipe: Recipe) -> Fix:
        """A fix that can only improve what the code does."""
        return cls(message, Applicability.SAFE, recipe)

    @classmethod
    def unsafe(cls, message: str, recipe: Recipe) -> Fix:
        """A fix that somebody must review, since it may change behaviour that was wanted."""
        return cls(message, Applicability.UNSAFE, recipe)


@dataclass(frozen=True)
class Edit:
    """Replaces the text between two offsets, in code points; an insertion if they are equal."""

    start: int
    end: int
    text: str

    def touches(self, other: Edit) -> bool:
        """Whether two different edits overlap or meet, so that their order would matter."""
        return self != other and self.start <= other.end and other.start <= self.end


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The edited text. Insertions at one offset keep their order.

    Raises `Unfixable` if edits overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < done:
            raise Unfixable("its edits overlap")
        parts += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*parts, text[done:]))
