"""The pipeline: discover, observe each file, link them, let the rules judge, suppress, sort."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import config, discovery, suppression
from .cache import Cache, fingerprint, own_files
from .errors import UserError
from .model.link import Application, link
from .model.program import Program
from .model.scopes import Module
from .observer import Observer
from .registry import OWN, Selection, all_rules, names, plugin_rules
from .rule import Context, Finding, Rule, Severity, TargetFinder
from .suppression import Suppressions
from .versions import Target, Targets, find_targets, manifest_paths

_UNUSED = "FAL003"
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "e2e"})


@dataclass(frozen=True)
class Request:
    """What a run is asked to do.

    `paths` are absolute; `stdin` is the path and text that stands for a file; `processes` of `None`
    lets the engine decide; `version_origin` says where the setting `fastapi-version` comes from.
    """

    paths: tuple[str, ...]
    loaded: config.Loaded
    root: str
    stdin: tuple[str, bytes] | None = None
    cache_folder: str | None = None
    processes: int | None = None
    version_origin: str = "configuration"


@dataclass(frozen=True)
class Crash:
    """A rule that failed: its code and name, and the formatted traceback."""

    code: str
    name: str
    details: str


@dataclass(frozen=True)
class Summary:
    """What was looked at: numbers of files, apps and routes, and the FastAPI version judged by.

    `fastapi` is `None` where nothing names the framework.
    """

    files: int
    apps: int
    routes: int
    fastapi: Target | None


@dataclass(frozen=True)
class Inputs:
    """Everything on disk that the outcome depends on: files, and folders for what is in them."""

    files: tuple[str, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The outcome of a run; findings are sorted."""

    root: str
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...]
    summary: Summary
    inputs: Inputs


@dataclass
class _Targets(TargetFinder):
    root: str
    override: str | None
    origin: str
    found: dict[tuple[str, ...], Targets] = field(default_factory=dict)
    manifests: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, module: Module) -> Targets:
        folder = os.path.dirname(module.path)
        if folder not in self.manifests:
            self.manifests[folder] = manifest_paths(folder, self.root)
        key = self.manifests[folder]
        if key not in self.found:
            self.found[key] = find_targets(
                folder, self.root, fastapi_version=self.override, origin=self.origin
            )
        return self.found[key]

    def inputs(self) -> set[str]:
        """The manifests that were read."""
        return {path for targets in self.found.values() for path in targets.inputs}


def is_test_file(path: str) -> bool:
    """Whether a path (relative to the project) is a test's."""
    *folders, name = path.replace(os.sep, "/").split("/")
    stem = name.rpartition(".")[0]
    return (
        not _TEST_FOLDERS.isdisjoint(folders)
        or stem.startswith("test_")
        or stem.endswith(("_test", "_tests"))
        or stem in ("conftest", "tests")
    )


def run(request: Request) -> Report:
    """Lint. Raises `UserError` for settings that cannot be followed."""
    return _Run(request).report()


def application(request: Request) -> Application:
    """Link a project without judging it. Raises `UserError` as `run` does."""
    return _Run(request).application


