"""What an expression can evaluate to, as far as reading the code tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from .. import ir
from . import scopes
from .scopes import Scope


class Unknown(msgspec.Struct, frozen=True):
    """Something that cannot be told."""


class External(msgspec.Struct, frozen=True):
    """A module, class, function or object outside the project, by its canonical dotted name."""

    name: str


class ModuleValue(msgspec.Struct, frozen=True):
    """A module of the project."""

    module: scopes.Module


class Namespace(msgspec.Struct, frozen=True):
    """A folder that acts as a namespace package."""

    folder: str


class Unread(msgspec.Struct, frozen=True):
    """What looks like a class, in a module that was not read (see `Reach.CLASSES`)."""

    path: str
    name: str


class FunctionValue(msgspec.Struct, frozen=True):
    function: scopes.Function


class ClassValue(msgspec.Struct, frozen=True):
    cls: scopes.Class


class Method(msgspec.Struct, frozen=True):
    """A function of the project bound to an object, or to its class."""

    function: scopes.Function
    owner: Value


@dataclass(frozen=True)
class Literal:
    """A constant; `scope` and `at` tell where it stands, and make no difference."""

    value: str | int | float | bool | None
    scope: Scope | None = field(default=None, compare=False, repr=False)
    at: int = field(default=0, compare=False, repr=False)


class Sequence(msgspec.Struct, frozen=True):
    """A list, tuple or set: its item expressions, read in `scope` at `at`."""

    kind: str
    items: tuple[ir.Expr, ...]
    scope: Scope
    at: int


class Mapping(msgspec.Struct, frozen=True):
    node: ir.Dict
    scope: Scope
    at: int


class LambdaValue(msgspec.Struct, frozen=True):
    node: ir.Lambda
    scope: Scope
    at: int


class Argument(msgspec.Struct, frozen=True):
    """What a function's parameter receives, besides the arguments of the calls that were found."""

    function: scopes.Function
    param: ir.Parameter


class Instance(msgspec.Struct, frozen=True, eq=False):
    """An object made by calling `cls`, identified by the call; `call` is `None` for `self`."""

    cls: Value
    call: ir.Call | None
    scope: Scope | None
    at: int

    @property
    def site(self) -> tuple[str, int] | None:
        """File and ordinal of the call that made the object."""
        if self.call is None or self.scope is None:
            return None
        return self.scope.module.path, self.call.at

    def __hash__(self) -> int:
        return hash((self.cls, id(self.call)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instance) and self.cls == other.cls and self.call is other.call


class Generic(msgspec.Struct, frozen=True):
    """A subscripted class: `Annotated[User, Depends(get_user)]`, `AsyncIterator[Session]`."""

    origin: Value
    args: tuple[ir.Expr, ...]
    scope: Scope
    at: int


class Partial(msgspec.Struct, frozen=True):
    """`functools.partial(callee, ...)`."""

    callee: Value
    call: ir.Call
    scope: Scope
    at: int


Value: TypeAlias = (
    Unknown
    | External
    | ModuleValue
    | Namespace
    | Unread
    | FunctionValue
    | ClassValue
    | Method
    | Literal
    | Sequence
    | Mapping
    | LambdaValue
    | Argument
    | Instance
    | Generic
    | Partial
)

UNKNOWN = Unknown()


def without_parameters(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values without the parameter through which they came, if anything else was found."""
    return tuple(value for value in values if not isinstance(value, Argument)) or values
