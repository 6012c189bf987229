"""What an expression can evaluate to, as far as reading the code tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from .. import ir
from . import scopes
from .scopes import Scope


@dataclass(frozen=True)
class Unknown:
    """Something that cannot be told."""


@dataclass(frozen=True)
class External:
    """A module, class, function or object outside the project, by its canonical dotted name."""

    name: str


@dataclass(frozen=True)
class ModuleValue:
    """A module of the project."""

    module: scopes.Module


@dataclass(frozen=True)
class Namespace:
    """A folder that acts as a namespace package."""

    folder: str


@dataclass(frozen=True)
class Unread:
    """What looks like a class, in a module that was not read (see `Reach.CLASSES`)."""

    path: str
    name: str


@dataclass(frozen=True)
class FunctionValue:
    function: scopes.Function


@dataclass(frozen=True)
class ClassValue:
    cls: scopes.Class


@dataclass(frozen=True)
class Method:
    """A function of the project bound to an object, or to its class."""

    function: scopes.Function
    owner: Value


@dataclass(frozen=True)
class Literal:
    """A constant; `scope` and `at` tell where it stands, and make no difference."""

    value: str | int | float | bool | None
    scope: Scope | None = field(default=None, compare=False, repr=False)
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Sequence:
    """A list, tuple or set: its item expressions, read in `scope` at `at`."""

    kind: str
    items: tuple[ir.Expr, ...]
    scope: Scope
    at: int


@dataclass(frozen=True)
class Mapping:
    node: ir.Dict
    scope: Scope
    at: int


@dataclass(frozen=True)
class LambdaValue:
    node: ir.Lambda
    scope: Scope
    at: int


@dataclass(frozen=True)
class Argument:
    """What a function's parameter receives, besides the arguments of the calls that were found."""

    function: scopes.Function
    param: ir.Parameter


@dataclass(frozen=True)
class Instance:
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


@dataclass(frozen=True)
class Generic:
    """A subscripted class: `Annotated[User, Depends(get_user)]`, `AsyncIterator[Session]`."""

    origin: Value
    args: tuple[ir.Expr, ...]
    scope: Scope
    at: int


@dataclass(frozen=True)
class Partial:
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
