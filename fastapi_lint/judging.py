"""Asking the rules: here, or in forked processes where there is much to judge."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias, TypeVar

from . import workers
from .fix import Editor, Unfixable
from .rule import Context, Finding, Rule


@dataclass(frozen=True)
class Crash:
    """A rule that failed: its code and name, and the formatted traceback."""

    code: str
    name: str
    details: str


Verdict: TypeAlias = "list[Finding] | Crash"
_Learnt = TypeVar("_Learnt")

MODULES_PER_PROCESS = 20
"""Fewer are judged in less time than a process costs."""


def verdict(rule: Rule, context: Context) -> Verdict:
    """What a rule finds, or how it fails: one rule's bug must not lose the others' findings."""
    try:
        found = list(judge(rule, context))
        if not all(isinstance(finding, Finding) for finding in found):
            raise TypeError("what a rule yields must be findings")
        return found
    except Exception as error:
        return Crash(rule.code, rule.name, format_traceback(error))


def judge(rule: Rule, context: Context) -> Iterator[Finding]:
    """The findings of one rule: each of its hooks is asked about each object of its level."""
    application = context.application
    objects: dict[str, Callable[[], Iterable[tuple[Any, ...]]]] = {
        "check_application": lambda: [(application,)],
        "check_call": lambda: zip(
            application.index.calls(*application.index.spellings(*rule.calls))
        ),
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


def in_processes(
    rules: Iterable[Rule], context: Context, processes: int, learnt: Callable[[], _Learnt]
) -> Iterator[tuple[dict[str, Verdict], _Learnt | None]]:
    """The verdicts of rules by code, topic by topic in several processes, as they come.

    This one takes its share. `learnt` tells what another process has come to know beside. Those of
    a process that died are missing. The recipe of a fix cannot be sent: it asks the rule again.
    """
    topics: dict[str, list[Rule]] = {}
    for rule in rules:
        topics.setdefault(type(rule).__module__.rpartition(".")[0], []).append(rule)
    groups = [*topics.values()]

    def work(index: int) -> bytes:
        verdicts = [_sendable(verdict(rule, context)) for rule in groups[index]]
        return pickle.dumps((verdicts, learnt()))

    mine: dict[str, Verdict] = {}
    own, *others = workers.shares([len(group) for group in groups], processes)

    def meanwhile() -> None:
        mine.update((rule.code, verdict(rule, context)) for i in own for rule in groups[i])

    for index, result in workers.run(work, others, seconds=0, meanwhile=meanwhile):
        if result is not None:
            verdicts, more = pickle.loads(result)  # written by what was this process a moment ago
            pairs = zip(groups[index], verdicts, strict=True)
            yield {rule.code: _received(found, rule, context) for rule, found in pairs}, more
    yield mine, None


def _sendable(found: Verdict) -> Verdict:
    if isinstance(found, Crash):
        return found
    return [f if f.fix is None else replace(f, fix=replace(f.fix, recipe=_lost)) for f in found]


def _lost(editor: Editor) -> None:
    raise Unfixable("its rule has to be asked again")


def _received(found: Verdict, rule: Rule, context: Context) -> Verdict:
    """Findings with recipes that ask the rule again, all together once."""
    if isinstance(found, Crash):
        return found
    asked: list[Finding] = []

    def recipe(finding: Finding, editor: Editor) -> None:
        if not asked:
            asked.extend(judge(rule, context))
        fix = next((again.fix for again in asked if again == finding), None)
        (fix.recipe if fix is not None else _lost)(editor)

    return [
        f if f.fix is None else replace(f, fix=replace(f.fix, recipe=partial(recipe, f)))
        for f in found
    ]


def format_traceback(error: Exception) -> str:
    """The traceback of an error, even of one whose own text raises."""
    try:
        return "".join(traceback.format_exception(error))
    except Exception:
        return f"{type(error).__name__} (it could not be described)"
