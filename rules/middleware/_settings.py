"""Texts from the environment and fields of settings, as values for middleware."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from fastapi_lint import ir
from fastapi_lint.model.application import Place
from fastapi_lint.model.evaluate import Evaluator
from fastapi_lint.model.scopes import Class, Function, decorator_name
from fastapi_lint.model.sources import Source, Sources
from fastapi_lint.model.values import ClassValue, External, FunctionValue, Generic, Instance
from fastapi_lint.rule import Context
from fastapi_lint.walk import walk

_GETENV = frozenset({"os.getenv", "os.environ.get"})
_CONFIGS = frozenset({"decouple.config", "starlette.config.Config"})
_VALIDATORS = ("validator", "field_validator", "model_validator", "root_validator")
_SETTINGS = ("pydantic_settings.BaseSettings",)
_LISTS = ("list", "set", "tuple", "sequence", "iterable", "frozenset")
_URLS = frozenset({"AnyHttpUrl", "HttpUrl", "AnyUrl", "AnyWebsocketUrl"})
_TEXT_METHODS = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "replace", "removesuffix", "removeprefix"}
)


def is_text(source: Source, context: Context, *, of_environment: bool = False) -> bool:
    """Whether an expression gives a string; if asked, one that is read from the environment."""
    view = context.evaluator(production=True)
    match source.node:
        case ir.Constant(str(), kind):
            if of_environment:
                cls = source.scope.owner
                return isinstance(cls, Class) and _is_field(cls, source.node, view)
            return kind == "str" and _is_plain(source)
        case ir.Format():
            return not of_environment
        case ir.Call(func, _, keywords):
            if isinstance(func, ir.Attribute) and func.attr in _TEXT_METHODS:
                return _is_changed_text(func, source, context, of_environment)
            if isinstance(func, ir.Attribute) and func.attr == "join":
                return not of_environment and isinstance(func.value, ir.Constant)
            if ir.last_name(func) == "Field" and isinstance(source.scope.owner, Class):
                return _is_text_field(source.scope.owner, source.node, view, of_environment)
            if any(item.name in ("cast", None) for item in keywords):
                return False
            return any(_is_reader(value) for value in view.evaluate(func, source.scope, source.at))
        case ir.Subscript():
            values = view.evaluate(source.node, source.scope, source.at)
            return any(v == External("os.environ") for v in _origins(values))
        case ir.Attribute(owner, name):
            for value in view.evaluate(owner, source.scope, source.at):
                if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
                    return _is_declared_text(value.cls.cls, name, view, of_environment)
    return False


def _is_changed_text(
    method: ir.Attribute, source: Source, context: Context, of_environment: bool
) -> bool:
    """The same for `text.strip()` and the like; `replace` may take the blanks out of a list."""
    finder = Sources(context.application.program, context.evaluator(production=True))
    texts = finder.of(method.value, source.scope, source.at)
    if of_environment:
        return method.attr != "replace" and any(
            is_text(text, context, of_environment=True) for text in texts
        )
    return all(is_text(text, context) for text in texts)


def _origins(values: Iterable[object]) -> Iterator[object]:
    return (value.origin for value in values if isinstance(value, Generic))


def _is_reader(value: object) -> bool:
    match value:
        case External(name) | Instance(External(name)):
            return name in _GETENV or name in _CONFIGS
    return False


def _is_plain(source: Source) -> bool:
    """Whether a constant stays what it is: no default that a model's field converts."""
    cls = source.scope.owner
    if not isinstance(cls, Class):
        return True
    for node, name in _assigned(cls):
        if node.value is source.node:
            return (node.annotation is None or _says_text(node.annotation)) and not is_converted(
                cls, name
            )
    return False


def _is_field(cls: Class, value: ir.Expr, view: Evaluator) -> bool:
    return view.is_a(ClassValue(cls), *_SETTINGS) and _is_text_field(cls, value, view, True)


def _is_text_field(cls: Class, value: ir.Expr, view: Evaluator, of_environment: bool) -> bool:
    return any(
        node.value is value and _is_declared_text(cls, name, view, of_environment)
        for node, name in _assigned(cls)
    )


def _is_declared_text(cls: Class, name: str, view: Evaluator, of_environment: bool) -> bool:
    if of_environment and not view.is_a(ClassValue(cls), *_SETTINGS):
        return False
    for current in view.mro(cls):
        for node, found in _assigned(current):
            if found == name:
                return (
                    node.annotation is not None
                    and _says_text(node.annotation)
                    and not is_converted(cls, name)
                )
    return False


def _assigned(cls: Class) -> Iterator[tuple[ir.Assign, str]]:
    for node in cls.node.body:
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.Name):
                    yield node, target.id


def _says_text(annotation: ir.Expr) -> bool:
    """Whether an annotation is `str`, `str | None` or `Optional[str]`."""
    names = {ir.last_name(part) for part in walk(annotation)} - {None}
    return "str" in names and names <= {"str", "Optional", "Final", "ClassVar", "typing"}


def is_converted(cls: Class, name: str, *, after: bool = False) -> bool:
    """Whether a validator of the class may change a field; `after`: only those of parsed values."""
    for method in cls.methods():
        for decorator in method.node.decorators:
            if decorator_name(decorator) not in _VALIDATORS:
                continue
            parts = tuple(walk(decorator.value))
            if after and any(_runs_before(part) for part in parts):
                continue
            fields = [p.value for p in parts if isinstance(p, ir.Constant)]
            if name in fields or "*" in fields or decorator_name(decorator) in _VALIDATORS[2:]:
                return True
    return False


