"""The command line: nothing but the handling of arguments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from . import __version__, completion
from .config import FORMATS, SEVERITIES
from .errors import UserError
from .registry import PROFILES

if TYPE_CHECKING:
    from .run import Options

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Group(click.Group):
    """A group whose first command runs when none is named: `fastapi-lint src/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_first_word_missing = ctx.resilient_parsing and not args
        known = (*self.commands, "--help", "-h", "--version", "-V")
        if not is_first_word_missing and (not args or args[0] not in known):
            args.insert(0, "check")
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and what may follow `check`."""
        check = self.commands["check"].shell_complete(ctx, incomplete)
        own = super().shell_complete(ctx, incomplete)
        if not incomplete.startswith("-"):
            own.append(CompletionItem(incomplete, type="file"))
        return own + [item for item in check if item.value not in {word.value for word in own}]


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="fastapi-lint %(version)s")
def cli() -> None:
    """Find the mistakes that FastAPI lets through silently.

    Without a command, `check` runs: fastapi-lint src/
    """


_RULES, _PROJECT, _OUTPUT = "Rules", "Project and settings", "Output"
_ADOPTING, _RUNNING = "Adopting in an existing project", "Running"
_FIXES = "Fixes"
_SECTIONS = (_RULES, _FIXES, _PROJECT, _OUTPUT, _ADOPTING, _RUNNING)


class _Option(click.Option):
    """An option that `--help` shows in a section."""

    def __init__(self, *arguments: Any, section: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.section = section


class _Sections(click.Command):
    """A command whose `--help` shows its options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {section: [] for section in _SECTIONS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, click.Option) and record is not None:
                sections[getattr(parameter, "section", _RUNNING)].append(record)
        for section, records in sections.items():
            if records:
                with formatter.section(section):
                    formatter.write_dl(records)


def _words(_: click.Context, __: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for item in value for word in item.split(",") if word.strip())


def _option(section: str, *names: str, **attributes: Any) -> Callable[[_Command], _Command]:
    return click.option(*names, cls=_Option, section=section, **attributes)


def _selector(flag: str, text: str, section: str = _RULES) -> Callable[[_Command], _Command]:
    return _option(
        section, flag, multiple=True, callback=_words, metavar="RULES", help=text,
        shell_complete=completion.rule_words,
    )  # fmt: skip


def _options(*options: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """All of the options as one decorator, in their order."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_PATHS = click.argument("paths", nargs=-1, type=click.Path())
_WHAT = _options(
    _PATHS,
    _option(
        _RULES, "--profile", type=click.Choice([*PROFILES]), metavar="PROFILE",
        help=f"Rules to start from: {', '.join(PROFILES)}.",
    ),
    _selector("--select", "Codes, prefixes or names of the rules to run, or ALL."),
    _selector("--extend-select", "Rules to run besides the selected ones."),
    _selector("--ignore", "Rules not to run."),
    _option(_PROJECT, "--fastapi-version", metavar="VERSION", help="Judge by this version."),
    _option(_PROJECT, "--config", metavar="FILE", help="Read settings from this file."),
    _option(_PROJECT, "--isolated", is_flag=True, help="Read no configuration file."),
    _option(_ADOPTING, "--baseline", metavar="FILE", help="Findings that are accepted for now."),
    _option(
        _RUNNING, "--no-cache", "cache", is_flag=True, flag_value=False, default=True,
        help="Neither read nor write the cache.",
    ),
    _option(
        _RUNNING, "--cache-dir", metavar="DIR",
        help="Keep caches in this folder, not in the projects.",
    ),
    _option(
        _RUNNING, "--jobs", metavar="N", type=click.IntRange(min=1),
        help="Processes to use (default: as it pays).",
    ),
    _option(_RUNNING, "--quiet", "-q", is_flag=True, help="Print neither summary nor progress."),
)  # fmt: skip
_SETTINGS = (
    "profile", "select", "extend_select", "ignore", "fix", "unsafe_fixes", "fix_only", "fixable",
    "unfixable", "output_format", "fastapi_version", "fail_on", "baseline",
)  # fmt: skip


def _parsed(flags: dict[str, Any]) -> Options:
    """The options of a run from the values of flags."""
    from .run import Options

    given = {key: flags.pop(key) for key in _SETTINGS if key in flags}
    return Options(given=given, **flags)


@cli.command(cls=_Sections)
@_WHAT
@_option(_FIXES, "--fix/--no-fix", default=None, help="Fix findings, as far as that is safe.")
@_option(
    _FIXES,
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Make (and show) fixes that must be reviewed, too.",
)
@_option(_FIXES, "--diff", is_flag=True, help="Print what would be fixed, and write nothing.")
@_option(_FIXES, "--fix-only", is_flag=True, default=None, help="Fix, and do not report the rest.")
@_option(_FIXES, "--show-fixes", is_flag=True, help="List the findings that were fixed.")
@_selector("--fixable", "Rules whose findings may be fixed (default: ALL).", _FIXES)
@_selector("--unfixable", "Rules whose findings are not to be fixed.", _FIXES)
@_option(_PROJECT, "--stdin-filename", metavar="FILE", help="The path that `-` stands for.")
@_option(
    _OUTPUT,
    "--output-format",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help=f"How findings are printed: {', '.join(FORMATS)}.",
)
@_option(_OUTPUT, "--output-file", "-o", metavar="FILE", help="Write them to this file.")
@_option(_OUTPUT, "--statistics", is_flag=True, help="Print counts per rule instead of findings.")
@_option(
    _OUTPUT,
    "--fail-on",
    type=click.Choice(SEVERITIES),
    metavar="SEVERITY",
    help=f"Exit 1 only from this severity on: {', '.join(SEVERITIES)}.",
)
@_option(_OUTPUT, "--exit-zero", is_flag=True, help="Exit 0 although there are findings.")
@_option(
    _ADOPTING,
    "--diff-base",
    metavar="REVISION",
    help="Report only what the files of this git revision do not have.",
)
@_option(
    _ADOPTING,
    "--add-ignore",
    "add",
    flag_value="ignore",
    help="Suppress all findings with `# fastapi-lint: ignore[...]` comments.",
)
@_option(
    _ADOPTING,
    "--add-noqa",
    "add",
    flag_value="noqa",
    help="Suppress all findings with `# noqa: ...` comments.",
)
def check(**flags: Any) -> None:
    """Check PATHS (default: the current folder). `-` reads standard input.

    Paths choose what is reported; the rest of the project is always read as well.
    """
    from .run import main

    sys.exit(main(_parsed(flags)))


