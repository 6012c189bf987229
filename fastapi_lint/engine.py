"""The pipeline: discover, observe each file, link them, let the rules judge, suppress, sort."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

import msgspec

from . import config, discovery, judging, plugins, registry, senses, suppression, workers
from .cache import Cache, digests, fingerprint, own_files
from .errors import UserError
from .fingerprint import fingerprints
from .fix import Applicability, Fix
from .judging import Crash, Verdict
from .model.link import Application, link
from .model.program import Program
from .model.scopes import Module
from .observer import Observer
from .registry import OWN, Selection, all_rules, names
from .roots import is_inside
from .rule import Context, Finding, Rule, Severity, TargetFinder
from .senses import Words
from .source import Texts
from .suppression import Suppressions
from .versions import Target, Targets, find_targets, manifest_paths

_UNUSED = "FAL003"
_RECURSION_LIMIT = 10_000
"""Set before anything is read, so that what comes from the cache is judged as what is parsed."""
_TEST_FOLDERS = frozenset({"test", "tests", "testing", "e2e"})


Progress: TypeAlias = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is to do."""


@dataclass(frozen=True)
class Request:
    """What a run is asked to do.

    `paths` are absolute; `overlays` are texts that stand for the content of files; `processes` of
    `None` lets the engine decide; `version_origin` says where the setting `fastapi-version` comes
    from; `begun_ns` is a time before anything was read.
    """

    paths: tuple[str, ...]
    loaded: config.Loaded
    root: str
    overlays: Mapping[str, bytes] = field(default_factory=dict)
    cache_folder: str | None = None
    processes: int | None = None
    version_origin: str = "configuration"
    progress: Progress = lambda what, done, total: None
    begun_ns: int = field(default_factory=time.time_ns)


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
    """Everything on disk that the outcome depends on.

    `seen` are files and folders with what was seen of them, in the form of `contents.py`; nothing
    where that is not known. `missed` was looked for and not there. `senses` tell, in the form of
    `senses.py`, what was taken from files of which not every byte matters, and `words` what was
    looked for in them.
    """

    seen: Mapping[str, str]
    missed: tuple[str, ...] = ()
    senses: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=Words)


@dataclass(frozen=True)
class Report:
    """The outcome of a run; findings are sorted.

    `unsafe_fixes` tells whether unsafe fixes count as fixes; `content` gives the bytes of a file
    that was judged, or raises `Unfixable`. `reported` are the files that were asked for; `context`
    is what the findings were judged by. `rules` are those that exist, `codes` those that were
    asked, the linter's own included; `texts` gives the content of files. `known` counts the
    findings that were left out because they are not new.
    """

    root: str
    findings: tuple[Finding, ...]
    crashes: tuple[Crash, ...]
    summary: Summary
    inputs: Inputs
    unsafe_fixes: bool
    content: Callable[[str], bytes]
    reported: frozenset[str]
    context: Context
    rules: tuple[Rule, ...]
    codes: frozenset[str]
    texts: Texts
    known: int = 0

    def is_fixable(self, finding: Finding) -> bool:
        """Whether `--fix` with these options would fix a finding."""
        fix = finding.fix
        return fix is not None and (self.unsafe_fixes or fix.applicability is Applicability.SAFE)

    def without(self, known: Collection[str], name: Callable[[str], str]) -> Report:
        """The report without the findings whose fingerprints are known; `name` names paths."""
        prints = fingerprints(self.findings, self.texts, name)
        pairs = zip(self.findings, prints, strict=True)
        kept = tuple(finding for finding, print_ in pairs if print_ not in known)
        return replace(self, findings=kept, known=self.known + len(self.findings) - len(kept))


class _Learnt(msgspec.Struct, frozen=True):
    """What a process that judges has come to know: see `Observer.learn`, `_Targets.around`,
    `Module.is_placed`, `Program.asked` and `Program.sought`."""

    facts: dict[str, bytes]
    folders: tuple[str, ...]
    placed: tuple[str, ...]
    asked: dict[str, set[str]]
    sought: set[str]


