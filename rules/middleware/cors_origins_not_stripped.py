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

from fastapi_lint import ir
from fastapi_lint.model.application import Middleware
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.rule import Context, Finding, Rule, Severity

from ._cors import POSITIONS, elsewhere, is_live, sources
from ._settings import is_text


class CorsOriginsNotStripped(Rule):
    code = "FAL138"
    name = "cors-origins-not-stripped"
    severity = Severity.INFO
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        option = middleware.options.get("allow_origins")
        if not is_live(middleware) or option is None:
            return
        finder = Sources(context.application.program, context.evaluator(production=True))
        for source in sources(option, context):
            separator = _split(source, finder, context)
            if separator is not None:
                yield self.at(
                    middleware.place,
                    "the origins from the environment are split, but not stripped",
                    why=f"after `{separator} ` the next origin begins with a blank "
                    "and equals no `Origin` header",
                    help="use `[origin.strip() for origin in text.split(...) if origin.strip()]`",
                    related=elsewhere(middleware, source.place, "they are split here"),
                )
                return


def _split(source: Source, finder: Sources, context: Context, depth: int = 0) -> str | None:
    """The separator at which a text of the environment is split, if that is all that happens."""
    match source.node:
        case ir.Comprehension(_, ir.Name(name), ((ir.Name(element), iterated, _),)) if (
            name == element and depth < 3
        ):
            for inner in finder.of(iterated, source.scope, source.at):
                if (separator := _split(inner, finder, context, depth + 1)) is not None:
                    return separator
        case ir.Call(ir.Attribute(text, "split"), (ir.Constant(str() as separator), *_)) if (
            separator.strip() == separator
        ):
            for inner in finder.of(text, source.scope, source.at):
                if is_text(inner, context, of_environment=True):
                    return separator
    return None
