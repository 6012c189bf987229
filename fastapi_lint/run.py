"""One run of `check`: from options to printed findings and an exit status."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TextIO

import msgspec

from . import warm
from .cache import folder_for
from .config import Loaded, Settings, discover, load
from .engine import Report, Request, run
from .errors import UserError
from .fix import Applicability
from .report import renderer
from .roots import common_folder, project_root
from .rule import Severity

_WIDE = 400
"""Columns of a line of code that are shown where there is no terminal to fit."""
_RANK = {"never": -1, "error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Options:
    """What the command line says. `given` holds settings; `None` and `()` mean not given."""

    paths: tuple[str, ...]
    given: Mapping[str, Any]
    diff: bool = False
    show_fixes: bool = False
    config: str | None = None
    isolated: bool = False
    exit_zero: bool = False
    statistics: bool = False
    stdin_filename: str | None = None
    cache: bool = True
    jobs: int | None = None
    quiet: bool = False


def main(options: Options) -> int:
    """Run and print. Gives the exit status: 0 clean, 1 findings, 2 the tool could not do it."""
    try:
        request = request_for(options)
        settings = request.loaded.settings
        if settings.fix or settings.fix_only or options.diff:
            return _fix(request, options)
        report = run(request)
    except UserError as error:
        return refuse(error)
    out, err = _output(report, options, settings), _messages(report, options, settings)
    status = _status(report, options, settings.fail_on)
    _store(request, report, options, status, out, err)
    write(sys.stdout, out)
    write(sys.stderr, err)
    return status


def _fix(request: Request, options: Options) -> int:
    """Fix, print and write as `main` does. What a run that changed nothing prints is stored."""
    from . import applying, fixes

    settings = request.loaded.settings
    fixed = fixes.fix(request)
    if options.diff:
        out = applying.diff(fixed, is_coloured=applying.is_coloured(sys.stdout))
        err = applying.summary(fixed, options.quiet, would=True)
        status = int(bool(fixed.changes))
    else:
        failures = () if request.overlays else applying.write(fixed, request.root)
        report = run(request) if failures else fixed.report
        shown = not settings.fix_only
        out = _output(report, options, settings) if shown else ""
        err = _messages(report, options, settings, shown=shown)
        if options.show_fixes:
            err += applying.listing(fixed)
        if not failures:
            err += applying.summary(fixed, options.quiet)
        err += "".join(f"not fixed: {failure}\n" for failure in failures)
        status = _status(report, options, settings.fail_on) if shown else 0
        if failures:
            status = 2
        if request.overlays:
            err = out + err
            out = ""
    if fixed.report.crashes:
        status = 2
    if not fixed.changes:
        _store(request, fixed.report, options, status, out, err)
    if request.overlays and not options.diff:
        sys.stdout.buffer.write(applying.text_of(request, fixed))
    write(sys.stdout, out)
    write(sys.stderr, err)
    return status


def _store(
    request: Request, report: Report, options: Options, status: int, out: str, err: str
) -> None:
    if options.cache and not request.overlays and not report.crashes:
        warm.store(sys.argv[1:], status, out, err, report.inputs.files, report.inputs.folders)


def refuse(error: UserError) -> int:
    """Show why the tool cannot do its job; gives the exit status."""
    hint = f"\n  hint: {error.hint}" if error.hint else ""
    write(sys.stderr, f"error: {error.message}{hint}\n")
    return 2


def request_for(options: Options) -> Request:
    """What the options and the settings ask of the engine. Raises `UserError`."""
    paths, overlays = _paths(options)
    root = project_root(paths)
    loaded = Loaded(Settings(), None)
    if options.config is not None:
        loaded = load(os.path.abspath(options.config))
    elif not options.isolated:
        found = discover(common_folder(paths))
        if found is not None:
            loaded = load(found)
    changes = {key: value for key, value in options.given.items() if value not in (None, ())}
    settings = msgspec.structs.replace(loaded.settings, **changes)
    folder = folder_for(root) if options.cache else None
    origin = "command line" if options.given.get("fastapi_version") else "configuration"
    return Request(
        paths, Loaded(settings, loaded.path), root, overlays, folder, options.jobs, origin
    )


def _paths(options: Options) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    if options.paths == ("-",):
        path = os.path.abspath(options.stdin_filename or "stdin.py")
        return (path,), {path: sys.stdin.buffer.read()}
    if "-" in options.paths:
        raise UserError("`-` cannot be mixed with other paths")
    paths = tuple(os.path.abspath(path) for path in options.paths or (".",))
    for path in paths:
        if not os.path.lexists(path):
            raise UserError(f"{path} does not exist")
    return paths, {}


def _output(report: Report, options: Options, settings: Settings) -> str:
    if options.statistics:
        return _statistics(report)
    if settings.output_format == "full":
        return _drawn(report)
    return renderer(settings.output_format)(report)


def _drawn(report: Report) -> str:
    from rich.console import Console

    from .report.full import draw

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
    console = Console(emoji=False, markup=False, highlight=False, width=width)
    with console.capture() as captured:
        draw(report, console)
    return captured.get()


def _messages(report: Report, options: Options, settings: Settings, *, shown: bool = True) -> str:
    lines = []
    if not options.quiet and shown:
        lines.append(_summary(report))
        if not settings.fix and (fixable := _fixable(report, settings.unsafe_fixes)):
            lines.append(fixable)
    for crash in report.crashes:
        lines.append(f"internal error in {crash.code} {crash.name}; please report it:")
        lines.append(crash.details)
    return "".join(f"{line}\n" for line in lines)


def write(stream: TextIO, text: str) -> None:
    """Write text as UTF-8; a reader that has gone is no error."""
    try:
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _statistics(report: Report) -> str:
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:>6}  {code}  {name}\n" for (code, name), count in rows)


def _summary(report: Report) -> str:
    summary = report.summary
    if summary.fastapi is None:
        return f"No FastAPI application in {_count(summary.files, 'file')}."
    found = len(report.findings)
    looked = (
        f"{_count(summary.files, 'file')}, {_count(summary.apps, 'application')}, "
        f"{_count(summary.routes, 'route')}, {summary.fastapi.describe()}"
    )
    head = _count(found, "finding") if found else "No findings"
    return f"{head} in {looked}."


def _fixable(report: Report, unsafe: bool) -> str | None:
    """How many findings the options would fix."""
    fixes = [f.fix.applicability for f in report.findings if f.fix is not None]
    hidden = 0 if unsafe else sum(fix is Applicability.UNSAFE for fix in fixes)
    if not fixes:
        return None
    more = f"{hidden} with --fix --unsafe-fixes"
    if hidden == len(fixes):
        return f"Fixable: {more}."
    return f"Fixable: {len(fixes) - hidden} with --fix [*]{f', {more}' if hidden else ''}."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _status(report: Report, options: Options, fail_on: str) -> int:
    if report.crashes:
        return 2
    worst = min((_RANK[Severity(f.severity).value] for f in report.findings), default=3)
    return 1 if worst <= _RANK[fail_on] and not options.exit_zero else 0
