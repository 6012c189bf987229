"""The rules that exist, and which of them are selected."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from functools import cache

import msgspec

from .errors import UserError, suggestion
from .rule import Rule, Severity

OWN = {
    "FAL001": "syntax-error",
    "FAL002": "unreadable-file",
    "FAL003": "unused-suppression",
}
"""The linter's own codes, which no rule module stands for."""


PROFILES: Mapping[str, Callable[[Rule], bool]] = {
    "default": lambda rule: rule.default,
    "strict": lambda rule: True,
    "security": lambda rule: rule.security,
}
"""Which rules run where none are selected one by one."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every built-in rule, by code."""
    rules = importlib.import_module(f"{__package__}.rules")
    found: dict[str, Rule] = {}
    for info in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        if not info.ispkg:
            for rule in _rules_in(importlib.import_module(info.name)):
                assert rule.code not in found, f"two rules have the code {rule.code}"
                found[rule.code] = rule
    return tuple(found[code] for code in sorted(found))


def _rules_in(module: object) -> Iterable[Rule]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Rule) and "code" in vars(value):
            yield value()


def names(rules: Iterable[Rule]) -> dict[str, str]:
    """Code by name, the linter's own included."""
    table = {name: code for code, name in OWN.items()}
    table |= {rule.name: rule.code for rule in rules}
    return table


def find(word: str, rules: Iterable[Rule]) -> Rule | None:
    """The rule of that code or name."""
    return next((rule for rule in rules if word in (rule.code, rule.name)), None)


class Selection(msgspec.Struct, frozen=True):
    """The selectors of a run: codes, prefixes of codes, names, or `ALL`.

    With a `select` of `None` the profile selects.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: str = "default"

    def check(self, rules: Iterable[Rule]) -> None:
        """Raise `UserError` for a selector that selects nothing."""
        check((*(self.select or ()), *self.extend_select, *self.ignore), rules)

    def chosen(self, rules: Iterable[Rule]) -> frozenset[str]:
        """The selected codes. The more specific selector wins; between equals, ignoring does."""
        profile = PROFILES[self.profile]
        table = {rule.code: profile(rule) for rule in rules} | dict.fromkeys(OWN, True)
        reverse = {code: name for name, code in names(rules).items()}
        chosen = set()
        for code, default in table.items():
            positive = [*(self.select or ()), *self.extend_select]
            best = max((_strength(word, code, reverse[code]) for word in positive), default=0)
            if self.select is None and default:
                best = max(best, 1)
            if code in OWN:
                best = max(best, 1)
            worst = max((_strength(word, code, reverse[code]) for word in self.ignore), default=0)
            if best > worst:
                chosen.add(code)
        return frozenset(chosen)


def check(selectors: Iterable[str], rules: Iterable[Rule]) -> None:
    """Raise `UserError` for a selector that selects nothing."""
    table = names(rules)
    codes = [*table.values()]
    for word in selectors:
        if word in ("ALL", *table) or any(code.startswith(word) for code in codes if word):
            continue
        raise UserError(f"unknown rule `{word}`", suggestion(word, [*table, *codes, "ALL"]))


def severities(wanted: Mapping[str, str], rules: Iterable[Rule]) -> dict[str, Severity]:
    """The severity of each code that a selector in `wanted` names; the most specific one wins."""
    found = {}
    for name, code in names(rules).items():
        selector = max(wanted, key=lambda word: _strength(word, code, name), default="")
        if _strength(selector, code, name) > 0:
            found[code] = Severity(wanted[selector])
    return found


def _strength(word: str, code: str, name: str) -> int:
    if word == "ALL":
        return 1
    if word in (code, name):
        return 10
    return 1 + len(word) if word and code.startswith(word) else 0
