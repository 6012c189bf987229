"""The pipeline: discover, observe each file, link them, let the rules judge, suppress, sort."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from . import cache, config, discovery, suppression
from .model.link import Application, link
from .model.program import Program
from .model.scopes import Module
from .observer import Observer
from .registry import OWN, Selection, all_rules, names, plugin_rules
from .rule import Context, Finding, Rule, Severity, TargetFinder
from .versions import Target, Targets, find_targets, manifest_paths

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "e2e"})


@dataclass(frozen=True)
class Request:
    """What a run is asked to do.

    `paths` are absolute; `stdin` is the path and text that stands for a file; `processes` of `None`
    lets the engine decide.
    """

    paths: tuple[str, ...]
    loaded: config.Loaded
    root: str
    stdin: tuple[str, bytes] | None = None
    cache_folder: str | None = None
    processes: int | None = None


@dataclass(frozen=True)
class Crash:
    """A rule that failed: its code and name, and the formatted traceback."""

    code: str
    name: str
    details: str


@dataclass(frozen=True)
class Summary:
    """What was looked at: numbers of files, apps and routes, and the FastAPI version judged by."""

    files: int
    apps: int
    routes: int
    fastapi: Target | None
    has_fastapi: bool


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
    found: dict[tuple[str, ...], Targets] = field(default_factory=dict)
    manifests: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, module: Module) -> Targets:
        folder = os.path.dirname(module.path)
        if folder not in self.manifests:
            self.manifests[folder] = manifest_paths(folder, self.root)
        key = self.manifests[folder]
        if key not in self.found:
            self.found[key] = find_targets(
                folder, self.root, fastapi_version=self.override, origin="configuration"
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


class _Run:
    def __init__(self, request: Request) -> None:
        self.request = request
        settings = request.loaded.settings
        self.settings = settings
        self.rules = all_rules() + plugin_rules(settings.plugins)
        selection = Selection(settings.select, settings.extend_select, settings.ignore)
        selection.check(self.rules)
        self.codes = selection.chosen(self.rules)
        self.names = names(self.rules)
        self.base = request.loaded.base(request.root)

    @cached_property
    def wanted(self) -> frozenset[str]:
        """The calls and keywords whose exact positions some rule needs."""
        return frozenset().union(*[rule.positions for rule in self.rules])

    def report(self) -> Report:
        found = discovery.find(
            self.request.root,
            (*self.settings.exclude, *self.settings.extend_exclude),
            self.base,
        )
        explicit = [path for path in self.request.paths if not os.path.isdir(path)]
        files = tuple(dict.fromkeys((*found.files, *explicit)))
        reported = frozenset(self._reported(files))
        own = cache.own_files()
        stored = cache.Cache(self.request.cache_folder, cache.fingerprint(own, self.wanted))
        texts = dict([self.request.stdin]) if self.request.stdin is not None else {}
        observer = Observer(stored, self.wanted, texts, self.request.processes)
        application = self._link(files, observer)
        targets = _Targets(self.request.root, self.settings.fastapi_version)
        context = Context(application, targets)
        crashes: list[Crash] = []
        findings = set(self._judge(context, crashes))
        findings |= set(self._problems(observer, reported))
        kept = [f for f in findings if f.path in reported and not self._suppressed(f, observer)]
        kept.sort(key=lambda finding: finding.sort_key)
        stored.save()
        summary = Summary(
            len(reported),
            sum(1 for app in application.apps if not app.place.module.is_test),
            sum(1 for _ in application.routes()),
            self._fastapi(context),
            bool(application.program.modules),
        )
        settings = (self.request.loaded.path,) if self.request.loaded.path is not None else ()
        inputs = Inputs(
            tuple({*files, *own, *found.ignore_files, *targets.inputs(), *settings}),
            found.folders,
        )
        return Report(self.request.root, tuple(kept), tuple(crashes), summary, inputs)

    def _link(self, files: tuple[str, ...], observer: Observer) -> Application:
        def module(path: str) -> Module | None:
            node = observer.facts(path).module
            if node is None:
                return None
            display = os.path.relpath(path, self.request.root)
            return Module(path, display, node, is_test_file(display))

        program = Program(files, self.request.root, module)
        program.start(observer.first(files))
        return link(program)

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

    def _problems(self, observer: Observer, reported: frozenset[str]) -> Iterator[Finding]:
        for path, facts in observer.known().items():
            problem = facts.problem
            if problem is not None and path in reported and problem.code in self.codes:
                span = (problem.row, problem.column, problem.row, problem.column)
                yield Finding(
                    problem.code, OWN[problem.code], Severity.ERROR, problem.message, path, span
                )

    def _suppressed(self, finding: Finding, observer: Observer) -> bool:
        comments = observer.facts(finding.path).comments
        if suppression.is_suppressed(finding, suppression.parse(comments, self.names)):
            return True
        return any(
            discovery.is_excluded(finding.path, (pattern,), self.base)
            and finding.code in Selection((), tuple(words)).chosen(self.rules) - OWN.keys()
            for pattern, words in self.settings.per_file_ignores.items()
        )

    def _fastapi(self, context: Context) -> Target | None:
        modules = context.application.program.modules
        first = next(iter(context.application.apps), None)
        if first is not None:
            return context.targets(first.place.module).fastapi
        return context.targets(next(iter(modules.values()))).fastapi if modules else None


def judge(rule: Rule, context: Context) -> Iterator[Finding]:
    """The findings of one rule: each of its hooks is asked about each object of its level."""
    application = context.application
    kind = type(rule)
    if kind.check_app is not Rule.check_app:
        for app in application.apps:
            yield from rule.check_app(app, context)
    if kind.check_middleware is not Rule.check_middleware:
        for middleware in application.middleware:
            yield from rule.check_middleware(middleware, context)
    if kind.check_event is not Rule.check_event:
        for owner in application.owners():
            for event in owner.events:
                yield from rule.check_event(event, context)
    if kind.check_task is not Rule.check_task:
        for task in application.tasks:
            yield from rule.check_task(task, context)
    if kind.check_websocket is not Rule.check_websocket:
        for route in application.routes():
            if route.is_websocket:
                yield from rule.check_websocket(route, context)


def _format_traceback() -> str:
    try:
        return traceback.format_exc()
    except Exception:  # an exception whose own text raises
        return "the exception could not be described"
