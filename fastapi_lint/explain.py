"""`fastapi-lint rule`: the documentation of rules, in the terminal or as JSON."""

from __future__ import annotations

import os

import msgspec

from . import config, plugins
from .errors import UserError, suggestion
from .registry import OWN, all_rules, find, names
from .rule import Fixability, Rule


def explain(word: str, output_format: str) -> str:
    """The documentation of the rule with that code or name. Raises `UserError` if there is none."""
    rule = find(word, all_rules())
    if rule is None:
        own = {name: code for code, name in OWN.items()} | {code: code for code in OWN}
        if word in own:
            return f"{own[word]} {OWN[own[word]]}: reported by the linter itself\n"
        rules = _available()
        rule = find(word, rules)
    if rule is None:
        table = names(rules)
        raise UserError(f"unknown rule `{word}`", suggestion(word, [*table, *table.values()]))
    if output_format == "json":
        return _json([_object(rule)])
    return _drawn(rule)


def listing(output_format: str) -> str:
    """All rules, those of plugins included. Raises `UserError` for one that cannot be loaded."""
    rules = _available()
    if output_format == "json":
        return _json([_object(rule) for rule in rules])
    width = max(len(rule.name) for rule in rules)
    return "".join(
        f"{rule.code}  {rule.name:<{width}}  {rule.severity.value:<7}  "
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
        "fix": rule.fix.value,
        "summary": documentation.summary,
        "explanation": documentation.text,
    }


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _drawn(rule: Rule) -> str:
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(markup=False, emoji=False)
    state = "on by default" if rule.default else "opt-in"
    fix = "no fix" if rule.fix is Fixability.NONE else f"{rule.fix.value} fix"
    head = f"# {rule.code} {rule.name}\n\n{rule.severity.value}, {state}, {fix}\n\n"
    with console.capture() as captured:
        console.print(Markdown(head + rule.documentation().text))
    return captured.get()
