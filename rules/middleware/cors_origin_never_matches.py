"""
A listed CORS origin that no browser ever sends.

## Why

Starlette compares the `Origin` header with the entries of `allow_origins` as they are written. A
browser sends scheme, host and, if it is not the default one, port: no path, no slash at the end, no
blanks, in lower case. An entry such as `https://app.example.com/`, `app.example.com` or
`https://*.example.com` therefore matches nothing, and the front end is refused with an error that
does not say why.

The same happens with `list[AnyHttpUrl]` of pydantic 2: its URLs equal no string, and `str(url)`
puts a slash behind a host.

The fix is unsafe where it cuts off a path, since the origin then lets all pages of the host read.
An entry without a scheme, or with a wildcard, is left to people.

## Bad

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com/"])
```

## Good

```python
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])
```

## References

- https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin
- https://www.starlette.io/middleware/#corsmiddleware
"""

from __future__ import annotations

from collections.abc import Iterator

from fastapi_lint import ir
from fastapi_lint.fix import Applicability, Editor, Fix
from fastapi_lint.model.application import Middleware
from fastapi_lint.model.calls import keyword
from fastapi_lint.rule import Context, Finding, Fixability, Rule, Severity
from fastapi_lint.walk import own_parts

from ._cors import POSITIONS, Text, elsewhere, is_live, sources, texts
from ._literals import literal, rewrite, statement_of
from ._origins import corrected, has_path, why_never
from ._settings import Urls, urls

_HELP = "write scheme, host and port as the browser shows them, such as `https://app.example.com`"


class CorsOriginNeverMatches(Rule):
    code = "FAL135"
    name = "cors-origin-never-matches"
    severity = Severity.WARNING
    fix = Fixability.MIXED
    positions = POSITIONS

    def check_middleware(self, middleware: Middleware, context: Context) -> Iterator[Finding]:
        option = middleware.options.get("allow_origins")
        if not is_live(middleware) or option is None:
            return
        reasons: dict[str, list[Text]] = {}
        for text in texts(option, context.evaluator(production=True), items_only=True):
            if text.value == "*":
                return
            if (reason := why_never(text.value)) is not None:
                reasons.setdefault(reason, []).append(text)
        for reason, found in reasons.items():
            shown = ", ".join(f"`{text.value}`" for text in found[:3])
            help = _HELP
            if any("*" in text.value for text in found):
                help = "use `allow_origin_regex` for hosts that vary"
            yield self.at(
                middleware.place,
                f"{shown} in `allow_origins` never {'match' if len(found) > 1 else 'matches'}",
                why=f"entries are compared with the `Origin` header as they are, and {reason}",
                help=help,
                related=elsewhere(middleware, found[0].place, "it stands here"),
                fix=_correct(found),
            )
        for field in urls(sources(option, context), context):
            yield self._urls(field, middleware, context)

    def _urls(self, field: Urls, middleware: Middleware, context: Context) -> Finding:
        pydantic = context.targets(middleware.place.module).pydantic
        how = (
            f"`str()` of a URL of {pydantic.label} puts a slash behind the host"
            if field.is_text
            else f"a URL of {pydantic.label} equals no string"
        )
        return self.at(
            middleware.place,
            f"the URLs of `{field.name}` in `allow_origins` never match",
            why=f"the `Origin` header is a string without a slash at its end, and {how}",
            help='use `[str(url).rstrip("/") for url in urls]`',
            related=elsewhere(middleware, field.place, "they are declared here"),
            fix=_convert(field, middleware),
        )


def _correct(found: list[Text]) -> Fix | None:
    """Write the entries as browsers send them. Where a path is cut off, a page more may read."""
    better = {text: corrected(text.value) for text in found}
    if None in better.values() or any(statement_of(text) is None for text in found):
        return None

    def recipe(edit: Editor) -> None:
        for text, origin in better.items():
            assert text.scope is not None
            assert origin is not None
            there = edit.of(text.scope.module)
            if _is_listed_beside(text, origin):
                there.delete(literal(there, text))
            else:
                rewrite(there, literal(there, text), origin)

    is_cut = any(has_path(text.value) for text in found)
    applicability = Applicability.UNSAFE if is_cut else Applicability.SAFE
    return Fix("Write it as browsers send it", applicability, recipe)


def _is_listed_beside(text: Text, origin: str) -> bool:
    """Whether an origin stands in the same list as a text."""
    statement = statement_of(text)
    wanted = {ir.Constant(text.value, "str"), ir.Constant(origin, "str")}
    return statement is not None and any(
        isinstance(part, ir.Display) and wanted.issubset(part.items)
        for part in own_parts(statement)
    )


def _convert(field: Urls, middleware: Middleware) -> Fix | None:
    """Compare texts without a slash at the end."""
    written, at = keyword(middleware.call, "allow_origins"), middleware.call.at
    conversion = field.conversion
    if conversion is not None:
        module, call = conversion.module, conversion.at

        def strip(edit: Editor) -> None:
            edit.of(module).wrap(call, "", '.rstrip("/")')

        return Fix.safe("Take the slash off", strip)
    if field.is_text or not isinstance(written, (ir.Name, ir.Attribute)):
        return None

    def make(edit: Editor) -> None:
        before = '[str(origin).rstrip("/") for origin in '
        edit.wrap(edit.value(at, "allow_origins"), before, "]")

    return Fix.safe("Make texts of them, without a slash", make)
