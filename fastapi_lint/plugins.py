"""Which rules do installed packages add? Nothing is ever imported from the analysed tree."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from .errors import UserError, suggestion
from .roots import is_inside
from .rule import Rule, Severity

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from importlib.metadata import EntryPoint

GROUP = "fastapi_lint.rules"
"""The group of entry points under which a package registers a module that holds rules."""

_CODE = re.compile(r"(?!FAL)[A-Z]{2,10}[0-9]{3,4}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")


class Plugins(msgspec.Struct, frozen=True):
    """The rules that were added, by code, and the files of the packages that they came from."""

    rules: tuple[Rule, ...] = ()
    files: tuple[str, ...] = ()


def load(names: Iterable[str], root: str, taken: Iterable[Rule]) -> Plugins:
    """The rules of the plugins `names`, whose codes and names must differ from those `taken`.

    A package is looked for where packages are installed, and nowhere in the analysed tree at `root`
    or in the working directory. Raises `UserError` for a plugin that is not installed, cannot be
    imported, or holds something else than rules.
    """
    names = tuple(dict.fromkeys(names))
    if not names:
        return Plugins()
    trees = (root, os.getcwd())
    with _installed_packages_only(trees) as path:
        points = {name: _entry_point(name, path) for name in names}
        modules = {name: _module(point, trees) for name, point in points.items()}
    owners = {word: "fastapi-lint" for rule in taken for word in (rule.code, rule.name)}
    found: dict[str, Rule] = {}
    for name, module in modules.items():
        for rule in _rules(name, module):
            for word in (rule.code, rule.name):
                if word in owners:
                    raise UserError(f"plugin `{name}`: `{word}` is a rule of {owners[word]}")
                owners[word] = f"plugin `{name}`"
            found[rule.code] = rule
    rules = tuple(found[code] for code in sorted(found))
    files = {file for module in modules.values() for file in _files(module.__name__)}
    return Plugins(rules, tuple(sorted(files)))


@contextmanager
def _installed_packages_only(trees: Iterable[str]) -> Iterator[list[str]]:
    """Take the folders that lie in the trees out of the import path, but not installed packages."""
    before = sys.path
    sys.path = [entry for entry in before if not _lies_in(entry, trees)]
    try:
        yield sys.path
    finally:
        sys.path = before


def _lies_in(path: str, trees: Iterable[str]) -> bool:
    real = os.path.realpath(path)
    homes = [*sysconfig.get_paths().values(), *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        homes.append(site.getusersitepackages())
    if any(is_inside(real, os.path.realpath(home)) for home in homes):
        return False
    return any(is_inside(real, os.path.realpath(tree)) for tree in trees)


def _entry_point(name: str, path: list[str]) -> EntryPoint:
    from importlib.metadata import distributions

    registered: dict[str, EntryPoint] = {}
    for distribution in distributions(path=path):
        for point in distribution.entry_points.select(group=GROUP):
            other = registered.setdefault(point.name, point)
            if point.name == name and other.value != point.value:
                raise UserError(
                    f"two installed packages register the plugin `{name}`: "
                    f"`{other.value}` and `{point.value}`"
                )
    if name not in registered:
        raise UserError(f"plugin `{name}` is not installed", suggestion(name, [*registered]))
    return registered[name]


def _module(point: EntryPoint, trees: Iterable[str]) -> ModuleType:
    """Import what an entry point names: a module, and nothing in it."""
    if point.attr or not point.module:
        raise UserError(
            f"plugin `{point.name}`: its entry point `{point.value}` does not name a module"
        )
    try:
        spec = importlib.util.find_spec(point.module.partition(".")[0])
        if spec is not None and any(_lies_in(place, trees) for place in _places(spec)):
            raise UserError(
                f"plugin `{point.name}` lies in the analysed tree, from which nothing is imported",
                "install it as a package, without -e",
            )
        return importlib.import_module(point.module)
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        raise UserError(
            f"plugin `{point.name}` cannot be imported: {type(error).__name__}: {error}"
        ) from error


def _places(spec: ModuleSpec) -> Iterator[str]:
    if spec.origin is not None and spec.has_location:
        yield spec.origin
    yield from spec.submodule_search_locations or ()


def _rules(name: str, module: ModuleType) -> Iterator[Rule]:
    classes = [
        value
        for value in dict.fromkeys(v for v in vars(module).values() if isinstance(v, type))
        if issubclass(value, Rule) and "code" in vars(value)
    ]
    if not classes:
        raise UserError(f"plugin `{name}` holds no rules", "a rule is a class that sets `code`")
    for cls in classes:
        problem = _problem(cls)
        if problem is not None:
            raise UserError(f"plugin `{name}`: {cls.__qualname__}: {problem}")
        yield cls()


def _problem(cls: type[Rule]) -> str | None:
    """What is wrong with the declarations of a rule, if anything."""
    code, name = cls.code, getattr(cls, "name", None)
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        return "`code` must be capital letters other than FAL and three or four digits"
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        return "`name` must be lower-case words with hyphens between them"
    if not isinstance(getattr(cls, "severity", None), Severity):
        return "`severity` must be a Severity"
    if not isinstance(cls.positions, frozenset) or not isinstance(cls.calls, tuple):
        return "`positions` must be a frozenset and `calls` a tuple of names"
    if not any(
        getattr(cls, hook) is not getattr(Rule, hook) for hook in vars(Rule) if hook[:6] == "check_"
    ):
        return "it overrides no `check_` method"
    return None


def _files(module: str) -> Iterator[str]:
    """The source files of the package that a module belongs to."""
    package = sys.modules[module.partition(".")[0]]
    if getattr(package, "__file__", None):
        yield os.path.abspath(str(package.__file__))
    for location in getattr(package, "__path__", ()):
        for folder, folders, names in os.walk(location):
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))
