"""Which fixes can be trusted, and what do the files look like with them?

Fixes are worked out on texts in memory. In each round, those that do not touch one another are
applied together, and the project is judged again: a fix is kept only if its files still parse, its
finding is gone, and no rule that is on by default, selected or not, finds anything new anywhere.
(Opt-in rules ask for more than the documented patterns: protecting a route may well make one of
them speak.) Where a group fails, it is halved until the fixes that fail are alone; these are
refused, and the reason is told, or, where others were kept beside them, tried again in the next
round. Rounds go on until there is nothing left to fix. At last, imports are removed whose last use
the fixes have removed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from .engine import Report, Request, Run
from .fix import Edit, Unfixable, apply
from .rule import Finding
from .source import Source, Unreadable, decode

if TYPE_CHECKING:
    from .syntax.tree import Tree

MAX_ROUNDS = 10


@dataclass(frozen=True)
class Refusal:
    """A finding whose fix was not made, and why not."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class Change:
    """A changed file: its bytes as they were read, and as they shall be."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True)
class Fixed:
    """The outcome of fixing, before anything is written.

    `report` is what remains; findings whose fixes were refused have none there. `changes` come in
    groups of files that must be replaced together. `is_complete` is false if there was still
    something to fix after the last round.
    """

    report: Report
    findings: tuple[Finding, ...]
    refusals: tuple[Refusal, ...]
    changes: tuple[tuple[Change, ...], ...]
    is_complete: bool


def fix(request: Request) -> Fixed:
    """Fix what a run would report. Raises `UserError` as `engine.run` does."""
    return _Fixing(request).outcome()


@dataclass(frozen=True)
class _Plan:
    """The edits of one fix, by path."""

    finding: Finding
    edits: Mapping[str, tuple[Edit, ...]]

    def touches(self, other: _Plan) -> bool:
        """Whether two plans stand in each other's way; findings of one cause share their edits."""
        return self.edits != other.edits and any(
            one.touches(another)
            for path, edits in self.edits.items()
            for one in edits
            for another in other.edits.get(path, ())
        )


class Workbench:
    """Works out the edits of fixes. `read` gives the bytes of a file that was judged, or raises
    `Unfixable`; each file is parsed once. `is_shared` tells whether another file imports a name
    from the one with a path."""

    def __init__(self, read: Callable[[str], bytes], is_shared: Callable[[str, str], bool]) -> None:
        self._read = read
        self._is_shared = is_shared
        self._trees: dict[str, Tree] = {}

    def source(self, path: str) -> Source:
        """The text of a file."""
        return self._tree(path).source

    def complete(self, finding: Finding) -> dict[str, tuple[Edit, ...]]:
        """The same with those that remove the imports which the fix leaves unused."""
        from .syntax.unused import removals

        return {
            path: (*edits, *removals(self._tree(path), edits, partial(self._is_shared, path)))
            for path, edits in self.edits(finding).items()
        }

    def edits(self, finding: Finding) -> dict[str, tuple[Edit, ...]]:
        """The edits of a finding's fix, by path. Raises `Unfixable`."""
        from .syntax.editor import FileEditor

        editors: dict[str, FileEditor] = {}

        def editor(path: str) -> FileEditor:
            if path not in editors:
                editors[path] = FileEditor(self._tree(path), editor)
            return editors[path]

        assert finding.fix is not None
        finding.fix.recipe(editor(finding.path))
        found = {path: edits for path, made in editors.items() if (edits := tuple(made.edits))}
        if not found:
            raise Unfixable("nothing is left to change")
        for path, edits in found.items():
            if self.source(path).is_generated:
                raise Unfixable("the file says that it is `@generated`")
            apply(self._tree(path).text, edits)
        return found

    def _tree(self, path: str) -> Tree:
        from .syntax.tree import Tree

        if path not in self._trees:
            try:
                self._trees[path] = Tree(decode(path, self._read(path)))
            except Unreadable as error:
                raise Unfixable(str(error)) from None
        return self._trees[path]


