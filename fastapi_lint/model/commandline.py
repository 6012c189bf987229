"""What the options of a command line are unless somebody gives them: of argparse and of click."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import ir
from .calls import keyword
from .scopes import Function, Scope
from .values import UNKNOWN, External, Instance, Literal, Value

if TYPE_CHECKING:
    from .evaluate import Evaluator
    from .program import Program

PARSED = "argparse.ArgumentParser().parse_args"
_CLICK = ("click.option", "click.decorators.option")
_FLAGS = {"store_true": False, "store_false": True}


def parsed(view: Evaluator, program: Program, arguments: Instance, name: str) -> Iterator[Value]:
    """An attribute of what `parse_args()` gives: the default of its option, or something else."""
    scope = arguments.scope
    for around in (scope, scope.module.scope) if scope is not None else ():
        for site in program.scope_sites(around).get("add_argument", ()):
            if _stores_in(site.call, name):
                yield from _default(view, site.call, site.scope, site.at)
    yield UNKNOWN


def given(view: Evaluator, function: Function, param: ir.Parameter) -> Iterator[Value]:
    """The default of the click option that a parameter of a command is given for."""
    for decorator in function.node.decorators:
        call, scope, at = decorator.value, function.parent, function.node.at
        if not isinstance(call, ir.Call) or ir.last_name(call.func) != "option":
            continue
        if _stores_in(call, param.name) and any(
            isinstance(value, External) and value.name in _CLICK
            for value in view.evaluate(call.func, scope, at)
        ):
            yield from _default(view, call, scope, at)


def _default(view: Evaluator, call: ir.Call, scope: Scope, at: int) -> Iterator[Value]:
    default, action = keyword(call, "default"), keyword(call, "action")
    if default is not None:
        yield from view.evaluate(default, scope, at)
    elif isinstance(action, ir.Constant) and action.value in _FLAGS:
        yield Literal(_FLAGS[str(action.value)], scope, at)


def _stores_in(call: ir.Call, name: str) -> bool:
    """Whether an option is stored under a name: `dest`, its first long spelling, or a bare name."""
    destination = keyword(call, "dest")
    texts = [arg.value for arg in call.args if isinstance(arg, ir.Constant)]
    spelt = [text for text in texts if isinstance(text, str)]
    if isinstance(destination, ir.Constant):
        return destination.value == name
    bare = [text for text in spelt if not text.startswith("-")]
    long = [text for text in spelt if text.startswith("--")]
    return bool(bare or long) and (bare or long)[0].lstrip("-").replace("-", "_") == name
