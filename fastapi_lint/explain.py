"""`fastapi-lint rule`: the documentation of rules, in the terminal or as JSON."""

from __future__ import annotations

import os

import msgspec

from . import config, manual, plugins, terminal
from .errors import UserError, suggestion
from .registry import OWN, all_rules, find, names
from .rule import Rule


def explain(word: str, output_format: str) -> str:
    """The documentation of the rule with that code or name. Raises `UserError` if there is none."""
    rule = find(word, all_rules())
    if rule is None:
        code = names(()).get(word, word)
        if code in OWN:
            return (
                _json([_own_object(code)])
                if output_format == "json"
                else _drawn(manual.own_page(code))
            )
        rules = _available()
        rule = find(word, rules)
    if rule is None:
        table = names(rules)
        raise UserError(f"unknown rule `{word}`", suggestion(word, [*table, *table.values()]))
    if output_format == "json":
        return _json([_object(rule)])
    return _drawn(manual.page(rule))


def listing(output_format: str) -> str:
    """All rules, those of plugins included. Raises `UserError` for one that cannot be loaded."""
    rules = _available()
    if output_format == "json":
        return _json([_object(rule) for rule in rules])
    letters, width = (max(len(getattr(r, part)) for r in rules) for part in ("code", "name"))
    return "".join(
        f"{rule.code:<{letters}}  {rule.name:<{width}}  {rule.severity.value:<7}  "
        f"{'' if rule.default else '(opt-in) '}{rule.documentation().summary}\n"
        for rule in rules
    )


def _available() -> tuple[Rule, ...]:
    """The built-in rules, and those of the plugins that the working directory's settings name."""
    here = os.getcwd()
    found = config.discover(here)
    settings = config.load(found).settings if found is not None else config.Settings()
    return all_rules() + plugins.load(settings.plugins, here, all_rules()).rules


def _object(rule: Rule) -> dict[str, object]:
    documentation = rule.documentation()
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "default": rule.default,
        "security": rule.security,
        "fix": rule.fix.value,
        "versions": rule.versions,
        "proofs": manual.proofs()[1].get(rule.code, ()),
        "summary": documentation.summary,
        "explanation": documentation.text,
    }


def _own_object(code: str) -> dict[str, object]:
    documentation = manual.own(code)
    return {
        "code": code,
        "name": OWN[code],
        "summary": documentation.summary,
        "explanation": documentation.text,
    }


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _drawn(page: str) -> str:
    from rich.markdown import Markdown

    text = terminal.drawn(lambda console: console.print(Markdown(page)), wide=80)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