def parsers(source: Source, context: Context) -> Iterator[tuple[Function, str]]:
    """The functions that a field of settings gives its text to before it is parsed, each with the
    name of the parameter for it; `source` is the field's default, or reads the field."""
    view = context.evaluator(production=True)
    for cls, name in _fields(source, view):
        if not view.is_a(ClassValue(cls), *_SETTINGS):
            continue
        for method in cls.methods():
            if any(_parses(decorator.value, name) for decorator in method.node.decorators):
                yield from _with_parameter(method, 1)
        for node, found in _assigned(cls):
            for part in walk(node.annotation) if found == name else ():
                if isinstance(part, ir.Call) and ir.last_name(part.func) == "BeforeValidator":
                    for value in view.evaluate(
                        part.args[0] if part.args else None, cls.parent, node.at
                    ):
                        if isinstance(value, FunctionValue):
                            yield from _with_parameter(value.function, 0)


def _with_parameter(function: Function, index: int) -> Iterator[tuple[Function, str]]:
    for param in function.node.params[index : index + 1]:
        yield function, param.name


def _parses(decorator: ir.Expr, name: str) -> bool:
    """Whether a decorator makes a function the parser of a field."""
    is_validator = isinstance(decorator, ir.Call) and (
        ir.last_name(decorator.func) in _VALIDATORS[:2]
    )
    return (
        is_validator
        and _runs_before(decorator)
        and any(isinstance(part, ir.Constant) and part.value == name for part in walk(decorator))
    )


def _fields(source: Source, view: Evaluator) -> Iterator[tuple[Class, str]]:
    """The field that an expression reads, or whose default it is."""
    owner = source.scope.owner
    if isinstance(source.node, ir.Attribute):
        for value in view.evaluate(source.node.value, source.scope, source.at):
            if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
                yield value.cls.cls, source.node.attr
    elif isinstance(owner, Class):
        for node, name in _assigned(owner):
            if node.value is source.node:
                yield owner, name


def _runs_before(part: ir.Expr) -> bool:
    return isinstance(part, ir.Call) and any(
        (item.name == "mode" and item.value == ir.Constant("before", "str"))
        or (item.name == "pre" and getattr(item.value, "value", None) is True)
        for item in part.keywords
    )


class Urls(msgspec.Struct, frozen=True):
    """A field with a list of pydantic's URLs; `is_text` tells that `str()` was applied to each,
    and `conversion` where that call stands."""

    name: str
    is_text: bool
    place: Place
    conversion: Place | None = None


def urls(found: Iterable[Source], context: Context) -> Iterator[Urls]:
    """The lists of URL objects that expressions give to somebody who compares texts."""
    for source in found:
        node, converted, conversion = source.node, False, None
        match node:
            case ir.Comprehension(
                "list" | "tuple" | "set" | "generator", element, ((name, it, _),)
            ):
                converted = element == ir.Call(ir.Name("str"), (name,), (), _at(element))
                if converted:
                    conversion = Place(source.scope.module, _at(element))
                elif element != name:
                    continue
                node = it
            case ir.Call(ir.Name("map"), (ir.Name("str"), it), _):
                node, converted = it, True
        if isinstance(node, ir.Attribute):
            for value in context.evaluator(production=True).evaluate(
                node.value, source.scope, source.at
            ):
                if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
                    for field in _url_field(value.cls.cls, node.attr, converted, context):
                        yield replace(field, conversion=conversion)
        elif isinstance(node, (ir.Call, ir.Display)) and source.scope.kind == "class":
            yield from _url_default(source, converted, context)


def _at(node: ir.Expr) -> int:
    return node.at if isinstance(node, ir.Call) else -1


def _url_default(source: Source, converted: bool, context: Context) -> Iterator[Urls]:
    """The field whose default an expression in a class is."""
    cls = source.scope.owner
    if isinstance(cls, Class):
        for node, name in _assigned(cls):
            if node.value is source.node:
                yield from _url_field(cls, name, converted, context)


def _items(annotation: ir.Expr) -> Iterator[ir.Expr]:
    """The URL classes of which an annotation makes a list, where no item may be a plain string."""
    for part in walk(annotation):
        if isinstance(part, ir.Subscript) and (ir.last_name(part.value) or "").lower() in _LISTS:
            names = {ir.last_name(inner) for index in part.index for inner in walk(index)}
            if "str" not in names:
                yield from (
                    inner
                    for index in part.index
                    for inner in walk(index)
                    if ir.last_name(inner) in _URLS
                )


def _url_field(cls: Class, name: str, converted: bool, context: Context) -> Iterator[Urls]:
    view = context.evaluator(production=True)
    for current in view.mro(cls):
        for node, found in _assigned(current):
            if found != name or node.annotation is None:
                continue
            has_urls = any(
                isinstance(value, External) and value.name.startswith("pydantic.")
                for part in _items(node.annotation)
                for value in view.evaluate(part, current.scope, node.at)
            )
            modern = context.targets(current.module).pydantic.at_least("2")
            validates = view.is_a(ClassValue(cls), *_SETTINGS)
            if has_urls and modern and validates and not is_converted(cls, name, after=True):
                yield Urls(name, converted, Place(current.module, node.at))
            return
