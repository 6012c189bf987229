"""What a CORS registration allows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi_lint import ir
from fastapi_lint.model.application import Middleware, Option
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.values import Literal
from fastapi_lint.rule import Context
from fastapi_lint.walk import walk

_EVERY_ORIGIN = re.compile(
    r"\^?\(?(?:(?:\?:)?https?\??(?:\|https?)*\)?(?::?\\?/\\?/)?)?"
    r"\(?(?:\.\*|\.\+|\[\^/\][*+]|\\S[*+]|\[\\s\\S\][*+])\??\)?"
    r"(?:\(?(?:\?:)?:(?:\\d\+|\[0-9\]\+)\)?\??)?\$?"
)


@dataclass(frozen=True)
class Wildcard:
    """A registration that lets every origin in. `source` says by which argument."""

    source: str
    in_production: bool
    credentials: bool


def wildcard(middleware: Middleware, context: Context) -> Wildcard | None:
    """How a registration lets every origin in, if it does."""
    if middleware.kind != "cors" or middleware.place.module.is_test:
        return None
    production = context.evaluator(production=True)
    anywhere = context.evaluator()
    if _star_is_ruled_out(middleware):
        return None
    source = _source(middleware, production) if middleware.in_production else None
    in_production = source is not None
    source = source or _source(middleware, anywhere)
    if source is None:
        return None
    view = production if in_production else anywhere
    return Wildcard(source, in_production, _credentials(middleware, view))


def _source(middleware: Middleware, view: Evaluator) -> str | None:
    if (option := middleware.options.get("allow_origins")) is not None:
        values = view.evaluate(option.value, option.scope, option.at)
        if Literal("*") in values or Literal("*") in tuple(view.items(values)):
            return '`allow_origins` contains `"*"`'
    if (option := middleware.options.get("allow_origin_regex")) is not None:
        for value in view.evaluate(option.value, option.scope, option.at):
            pattern = value.value if isinstance(value, Literal) else None
            if isinstance(pattern, str) and _EVERY_ORIGIN.fullmatch(pattern):
                return f"`allow_origin_regex` matches every origin (`{pattern}`)"
    return None


def _credentials(middleware: Middleware, view: Evaluator) -> bool:
    option = middleware.options.get("allow_credentials")
    if option is None or _depends_on_origins(option):
        return False
    return Literal(True) in view.evaluate(option.value, option.scope, option.at)


def _star_is_ruled_out(middleware: Middleware) -> bool:
    """Whether the registration stands where an earlier `if "*" in origins` was false."""
    return any(
        part == ir.Constant("*", "str")
        for branch in middleware.scope.path_at(middleware.at)
        for test in branch.before
        for part in walk(test)
    )


def _depends_on_origins(option: Option) -> bool:
    """Whether credentials are computed from the origins, as in `"*" not in origins`."""
    return any(part == ir.Constant("*", "str") for part in walk(option.value))