@cli.group()
def baseline() -> None:
    """Accept the present findings for now, and see which are gone."""


@baseline.command(cls=_Sections)
@_WHAT
def create(**flags: Any) -> None:
    """Write the findings in PATHS to a new baseline file."""
    from .accept import create

    sys.exit(create(_parsed(flags)))


@baseline.command(cls=_Sections)
@_WHAT
@_option(_ADOPTING, "--prune", is_flag=True, help="Only take out what is gone; accept no more.")
def update(prune: bool, **flags: Any) -> None:
    """Bring the baseline file up to date with the findings in PATHS."""
    from .accept import update

    sys.exit(update(_parsed(flags), prune=prune))


@baseline.command("check", cls=_Sections)
@_WHAT
def check_baseline(**flags: Any) -> None:
    """List the entries of the baseline file that are gone; exit 1 if there are any."""
    from .accept import check

    sys.exit(check(_parsed(flags)))


@cli.command("map")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("tree", "json", "mermaid", "html")),
    default="tree",
    help="How the map is drawn.",
)
@click.option("--route", metavar="ROUTE", help="What runs for one request: GET:/users/{id}.")
@click.option("--fastapi-version", metavar="VERSION", help="Draw it for this FastAPI version.")
@click.option("--config", metavar="FILE", help="Read settings from this file.")
@click.option("--isolated", is_flag=True, help="Read no configuration file.")
@click.option("--output-file", "-o", metavar="FILE", help="Write the map to this file.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("--quiet", "-q", is_flag=True, help="Print no progress.")
def draw_map(
    paths: tuple[str, ...],
    output_format: str,
    route: str | None,
    fastapi_version: str | None,
    no_cache: bool,
    **flags: Any,
) -> None:
    """Show the applications made in PATHS as FastAPI would build them.

    Routes, middleware, dependencies, and the findings on them. What cannot be told is shown as
    unknown.
    """
    from .map.command import main
    from .run import Options

    options = Options(paths, {"fastapi_version": fastapi_version}, cache=not no_cache, **flags)
    sys.exit(main(options, output_format, route))


@cli.command()
@click.argument("rule", required=False, shell_complete=completion.rule_words)
@click.option("--all", "every", is_flag=True, help="List all rules.")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def rule(rule: str | None, every: bool, output_format: str) -> None:
    """Explain a rule by code or name, or list --all."""
    from .explain import explain, listing
    from .run import refuse, write

    if every == (rule is not None):
        raise click.UsageError("give a rule's code or name, or --all")
    try:
        text = listing(output_format) if rule is None else explain(rule, output_format)
    except UserError as error:
        sys.exit(refuse(error))
    write(sys.stdout, text)


@cli.command("completion")
@click.argument("shell", type=click.Choice(completion.SHELLS))
def show_completion(shell: str) -> None:
    """Print the script that makes a SHELL complete commands, flags and rules.

    For example in ~/.bashrc: eval "$(fastapi-lint completion bash)"
    """
    click.echo(completion.script(cli, shell))


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True))
@click.option("--cache-dir", metavar="DIR", help="The folder in which caches are kept.")
def clean(paths: tuple[str, ...], cache_dir: str | None) -> None:
    """Remove the caches of the projects of PATHS (default: the current folder).

    With --cache-dir, or FASTAPI_LINT_CACHE_DIR in the environment, all caches in that folder are
    removed as well.
    """
    from .cleaning import clean as remove

    click.echo(remove(paths or (".",), cache_dir))


@cli.command()
def server() -> None:
    """Serve an editor over standard input and output (needs the extra `lsp`)."""
    try:
        from .server.app import start
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        click.echo('error: the server needs pygls: pip install "fastapi-lint[lsp]"', err=True)
        sys.exit(2)
    start()