class _Run:
    """One run: each step is computed when it is first asked for."""

    def __init__(self, request: Request) -> None:
        self.request = request
        settings = request.loaded.settings
        self.settings = settings
        self.rules = all_rules() + plugin_rules(settings.plugins)
        selection = Selection(settings.select, settings.extend_select, settings.ignore)
        selection.check(self.rules)
        self.codes = selection.chosen(self.rules)
        self.names = names(self.rules)
        self._check_version()
        self.base = request.loaded.base(request.root)

    def _check_version(self) -> None:
        root, version = self.request.root, self.settings.fastapi_version
        if version is not None:
            try:
                find_targets(root, root, fastapi_version=version)
            except ValueError as error:
                raise UserError(f"fastapi-version: {error}") from None

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The calls and keywords whose exact positions some rule needs."""
        return frozenset().union(*[rule.positions for rule in self.rules])

    @cached_property
    def found(self) -> discovery.Found:
        """The files of the project."""
        excluded = (*self.settings.exclude, *self.settings.extend_exclude)
        return discovery.find(self.request.root, excluded, self.base)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files of the project, and those that were named though they are not among them."""
        explicit = [path for path in self.request.paths if not os.path.isdir(path)]
        return tuple(dict.fromkeys((*self.found.files, *explicit)))

    @cached_property
    def cache(self) -> Cache:
        """The cache of facts."""
        return Cache(self.request.cache_folder, fingerprint(own_files(), self.wanted))

    @cached_property
    def observer(self) -> Observer:
        """Gives the facts of files."""
        texts = dict([self.request.stdin]) if self.request.stdin is not None else {}
        return Observer(self.cache, self.wanted, texts, self.request.processes)

    @cached_property
    def application(self) -> Application:
        """The linked project."""

        def module(path: str) -> Module | None:
            node = self.observer.facts(path).module
            if node is None:
                return None
            display = os.path.relpath(path, self.request.root)
            return Module(path, display, node, is_test_file(display))

        program = Program(self.files, self.request.root, module, self.observer.content)
        program.start(self.observer.first(self.files))
        if errors := program.derived("HTTPException"):
            others = [path for path in self.files if path not in program.near]
            program.start(self.observer.naming(others, errors))
        return link(program)

    def report(self) -> Report:
        """Judge the project."""
        request, settings = self.request, self.settings
        reported = frozenset(self._reported(self.files))
        if not reported:
            raise UserError("nothing to check: no Python files in the given paths")
        targets = _Targets(request.root, settings.fastapi_version, request.version_origin)
        context = Context(self.application, targets)
        crashes: list[Crash] = []
        found = [f for f in self._judge(context, crashes) if f.path in reported]
        found.extend(self._problems(reported))
        findings = {finding.sort_key: finding for finding in reversed(found)}.values()
        kept = sorted(self._unsuppressed(findings, reported), key=lambda kept: kept.sort_key)
        summary = self._summary(context, len(reported))
        self.cache.save()
        files = {*self.files, *own_files(), *self.found.ignore_files, *targets.inputs()}
        if request.loaded.path is not None:
            files.add(request.loaded.path)
        inputs = Inputs(tuple(files), self.found.folders)
        return Report(request.root, tuple(kept), tuple(crashes), summary, inputs)

    def _reported(self, files: Iterable[str]) -> Iterator[str]:
        for path in self.request.paths:
            if os.path.isdir(path):
                inside = path.rstrip(os.sep) + os.sep
                yield from (file for file in files if file.startswith(inside))
            else:
                yield path

    def _judge(self, context: Context, crashes: list[Crash]) -> Iterator[Finding]:
        for rule in self.rules:
            if rule.code not in self.codes:
                continue
            try:
                yield from list(judge(rule, context))
            except Exception:  # one rule's bug must not lose the others' findings
                crashes.append(Crash(rule.code, rule.name, _format_traceback()))

    def _problems(self, reported: frozenset[str]) -> Iterator[Finding]:
        for path, facts in self.observer.known().items():
            problem = facts.problem
            if problem is not None and path in reported and problem.code in self.codes:
                span = (problem.row, problem.column, problem.row, problem.column)
                severity = Severity.INFO if problem.is_template else Severity.ERROR
                name = OWN[problem.code]
                yield Finding(problem.code, name, severity, problem.message, path, span)

    def _unsuppressed(
        self, findings: Iterable[Finding], reported: frozenset[str]
    ) -> Iterator[Finding]:
        """The findings that no comment and no setting suppresses, and the unused comments."""
        files = {
            path: Suppressions(suppression.parse(facts.comments, self.names))
            for path, facts in self.observer.known().items()
            if facts.comments and path in reported
        }
        kept = [f for f in findings if not (f.path in files and files[f.path].covers(f))]
        if _UNUSED in self.codes:
            for path, suppressions in files.items():
                kept.extend(self._unused(path, suppressions))
        yield from (finding for finding in kept if not self._ignored_in_file(finding))

    def _unused(self, path: str, suppressions: Suppressions) -> Iterator[Finding]:
        known = frozenset(self.names.values())
        for row, code in suppressions.unused(self.codes, known):
            what = "suppresses nothing" if code in known else "is no rule"
            message = f"unused suppression: `{code}` {what}"
            severity = Severity.WARNING
            yield Finding(_UNUSED, OWN[_UNUSED], severity, message, path, (row, 1, row, 1))

    def _ignored_in_file(self, finding: Finding) -> bool:
        return any(
            discovery.is_excluded(finding.path, (pattern,), self.base)
            and finding.code in Selection((), tuple(words)).chosen(self.rules) - OWN.keys()
            for pattern, words in self.settings.per_file_ignores.items()
        )

    def _summary(self, context: Context, files: int) -> Summary:
        apps = [app for app in self.application.apps if not app.place.module.is_test]
        routes = sum(1 for _ in self.application.routes())
        modules = [app.place.module for app in apps] or [*self.application.program.modules.values()]
        fastapi = context.targets(modules[0]).fastapi if modules else None
        return Summary(files, len(apps), routes, fastapi)


def judge(rule: Rule, context: Context) -> Iterator[Finding]:
    """The findings of one rule: each of its hooks is asked about each object of its level."""
    application = context.application
    objects: dict[str, Callable[[], Iterable[tuple[Any, ...]]]] = {
        "check_application": lambda: [(application,)],
        "check_call": lambda: zip(application.index.calls(*rule.calls)),
        "check_route": lambda: zip(application.graph.routes),
        "check_use": lambda: zip(application.graph.uses),
        "check_provider": lambda: zip(application.graph.providers),
        "check_layer": lambda: zip(application.layers),
        "check_handler": lambda: (
            (handler, owner)
            for owner in application.owners()
            for handler in owner.exception_handlers
        ),
        "check_app": lambda: zip(application.apps),
        "check_middleware": lambda: zip(application.middleware),
        "check_event": lambda: (
            (event,) for owner in application.owners() for event in owner.events
        ),
        "check_task": lambda: zip(application.tasks),
        "check_websocket": lambda: (
            (route,) for route in application.graph.routes if route.is_websocket
        ),
    }
    for hook, each in objects.items():
        if getattr(type(rule), hook) is not getattr(Rule, hook):
            for arguments in each():
                yield from getattr(rule, hook)(*arguments, context)


def _format_traceback() -> str:
    try:
        return traceback.format_exc()
    except Exception:  # an exception whose own text raises
        return "the exception could not be described"
