"""What a CORS registration allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from fastapi_lint import ir
from fastapi_lint.fix import Editor, Recipe
from fastapi_lint.model.application import Middleware, Option, Place, Router
from fastapi_lint.model.calls import keyword
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.middleware.refusals import own_answers
from fastapi_lint.model.middleware.wrapping import layer_of
from fastapi_lint.model.scopes import Function, Scope
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.model.values import ClassValue, External, Instance, Literal, Mapping
from fastapi_lint.rule import Context
from fastapi_lint.walk import walk, walk_all

from ._origins import matches_every

POSITIONS = frozenset({"add_middleware", "Middleware", "CORSMiddleware"})
"""The calls at which the rules about CORS report."""

_EVERY_ORIGIN = re.compile(
    r"\^?\(?(?:(?:\?:)?https?\??(?:\|https?)*\)?(?::?\\?/\\?/)?)?"
    r"\(?(?:\.\*|\.\+|\[\^/\][*+]|\\S[*+]|\[\\s\\S\][*+])\??\)?"
    r"(?:\(?(?:\?:)?:(?:\\d\+|\[0-9\]\+)\)?\??)?\$?"
)
_SHORT = 45
"""Up to how many characters the items of a list are kept on one line."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_ASK_NOBODY = (
    "starlette.middleware.gzip.GZipMiddleware",
    "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware",
)
_SIGNS_OF_AUTH = re.compile(
    r"authorization|api[-_]?key|cookie|token|session|jwt|password|login|credential", re.IGNORECASE
)


class Wildcard(msgspec.Struct, frozen=True):
    """A registration that lets every origin in. `source` says by which argument, `place` where the
    wildcard stands if that is not the registration itself."""

    source: str
    place: Place | None
    in_production: bool
    credentials: bool

    @property
    def related(self) -> tuple[tuple[Place, str], ...]:
        return ((self.place, "the wildcard stands here"),) if self.place is not None else ()


class Text(msgspec.Struct, frozen=True):
    """A string that a registration uses, and where it stands, if that is known."""

    value: str
    scope: Scope | None
    at: int

    @property
    def place(self) -> Place | None:
        return Place(self.scope.module, self.at) if self.scope is not None else None


def is_live(middleware: Middleware) -> bool:
    """Whether a registration is one of CORS in code that runs in production."""
    return (
        middleware.kind == "cors"
        and middleware.in_production
        and not middleware.place.module.is_test
    )


def elsewhere(
    middleware: Middleware, place: Place | None, text: str
) -> tuple[tuple[Place, str], ...]:
    """A related place, unless it is in the registering statement itself."""
    own = (middleware.place.module, middleware.at)
    if place is None or (place.module, place.at) == own:
        return ()
    return ((place, text),)


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
    text, found = source
    place = next((place for place, _ in elsewhere(middleware, found, "")), None)
    return Wildcard(text, place, in_production, _credentials(middleware, view))


def _source(middleware: Middleware, view: Evaluator) -> tuple[str, Place | None] | None:
    if (option := middleware.options.get("allow_origins")) is not None:
        for text in texts(option, view):
            if text.value == "*":
                return '`allow_origins` contains `"*"`', text.place
    for text in patterns(middleware, view):
        if _EVERY_ORIGIN.fullmatch(text.value) or matches_every(text.value):
            return f"`allow_origin_regex` matches every origin (`{text.value}`)", text.place
    return None


def texts(option: Option, view: Evaluator, *, items_only: bool = False) -> Iterator[Text]:
    """The known strings of an option: itself, and the items of its list."""
    values = view.evaluate(option.value, option.scope, option.at)
    for value in (*(() if items_only else values), *view.items(values)):
        if isinstance(value, Literal) and isinstance(value.value, str):
            yield Text(value.value, value.scope, value.at)


def patterns(middleware: Middleware, view: Evaluator) -> Iterator[Text]:
    """The known regular expressions of `allow_origin_regex`."""
    if (option := middleware.options.get("allow_origin_regex")) is None:
        return
    for value in view.evaluate(option.value, option.scope, option.at):
        match value:
            case Literal(str() as pattern):
                yield Text(pattern, value.scope, value.at)
            case Instance(External("re.compile"), call, scope, at) if call and scope and call.args:
                inner = Option(call.args[0], scope, at, Place(scope.module, at))
                for compiled in view.evaluate(inner.value, inner.scope, inner.at):
                    if isinstance(compiled, Literal) and isinstance(compiled.value, str):
                        yield Text(compiled.value, compiled.scope, compiled.at)


def formatted(middleware: Middleware, context: Context) -> Iterator[Text]:
    """The expressions of `allow_origin_regex` that are f-strings of known parts."""
    if (option := middleware.options.get("allow_origin_regex")) is None:
        return
    view = context.evaluator(production=True)
    for source in sources(option, context):
        if isinstance(source.node, ir.Format):
            found = [_known(part, source, view) for part in source.node.parts]
            known = [text for text in found if text is not None]
            if len(known) == len(found):
                yield Text("".join(known), source.scope, source.at)


