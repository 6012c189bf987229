"""The command line: nothing but the handling of arguments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from . import __version__
from .config import FORMATS, SEVERITIES
from .errors import UserError

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Group(click.Group):
    """A group whose first command runs when none is named: `fastapi-lint src/`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, "--help", "-h", "--version", "-V"):
            args.insert(0, "check")
        return super().parse_args(ctx, args)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="fastapi-lint %(version)s")
def cli() -> None:
    """Find the mistakes that FastAPI lets through silently.

    Without a command, `check` runs: fastapi-lint src/
    """


def _words(_: click.Context, __: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.strip() for item in value for word in item.split(",") if word.strip())


def _selector(flag: str, text: str) -> Callable[[_Command], _Command]:
    return click.option(flag, multiple=True, callback=_words, metavar="RULES", help=text)


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path())
@_selector("--select", "Codes, prefixes or names of the rules to run, or ALL.")
@_selector("--extend-select", "Rules to run besides the selected ones.")
@_selector("--ignore", "Rules not to run.")
@click.option("--fix/--no-fix", default=None, help="Fix findings, as far as that is safe.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="Make (and show) fixes that must be reviewed, too.",
)
@click.option("--diff", is_flag=True, help="Print what would be fixed, and write nothing.")
@click.option("--fix-only", is_flag=True, default=None, help="Fix, and do not report the rest.")
@click.option("--show-fixes", is_flag=True, help="List the findings that were fixed.")
@_selector("--fixable", "Rules whose findings may be fixed (default: ALL).")
@_selector("--unfixable", "Rules whose findings are not to be fixed.")
@click.option("--output-format", type=click.Choice(FORMATS), help="How findings are printed.")
@click.option("--fastapi-version", metavar="VERSION", help="Judge by this FastAPI version.")
@click.option("--config", metavar="FILE", help="Read settings from this file.")
@click.option("--isolated", is_flag=True, help="Read no configuration file.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 1 only from this severity on.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 although there are findings.")
@click.option("--statistics", is_flag=True, help="Print counts per rule instead of findings.")
@click.option("--stdin-filename", metavar="FILE", help="The path that `-` stands for.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to use (default: as it pays).")
@click.option("--quiet", "-q", is_flag=True, help="Print findings only.")
def check(
    paths: tuple[str, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool | None,
    unsafe_fixes: bool | None,
    diff: bool,
    fix_only: bool | None,
    show_fixes: bool,
    fixable: tuple[str, ...],
    unfixable: tuple[str, ...],
    output_format: str | None,
    fastapi_version: str | None,
    config: str | None,
    isolated: bool,
    fail_on: str | None,
    exit_zero: bool,
    statistics: bool,
    stdin_filename: str | None,
    no_cache: bool,
    jobs: int | None,
    quiet: bool,
) -> None:
    """Check PATHS (default: the current folder). `-` reads standard input.

    Paths choose what is reported; the rest of the project is always read as well.
    """
    from .run import Options, main

    given = {
        "select": select or None,
        "extend_select": extend_select,
        "ignore": ignore,
        "fix": fix,
        "unsafe_fixes": unsafe_fixes,
        "fix_only": fix_only,
        "fixable": fixable,
        "unfixable": unfixable,
        "output_format": output_format,
        "fastapi_version": fastapi_version,
        "fail_on": fail_on,
    }
    options = Options(
        paths=paths,
        given=given,
        diff=diff,
        show_fixes=show_fixes,
        config=config,
        isolated=isolated,
        exit_zero=exit_zero,
        statistics=statistics,
        stdin_filename=stdin_filename,
        cache=not no_cache,
        jobs=jobs,
        quiet=quiet,
    )
    sys.exit(main(options))


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
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
def draw_map(
    paths: tuple[str, ...],
    output_format: str,
    route: str | None,
    fastapi_version: str | None,
    config: str | None,
    isolated: bool,
    no_cache: bool,
) -> None:
    """Show the applications made in PATHS as FastAPI would build them.

    Routes, middleware, dependencies, and the findings on them. What cannot be told is shown as
    unknown.
    """
    from .map.command import main
    from .run import Options

    given = {"fastapi_version": fastapi_version}
    options = Options(paths, given, config=config, isolated=isolated, cache=not no_cache)
    sys.exit(main(options, output_format, route))


@cli.command()
@click.argument("rule", required=False)
@click.option("--all", "every", is_flag=True, help="List all rules.")
@click.option("--output-format", type=click.Choice(("text", "json")), default="text")
def rule(rule: str | None, every: bool, output_format: str) -> None:
    """Explain a rule by code or name, or list --all."""
    from .explain import explain, listing

    if every == (rule is not None):
        raise click.UsageError("give a rule's code or name, or --all")
    try:
        text = listing(output_format) if rule is None else explain(rule, output_format)
    except UserError as error:
        click.echo(f"error: {error.message}" + (f" ({error.hint})" if error.hint else ""), err=True)
        sys.exit(2)
    click.echo(text, nl=False)