@dataclass
class _Targets(TargetFinder):
    root: str
    override: str | None
    origin: str
    found: dict[tuple[str, ...], Targets] = field(default_factory=dict)
    manifests: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, module: Module) -> Targets:
        return self.around(os.path.dirname(module.path))

    def around(self, folder: str) -> Targets:
        """The versions that are used in a folder."""
        if folder not in self.manifests:
            self.manifests[folder] = manifest_paths(folder, self.root)
        key = self.manifests[folder]
        if key not in self.found:
            self.found[key] = find_targets(
                folder, self.root, fastapi_version=self.override, origin=self.origin
            )
        return self.found[key]

    def inputs(self) -> dict[str, str]:
        """The manifests that were read, with digests of what was read."""
        return {path: d for targets in self.found.values() for path, d in targets.inputs.items()}


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
    return Run(request).report()


def application(request: Request) -> Application:
    """Link a project without judging it. Raises `UserError` as `run` does."""
    return Run(request).application


class Run:
    """One run: each step is computed when it is first asked for.

    `before` is a run over the same project, whose facts of unchanged files are used again. Raises
    `UserError` for settings that cannot be followed.
    """

    def __init__(self, request: Request, before: Run | None = None) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION_LIMIT))
        self.request = request
        self._known = before.cache if before is not None else None
        self._judged: dict[str, Verdict] = {}
        self._errors: tuple[str, ...] = ()
        self._placed: set[str] = set()
        settings = request.loaded.settings
        self.settings = settings
        self.plugins = plugins.load(settings.plugins, request.root, all_rules())
        self.rules = all_rules() + self.plugins.rules
        selection = Selection(
            settings.select, settings.extend_select, settings.ignore, settings.profile
        )
        selection.check(self.rules)
        ignored = (word for words in settings.per_file_ignores.values() for word in words)
        registry.check((*ignored, *settings.severity), self.rules)
        self.severities = registry.severities(settings.severity, self.rules)
        self.codes = selection.chosen(self.rules)
        self.standard = Selection().chosen(self.rules)
        fixable = Selection(settings.fixable, (), settings.unfixable)
        fixable.check(self.rules)
        self.fixable = fixable.chosen(self.rules)
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
        named = [self._own(path) for path in self.request.paths if not os.path.isdir(path)]
        return tuple(dict.fromkeys((*self.found.files, *named)))

    def _own(self, path: str) -> str:
        """The file of the project that a named link leads to, else the path itself."""
        if path in self.request.overlays or not os.path.islink(path):
            return path
        target = os.path.realpath(path)
        return target if target in self.found.files else path

    @cached_property
    def cache(self) -> Cache:
        """The cache of facts."""
        if self._known is not None:
            return self._known.renewed()
        return Cache(self.request.cache_folder, fingerprint(self.own, self.wanted))

    @cached_property
    def own(self) -> Mapping[str, str]:
        """The files that this tool consists of, with their digests."""
        return digests(own_files())

    @cached_property
    def observer(self) -> Observer:
        """Gives the facts of files."""
        request = self.request
        return Observer(
            self.cache, self.wanted, request.overlays, request.processes, request.progress
        )

    @cached_property
    def application(self) -> Application:
        """The linked project."""

        def module(path: str) -> Module | None:
            node = self.observer.facts(path).module
            if node is None:
                return None
            display = os.path.relpath(path, self.request.root)
            return Module(path, display, node, is_test_file(display))

        program = Program(self.files, self.request.root, module, self.observer)
        program.start(self.observer.first(self.files))
        self._errors = program.derived("HTTPException")
        if self._errors:
            others = [path for path in self.files if path not in program.near]
            program.start(self.observer.naming(others, self._errors))
        return link(program)

    def report(self) -> Report:
        """Judge the project."""
        request, reported = self.request, self.reported
        if not reported:
            raise UserError("nothing to check: no Python files in the given paths")
        kept = sorted(self._kept(self.codes, reported), key=lambda kept: kept.sort_key)
        crashes = [crash for crash in self._judged.values() if isinstance(crash, Crash)]
        summary = self._summary(len(reported))
        inputs = self._inputs()
        self.cache.save()
        return Report(
            request.root,
            tuple(kept),
            tuple(crashes),
            summary,
            inputs,
            self.settings.unsafe_fixes,
            self.content,
            self.reported,
            self._context,
            self.rules,
            self.codes,
            Texts(request.overlays),
        )

    def _inputs(self) -> Inputs:
        loaded, ignoring = self.request.loaded, self.found.ignore_files
        seen = dict.fromkeys((*self.files, *self.plugins.files), "")
        seen |= {path: entry.digest for path, entry in self.cache.entries.items() if path in seen}
        seen |= {path: digest for path, digest in ignoring.items() if digest is not None}
        missed = tuple([path for path, digest in ignoring.items() if digest is None])
        seen |= {**self._targets.inputs(), **self.own, **self.found.folders}
        seen |= {} if loaded.path is None else {loaded.path: loaded.digest}
        if self.request.cache_folder is None or self.request.overlays:
            return Inputs(seen, missed)
        words = Words(tuple(sorted(self.application.program.sought)), self._errors)
        return Inputs(seen, missed, dict(self._senses(words)), words)

    def _senses(self, words: Words) -> Iterator[tuple[str, str]]:
        """The files of which not every byte mattered, with what was taken from them."""
        program, observer, entries = self.application.program, self.observer, self.cache.entries
        self._placed.update(path for path, m in program.modules.items() if m.is_placed)
        for path in filter(entries.__contains__, self.files):
            facts, outline = observer.known().get(path), observer.outline(path)
            if path in self._placed:
                continue
            held = None
            if path not in program.near:
                held = [word for word in words.sought if observer.names(path, (word,))]
            if facts is not None:
                yield path, senses.of_parsed(facts, outline, entries[path].is_first, held)
            elif held is not None:
                asked = program.asked.get(path, ())
                data = observer.content(path) if asked else b""
                yield path, senses.of_unread(data, outline, asked, held)

    def census(self) -> Counter[tuple[str, str]]:
        """How often each rule finds something in each file of the project: by path and code.

        Asked are the selected rules and all `standard` ones. A rule that crashes counts as well,
        without a path.
        """
        found = self._kept(self.codes | self.standard, frozenset(self.files))
        count = Counter((finding.path, finding.code) for finding in found)
        count.update(("", code) for code, f in self._judged.items() if isinstance(f, Crash))
        return count

    def content(self, path: str) -> bytes:
        """The bytes of a file that was judged. Raises `Unfixable` if they have changed since."""
        return self.observer.unchanged(path)

    @cached_property
    def _targets(self) -> _Targets:
        request, settings = self.request, self.settings
        return _Targets(request.root, settings.fastapi_version, request.version_origin)

    @cached_property
    def _context(self) -> Context:
        return Context(self.application, self._targets)

    def _kept(self, codes: frozenset[str], reported: frozenset[str]) -> Iterator[Finding]:
        """The findings of some rules in some files that nothing suppresses, each once."""
        found = [f for f in self._judge(codes) if f.path in reported]
        found.extend(self._problems(codes, reported))
        found.extend(self._unread_folders(codes))
        findings = {finding.sort_key: finding for finding in reversed(found)}.values()
        yield from self._unsuppressed(findings, codes, reported)

    @cached_property
    def reported(self) -> frozenset[str]:
        """The files on which the run reports."""
        found: set[str] = set()
        for path in self.request.paths:
            if os.path.isdir(path):
                found.update(file for file in self.files if is_inside(file, path))
            else:
                found.add(self._own(path))
        return frozenset(found)

    def _judge(self, codes: frozenset[str]) -> Iterator[Finding]:
        """The findings of some rules in all files."""
        chosen = [rule for rule in self.rules if rule.code in codes]
        self._ask([rule for rule in chosen if rule.code not in self._judged])
        for rule in chosen:
            found = self._judged[rule.code]
            if not isinstance(found, Crash):
                fixable = rule.code in self.fixable
                yield from found if fixable else (replace(f, fix=None) for f in found)

    def _ask(self, rules: list[Rule]) -> None:
        """Get the verdicts of rules, from several processes where there is much to judge."""
        modules = len(self.application.program.modules)
        processes = workers.most(modules // judging.MODULES_PER_PROCESS, self.request.processes)
        if processes > 1 and rules:
            self._ask_elsewhere(rules, processes)
        for number, rule in enumerate(rules):
            if rule.code not in self._judged:
                self.request.progress("Applying rules", number, len(rules))
                self._judged[rule.code] = judging.verdict(rule, self._context)

    def _ask_elsewhere(self, rules: list[Rule], processes: int) -> None:
        """Get verdicts from several processes, and with them what these have read."""
        observer, targets, program = self.observer, self._targets, self.application.program
        told = {*observer.known()}

        def learnt() -> _Learnt:
            facts = {path: observer.encoded(path) for path in observer.known().keys() - told}
            told.update(facts)
            placed = tuple([path for path, module in program.modules.items() if module.is_placed])
            return _Learnt(facts, tuple(targets.manifests), placed, program.asked, program.sought)

        answers = judging.in_processes(rules, self._context, processes, learnt)
        for verdicts, more in answers:
            self._judged |= verdicts
            self.request.progress("Applying rules", len(self._judged), len(rules))
            if more is None:
                continue
            observer.learn(more.facts)
            for folder in more.folders:
                targets.around(folder)
            self._placed.update(more.placed)
            program.sought |= more.sought
            for path, asked in more.asked.items():
                program.asked.setdefault(path, set()).update(asked)

    def _unread_folders(self, codes: frozenset[str]) -> Iterator[Finding]:
        """Folders in or around the given paths that could not be listed."""
        code = "FAL002"
        for folder, reason in self.found.unread if code in codes else ():
            if any(
                is_inside(folder, path) or is_inside(path, folder) for path in self.request.paths
            ):
                message = f"the folder cannot be listed: {reason}"
                yield Finding(code, OWN[code], Severity.ERROR, message, folder, (1, 1, 1, 1))

    def _problems(self, codes: frozenset[str], reported: frozenset[str]) -> Iterator[Finding]:
        for path, facts in self.observer.known().items():
            problem = facts.problem
            if problem is not None and path in reported and problem.code in codes:
                span = (problem.row, problem.column, problem.row, problem.column)
                severity = Severity.INFO if problem.is_template else Severity.ERROR
                name = OWN[problem.code]
                yield Finding(problem.code, name, severity, problem.message, path, span)

    def _unsuppressed(
        self, findings: Iterable[Finding], codes: frozenset[str], reported: frozenset[str]
    ) -> Iterator[Finding]:
        """The findings that no comment and no setting suppresses, and the unused comments."""
        files = {
            path: Suppressions(suppression.parse(facts.comments, self.names))
            for path, facts in self.observer.known().items()
            if facts.comments and path in reported
        }
        kept = [f for f in findings if not (f.path in files and files[f.path].covers(f))]
        if _UNUSED in codes:
            for path, suppressions in files.items():
                kept.extend(self._unused(path, suppressions, codes))
        for finding in kept:
            if not self._ignored_in_file(finding):
                yield self._with_severity(finding)

    def _with_severity(self, finding: Finding) -> Finding:
        severity = self.severities.get(finding.code)
        return finding if severity is None else replace(finding, severity=severity)

    def _unused(
        self, path: str, suppressions: Suppressions, codes: frozenset[str]
    ) -> Iterator[Finding]:
        known = frozenset(self.names.values())
        for row, code in suppressions.unused(codes, known):
            what = "suppresses nothing" if code in known else "is no rule"
            message = f"unused suppression: `{code}` {what}"
            finding = Finding(
                _UNUSED, OWN[_UNUSED], Severity.WARNING, message, path, (row, 1, row, 1)
            )
            yield replace(finding, fix=self._removal(row, code))

    def _removal(self, row: int, code: str) -> Fix | None:
        """The fix that takes an unused code out of a comment."""
        if _UNUSED not in self.fixable:
            return None
        return Fix.safe(
            "Take the suppression out", lambda editor: editor.unsuppress(row, code, self.names)
        )

    def _ignored_in_file(self, finding: Finding) -> bool:
        return any(
            discovery.is_excluded(finding.path, (pattern,), self.base)
            and finding.code in Selection((), tuple(words)).chosen(self.rules) - OWN.keys()
            for pattern, words in self.settings.per_file_ignores.items()
        )

    def _summary(self, files: int) -> Summary:
        apps = [app for app in self.application.apps if not app.place.module.is_test]
        routes = sum(1 for _ in self.application.routes())
        modules = [app.place.module for app in apps] or [*self.application.program.modules.values()]
        fastapi = self._targets(modules[0]).fastapi if modules else None
        return Summary(files, len(apps), routes, fastapi)
