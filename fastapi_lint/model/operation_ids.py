"""The ids that the operations of an application have in its OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .. import ir
from .application import Include, Option, Place, Route, Router, Served
from .calls import keyword, results
from .documented import is_shown
from .evaluate import Evaluator
from .program import Site
from .scopes import are_exclusive
from .values import FunctionValue, LambdaValue, Literal, Value

_FUNCTION = "generate_unique_id_function"
_METHODS = frozenset({"lower", "upper", "title", "capitalize", "strip"})


class Operation(msgspec.Struct, frozen=True):
    """A documented route; `id` is `None` where it is not known what id its operations have, and
    `is_given` tells that the route itself says it."""

    served: Served
    id: str | None
    is_given: bool

    @property
    def route(self) -> Route:
        return self.served.route

    @property
    def is_in_tests(self) -> bool:
        """Whether a test makes or includes it."""
        return any(site.module.is_test for site in self._sites)

    @property
    def methods(self) -> int:
        """For how many methods the route is, as far as that is known."""
        return len(set(self.route.methods or ()))

    @property
    def _sites(self) -> tuple[Site, ...]:
        return (*[step.site for step in self.served.through], self.route.site)

    def excludes(self, other: Operation) -> bool:
        """Whether two need not both be registered on one application: they part at one statement,
        which has a choice of routers, or stand in different branches of one `if`."""
        parting = next(self._partings(other), None)
        return (
            parting is None
            or parting[0] is parting[1]
            or any(
                one.scope is two.scope and are_exclusive(one.path, two.path)
                for one in self._sites
                for two in other._sites
            )
        )

    def _partings(self, other: Operation) -> Iterator[tuple[Site, Site]]:
        """Where the ways to two routes differ."""
        mine, others = self.served, other.served
        ways = zip((*mine.through, mine.route), (*others.through, others.route), strict=False)
        for one, two in ways:
            if one is not two:
                yield one.site, two.site

    def repeats(self, other: Operation) -> Site | None:
        """The later `include_router` through which the same route comes, if it comes twice."""
        if self.route is not other.route:
            return None
        return next((one for one, _ in self._partings(other)), None)


def operations(app: Router, view: Evaluator) -> Iterator[Operation]:
    """What the document of an application shows; nothing if it has none."""
    address = app.options.get("openapi_url")
    if address is not None and not is_shown(address.value):
        return
    for served in app.served(mounts=False):
        if _is_documented(app, served):
            is_given = keyword(served.route.site.call, "operation_id") is not None
            yield Operation(served, _Ids(app, served, view).id(), is_given)


def _is_documented(app: Router, served: Served) -> bool:
    route = served.route
    calls = [route.site.call, *[step.site.call for step in served.through]]
    owners = [app, *[step.child for step in served.through if isinstance(step, Include)]]
    options = [owner.options.get("include_in_schema") for owner in owners]
    return not (route.is_websocket or route.is_plain) and all(
        is_shown(value)
        for value in (
            *[keyword(call, "include_in_schema") for call in calls],
            *[option.value for option in options if option is not None],
        )
    )


class _Ids:
    """Tells the id of one route."""

    def __init__(self, app: Router, served: Served, view: Evaluator) -> None:
        self._app = app
        self._served = served
        self._route = served.route
        self._eval = view

    def id(self) -> str | None:
        """The id that the route gives, or that a function makes for it."""
        site = self._route.site
        if (given := keyword(site.call, "operation_id")) is not None:
            return self._text(given)
        if any(k.name is None for k in site.call.keywords):
            return None
        option = self._nearest(_FUNCTION)
        if option is None:
            return self._usual()
        made = [self._made(value) for value in self._evaluated(option)]
        return made[0] if len(made) == 1 else None

    def _usual(self) -> str | None:
        """What FastAPI's own function makes."""
        name, path, methods = self._name(), self._served.path, set(self._route.methods or ())
        if name is None or path is None or len(methods) != 1:
            return None
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", path)
        return re.sub(r"\W", "_", f"{name}{path}") + f"_{methods.pop().lower()}"

    def _made(self, value: Value) -> str | None:
        """What a function of the project makes that does nothing but return a text."""
        match value:
            case FunctionValue(function) if len(function.node.params) == 1:
                made = [node for node, _ in results(function)]
                plain = all(
                    isinstance(node, (ir.Return, ir.Expression, ir.Jump)) for node in function.body
                )
                return self._part(made[0], function.node.params[0].name) if plain and made else None
            case LambdaValue(ir.Lambda((param,), body)):
                return self._part(body, param.name)
        return None

    def _part(self, node: ir.Expr, route: str) -> str | None:
        """The text that an expression makes of the route, its parameter."""
        match node:
            case ir.Constant(str() as text):
                return text
            case ir.Attribute(ir.Name(owner), "name") if owner == route:
                return self._name()
            case ir.Attribute(ir.Name(owner), "path" | "path_format") if owner == route:
                return self._served.path
            case ir.Subscript(ir.Attribute(ir.Name(owner), "tags"), (ir.Constant(0),)):
                return self._first_tag() if owner == route else None
            case ir.Call(ir.Attribute(inner, method), (), ()) if method in _METHODS:
                made = self._part(inner, route)
                return str(getattr(made, method)()) if made is not None else None
            case ir.Call(ir.Name("str"), (inner,), ()):
                return self._part(inner, route)
            case ir.Format(parts) | ir.Operation("+", parts):
                made_of = [self._part(part, route) for part in parts]
                return None if None in made_of else "".join(filter(None, made_of))
        return None

    def _name(self) -> str | None:
        given = keyword(self._route.site.call, "name")
        if given is not None:
            return self._text(given)
        return self._route.endpoint.name if self._route.endpoint is not None else None

    def _first_tag(self) -> str | None:
        for option in self._options("tags"):
            values = self._evaluated(option)
            tags = tuple(self._eval.items(values))
            if len(values) != 1 or not all(isinstance(tag, Literal) for tag in tags):
                return None
            if tags and isinstance(tags[0], Literal):
                return str(tags[0].value)
        return None

    def _nearest(self, name: str) -> Option | None:
        return next(iter([*self._options(name)][::-1]), None)

    def _options(self, name: str) -> Iterator[Option]:
        """The values of an option of the application, of routers, their includes, and the route,
        the outermost first."""
        if name in self._app.options:
            yield self._app.options[name]
        for step in self._served.through:
            yield from _given(step.site, name)
            if isinstance(step, Include) and name in step.child.options:
                yield step.child.options[name]
        yield from _given(self._route.site, name)

    def _evaluated(self, option: Option) -> tuple[Value, ...]:
        return self._eval.evaluate(option.value, option.scope, option.at)

    def _text(self, node: ir.Expr) -> str | None:
        site = self._route.site
        values = self._eval.evaluate(node, site.scope, site.at)
        if len(values) == 1 and isinstance(values[0], Literal) and isinstance(values[0].value, str):
            return values[0].value
        return None


def _given(site: Site, name: str) -> Iterator[Option]:
    value = keyword(site.call, name)
    if value is not None:
        yield Option(value, site.scope, site.at, Place(site.module, site.at))
