"""
CORS origins from the environment are split, but the blanks around them stay.

## Why

`CORS_ORIGINS="https://a.example, https://b.example"` is what people write. Split at the comma, the
second entry begins with a blank, equals no `Origin` header, and that front end is refused. Nothing
says so: the application starts, and the first origin works.

## Bad

```python
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=os.environ["CORS_ORIGINS"].split(","))
```

## Good

```python
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

origins = [origin.strip() for origin in os.environ["CORS_ORIGINS"].split(",")]

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[origin for origin in origins if origin])
```

## References

- https://www.starlette.io/middleware/#corsmiddleware
- https://docs.python.org/3/library/stdtypes.html#str.split
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Fix
from fastapi_lint.model.application import Middleware
from fastapi_lint.model.calls import results
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity

from ._cors import POSITIONS, elsewhere, is_live, sources
from ._settings import is_text, parsers


class CorsOriginsNotStripped(Rule):
    code = "FAL138"
    name = "cors-origins-not-stripped"
    severity = Severity.INFO
    fix = Fixability.SAFE
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        option = middleware.options.get("allow_origins")
        if not is_live(middleware) or option is None:
            return
        finder = Sources(context.application.program, context.evaluator(production=True))
        for source in sources(option, context):
            split = _split(source, finder, context) or _parsed(source, finder, context)
            if split is not None:
                source = split.source
                yield self.at(
                    middleware.place,
                    "the origins from the environment are split, but not stripped",
                    why=f"after `{split.separator} ` the next origin begins with a blank "
                    "and equals no `Origin` header",
                    help="use `[origin.strip() for origin in text.split(...) if origin.strip()]`",
                    related=elsewhere(middleware, source.place, "they are split here"),
                    fix=_strip(split),
                )
                return


class _Split(msgspec.Struct, frozen=True):
    """A text that is split: by which call, and the list comprehension that only goes over it."""

    separator: str
    call: ir.Call
    around: ir.Comprehension | None
    source: Source


def _parsed(source: Source, finder: Sources, context: Context) -> _Split | None:
    """How the validator of a field splits the text of the environment."""
    for function, name in parsers(source, context):
        for node, at in results(function):
            given = Source(node, function.scope, at)
            if (split := _split(given, finder, context, text_name=name)) is not None:
                return split
    return None


def _split(
    source: Source,
    finder: Sources,
    context: Context,
    depth: int = 0,
    text_name: str | None = None,
) -> _Split | None:
    """How a text of the environment is split, if that is all that happens.

    `text_name` is a variable that is known to hold such a text.
    """
    match source.node:
        case ir.Comprehension(kind, ir.Name(name), ((ir.Name(element), iterated, _),)) if (
            name == element and depth < 3
        ):
            for inner in finder.of(iterated, source.scope, source.at):
                split = _split(inner, finder, context, depth + 1, text_name)
                if split is not None:
                    is_direct = kind == "list" and split.call is iterated
                    return replace(split, around=source.node) if is_direct else split
        case ir.Call(ir.Attribute(text, "split"), (ir.Constant(str() as separator), *_)) if (
            separator.strip() == separator
        ):
            for inner in finder.of(text, source.scope, source.at):
                if inner.node == ir.Name(text_name or "") or is_text(
                    inner, context, of_environment=True
                ):
                    return _Split(separator, source.node, None, source)
    return None


def _strip(split: _Split) -> Fix:
    around, source = split.around, split.source

    def recipe(edit: Editor) -> None:
        there = edit.of(source.scope.module)
        if around is None:
            there.wrap(split.call.at, "[origin.strip() for origin in ", "]")
        else:
            name = ir.last_name(around.element)
            there.replace_word(
                there.part(source.at, around), f"[{name} for ", f"[{name}.strip() for "
            )

    return Fix.safe("Strip each origin", recipe)
