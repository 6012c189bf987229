"""How is a lifespan written: where code of start-up and shutdown goes, and what it returns?"""

from __future__ import annotations

import msgspec

from fastapi_lint import ir
from fastapi_lint.fix import Editor
from fastapi_lint.model.flow import placed
from fastapi_lint.model.scopes import Function, Module
from fastapi_lint.walk import walk_all


class Around(msgspec.Struct, frozen=True):
    """The `yield` of a lifespan, what it gives, and where a `finally` directly around it begins."""

    at: int
    gives: ir.Expr | None
    final: int | None

    def before(self, edit: Editor, code: str) -> None:
        """Put statements at the end of the start-up."""
        edit.insert_before(self.at, code)

    def after(self, edit: Editor, code: str) -> None:
        """Put statements at the beginning of the shutdown."""
        if self.final is None:
            edit.insert_after(self.at, code)
        else:
            edit.insert_before(self.final, code)


def around(lifespan: Function) -> Around | None:
    """The place between start-up and shutdown; `None` unless there is one, on every path."""
    found = [part for part in walk_all(lifespan.body) if isinstance(part, ir.Yield)]
    for node, frames in placed(lifespan.body):
        if len(found) == 1 and isinstance(node, ir.Expression) and node.value is found[0]:
            if found[0].is_from or not all(frame.part in ("with", "body") for frame in frames):
                return None
            inner = frames[-1].node if frames else None
            final = inner.final[0].at if isinstance(inner, ir.Try) and inner.final else None
            return Around(node.at, found[0].value, final)
    return None


def iterator_of_nothing(edit: Editor, module: Module) -> str:
    """How to write `AsyncIterator[None]` in the file of an editor."""
    source = "typing" if _imports(module, "typing", "AsyncIterator") else "collections.abc"
    return f"{edit.import_name(source, 'AsyncIterator')}[None]"


def _imports(module: Module, source: str, name: str) -> bool:
    """Whether a module imports a name, under that name, from another one."""
    return any(
        isinstance(binding.source, ir.Import)
        and (binding.source.module, binding.source.name) == (source, name)
        for binding in module.scope.bindings.get(name, ())
    )


def dotted(node: ir.Expr) -> str:
    """A name or a chain of attributes as it is written; empty for anything else."""
    match node:
        case ir.Name(name):
            return name
        case ir.Attribute(value, name) if dotted(value):
            return f"{dotted(value)}.{name}"
    return ""
