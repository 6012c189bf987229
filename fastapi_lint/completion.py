"""What does a shell offer after `fastapi-lint <Tab>`, and how is it told?"""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem, get_completion_class

SHELLS = ("bash", "zsh", "fish")
PROGRAM = "fastapi-lint"
VARIABLE = "_FASTAPI_LINT_COMPLETE"
"""The environment variable by which a shell's script asks for words instead of a run."""


def script(cli: click.Command, shell: str) -> str:
    """The script that makes a shell of `SHELLS` complete the words of the command line."""
    completion = get_completion_class(shell)
    assert completion is not None
    text = completion(cli, {}, PROGRAM, VARIABLE).source()
    # fish is to cut at the first comma alone: what follows is the help, which may have others
    return text.replace('string split ","', 'string split --max 1 ","')


def rule_words(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes and names of the rules that begin with a word; of a list, its last word."""
    from .registry import all_rules

    before, comma, word = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{value}", help=rule.documentation().summary)
        for rule in all_rules()
        for value in (rule.code, rule.name)
        if value.startswith(word)
    ]