def _known(part: ir.Expr, source: Source, view: Evaluator) -> str | None:
    """A part of an f-string: its text (a backslash may be written twice), or the one value."""
    if isinstance(part, ir.Constant):
        return str(part.value).replace("\\\\", "\\")
    values = view.evaluate(part, source.scope, source.at)
    if len(values) == 1 and isinstance(values[0], Literal) and isinstance(values[0].value, str):
        return values[0].value
    return None


def names(option: Option, view: Evaluator) -> list[str] | None:
    """The strings of a list of names, in lower case; `None` if they cannot all be told."""
    values = view.evaluate(option.value, option.scope, option.at)
    found = []
    for value in values if any(isinstance(v, Literal) for v in values) else view.items(values):
        if not isinstance(value, Literal) or not isinstance(value.value, str):
            return None
        found.append(value.value.lower())
    return found


def is_complete(middleware: Middleware, view: Evaluator) -> bool:
    """Whether all arguments of a registration can be told, none hidden in `**options`."""
    for item in middleware.call.keywords:
        if item.name is None:
            values = view.evaluate(item.value, middleware.scope, middleware.at)
            if not all(isinstance(v, Mapping) and None not in dict(v.node.items) for v in values):
                return False
    is_project_class = not isinstance(middleware.target, External)
    return not is_project_class and not any(isinstance(a, ir.Starred) for a in middleware.call.args)


def with_names(middleware: Middleware, argument: str, added: Iterable[str]) -> Recipe | None:
    """Add names to a list that is written out in a registration; `None` if it stands elsewhere."""
    written = keyword(middleware.call, argument)
    is_list = isinstance(written, ir.Display) and written.kind == "list"
    if argument in middleware.options and not is_list:
        return None
    names, at = tuple(added), middleware.call.at

    def recipe(edit: Editor) -> None:
        texts = [edit.quoted(name) for name in names]
        if is_list:
            edit.append_items(edit.value(at, argument), *texts)
        elif sum(map(len, texts)) > _SHORT:
            lines = "".join(f"    {text},\n" for text in texts)
            edit.set_keyword(at, argument, f"[\n{lines}]")
        else:
            edit.set_keyword(at, argument, f"[{', '.join(texts)}]")

    return recipe


def sources(option: Option, context: Context) -> tuple[Source, ...]:
    """The expressions by which an option was written."""
    finder = Sources(context.application.program, context.evaluator(production=True))
    return finder.of(option.value, option.scope, option.at)


def app_of(middleware: Middleware, context: Context) -> Router | None:
    """The application that a middleware is registered on."""
    return next((app for app in context.application.apps if middleware in app.middleware), None)


def is_selective(middleware: Middleware, context: Context) -> bool:
    """Whether a registered class of the project applies CORS to some requests only.

    Its `__call__` then hands the others on to `self.app` by itself.
    """
    if not isinstance(middleware.target, ClassValue):
        return False
    method = context.evaluator().find_method(middleware.target.cls, "__call__")
    return method is not None and any(
        isinstance(part, ir.Call)
        and isinstance(part.func, ir.Attribute)
        and part.func.attr == "app"
        and isinstance(part.func.value, ir.Name)
        for part in walk_all(method.body)
    )


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


def is_public(middleware: Middleware, context: Context) -> bool:
    """Whether a registration is on an application that only gives, and gives to everybody."""
    app = app_of(middleware, context)
    if app is None:
        return False
    routes = [route for route, _ in app.reachable(mounts=True)]
    return (
        bool(routes)
        and all(
            not route.is_websocket
            and route.endpoint is not None
            and set(route.methods or ("?",)) <= _READS
            and not _may_ask_who(route.endpoint)
            and not any(
                context.application.summaries.denial(step.value) is not None
                or (step.function is not None and _may_ask_who(step.function))
                for step in context.application.graph.steps(route)
            )
            for route in routes
        )
        and all(_lets_through(other, context) for other in app.middleware if other.kind != "cors")
        and all(mount.app is not None for mount in app.mounts)
    )


def _lets_through(middleware: Middleware, context: Context) -> bool:
    """Whether a middleware turns nobody away."""
    if isinstance(middleware.target, External) and middleware.target.name in _ASK_NOBODY:
        return True
    layer = layer_of(middleware, context.application)
    return layer is not None and all(
        answer.status is not None and answer.status < 400
        for answer in own_answers(layer, context.evaluator())
    )


def _may_ask_who(function: Function) -> bool:
    """Whether a function's names or texts speak of credentials."""
    words = [param.name for param in function.node.params]
    for part in walk_all(function.body):
        match part:
            case ir.Constant(str() as word, _) | ir.Attribute(_, word) | ir.Name(word):
                words.append(word)
            case ir.Constant(401 | 403):
                return True
    return any(_SIGNS_OF_AUTH.search(word) for word in words)