@dataclass
class _Fixing:
    request: Request
    originals: dict[str, bytes] = field(default_factory=dict)
    fixed: list[_Plan] = field(default_factory=list)
    refused: dict[tuple[str, str, str], Refusal] = field(default_factory=dict)

    def outcome(self) -> Fixed:
        run = Run(self.request)
        report = run.report()
        for _ in range(MAX_ROUNDS):
            candidates = self._open(report)
            if not candidates:
                break
            run, accepted = self._round(run, candidates, run.reported)
            if accepted:
                self.fixed.extend(accepted)
                report = run.report()
        is_complete = not self._open(report)
        if self.fixed:
            run = self._without_unused_imports(run)
            report = run.report()
        changes = tuple(tuple(group) for group in self._groups(run.request.overlays))
        findings = tuple(plan.finding for plan in self.fixed)
        kept = tuple([self._without_refused(finding) for finding in report.findings])
        report = replace(report, findings=kept)
        return Fixed(report, findings, tuple(self.refused.values()), changes, is_complete)

    def _open(self, report: Report) -> list[Finding]:
        """The findings that are still to be fixed."""
        return [
            finding
            for finding in report.findings
            if report.is_fixable(finding) and _key(finding) not in self.refused
        ]

    def _refuse(self, finding: Finding, reason: str) -> None:
        self.refused[_key(finding)] = Refusal(finding, reason)

    def _round(
        self, run: Run, candidates: Iterable[Finding], allowed: frozenset[str]
    ) -> tuple[Run, list[_Plan]]:
        """Apply what can be applied at once: the run over the changed texts, and what was fixed."""
        bench = Workbench(run.content, run.application.program.is_shared)
        plans: list[_Plan] = []
        for finding in candidates:
            try:
                plan = _Plan(finding, bench.edits(finding))
            except Unfixable as error:
                self._refuse(finding, str(error))
                continue
            except Exception as error:  # one recipe's bug must not lose the others' fixes
                self._refuse(finding, f"internal error: {type(error).__name__}; please report it")
                continue
            outside = sorted(plan.edits.keys() - allowed)
            if outside:
                where = os.path.relpath(outside[0], run.request.root)
                self._refuse(finding, f"it would change {where}, which was not to be checked")
            elif not any(plan.touches(other) for other in plans):
                plans.append(plan)
        if not plans:
            return run, []
        before = run.census()
        accepted: list[_Plan] = []
        queue = [plans]
        while queue:
            group = queue.pop()
            together = [*accepted, *group]
            trial, problem = self._trial(run, bench, together, before)
            if problem is None:
                run_after, accepted = trial, together
            elif len(group) == 1:
                if not accepted:
                    self._refuse(group[0].finding, problem)
            else:
                half = len(group) // 2
                queue += [group[half:], group[:half]]
        return (run_after, accepted) if accepted else (run, [])

    def _trial(
        self, run: Run, bench: Workbench, plans: list[_Plan], before: Counter[tuple[str, str]]
    ) -> tuple[Run, str | None]:
        """Judge the project with some fixes made: the run, and what speaks against them."""
        overlays = dict(run.request.overlays)
        for path in dict.fromkeys(path for plan in plans for path in plan.edits):
            source = bench.source(path)
            self.originals.setdefault(path, source.data)
            edits = dict.fromkeys(e for plan in plans for e in plan.edits.get(path, ()))
            try:
                overlays[path] = source.encode(apply(source.text, edits))
            except UnicodeEncodeError:
                return run, "the file's encoding lacks a character of the fix"
            except UnicodeError as error:
                return run, str(error)
        trial = Run(replace(run.request, overlays=overlays), run)
        return trial, _objection(trial, plans, before)

    def _without_unused_imports(self, run: Run) -> Run:
        """The run without the imports whose last use the fixes have removed."""
        from .syntax.unused import without_unused

        overlays = dict(run.request.overlays)
        is_shared = run.application.program.is_shared
        for path, before in self.originals.items():
            if overlays.get(path, before) != before:
                source = decode(path, before)
                with suppress(Unfixable):
                    overlays[path] = without_unused(
                        source, overlays[path], partial(is_shared, path)
                    )
        if overlays == run.request.overlays:
            return run
        trial = Run(replace(run.request, overlays=overlays), run)
        return run if _objection(trial, [], run.census()) else trial

    def _without_refused(self, finding: Finding) -> Finding:
        """A finding without its fix, if that was refused."""
        return replace(finding, fix=None) if _key(finding) in self.refused else finding

    def _groups(self, overlays: Mapping[str, bytes]) -> Iterator[list[Change]]:
        """The changed files, together where one fix changed several of them."""
        changed = {p: d for p, d in self.originals.items() if overlays.get(p, d) != d}
        groups: list[set[str]] = [{path} for path in sorted(changed)]
        for plan in self.fixed:
            joined = [group for group in groups if not group.isdisjoint(plan.edits)]
            groups = [group for group in groups if group not in joined]
            if joined:
                groups.append(set().union(*joined))
        for group in sorted(groups, key=min):
            yield [Change(path, changed[path], overlays[path]) for path in sorted(group)]


def _objection(run: Run, plans: list[_Plan], before: Counter[tuple[str, str]]) -> str | None:
    """What speaks against some fixes: a file that no longer parses, a finding that is still there,
    or a new one."""
    for path in {path for plan in plans for path in plan.edits}:
        problem = run.observer.facts(path).problem
        if problem is not None:
            return f"the file would no longer parse: {problem.message}"
    after = run.census()
    for (path, code), count in Counter(_place(plan.finding) for plan in plans).items():
        if after[path, code] > before[path, code] - count:
            return "the finding would still be there"
    for path, code in after:
        if code in run.standard and after[path, code] > before[path, code]:
            where = os.path.relpath(path, run.request.root)
            return f"it would bring {code} in {where}" if path else f"{code} would crash"
    return None


def _place(finding: Finding) -> tuple[str, str]:
    return finding.path, finding.code


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.path, finding.code, finding.message
