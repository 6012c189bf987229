"""One run of `check`: from options to printed findings and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TextIO, TypeVar

import msgspec

from . import baseline, storage, streams, terminal, warm
from .config import Loaded, Settings, discover, load
from .engine import Report, Request, run
from .entry import COMMANDS
from .errors import UserError, suggestion
from .fix import Applicability
from .report import PAINTED, counted, renderer, visible
from .roots import common_folder, project_root
from .rule import Severity

_Result = TypeVar("_Result")
_WIDE = 400
"""Columns of a line of code that are shown where there is no terminal to fit."""
_RANK = {"never": -1, "error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Options:
    """What the command line says. `given` holds settings; `None` and `()` mean not given.

    `add` is the form of the comments that are to be added instead of reporting findings.
    """

    paths: tuple[str, ...]
    given: Mapping[str, Any]
    config: str | None = None
    isolated: bool = False
    diff: bool = False
    show_fixes: bool = False
    exit_zero: bool = False
    statistics: bool = False
    output_file: str | None = None
    stdin_filename: str | None = None
    diff_base: str | None = None
    add: str | None = None
    cache: bool = True
    cache_dir: str | None = None
    jobs: int | None = None
    quiet: bool = False


def main(options: Options) -> int:
    """Run and print. Gives the exit status: 0 clean, 1 findings, 2 the tool could not do it."""
    try:
        request = request_for(options)
        settings = request.loaded.settings
        if options.add is not None:
            return _add(request, options, options.add)
        if settings.fix or settings.fix_only or options.diff:
            return _fix(request, options)
        report = _new(attended(request, options.quiet, run), request, options)
        _spare_inputs(report, options)
        out, err = _output(report, options, settings), _messages(report, options, settings)
        status = _status(report, options, settings.fail_on)
        store(request, report, options, status, out, err)
        hand_out(out, err, options)
    except UserError as error:
        return refuse(error)
    return status


def refuse(error: UserError) -> int:
    """Show why the tool cannot do its job; gives the exit status."""
    hint = f"\n  hint: {visible(error.hint)}" if error.hint else ""
    write(sys.stderr, f"error: {visible(error.message)}{hint}\n")
    return 2


def _fix(request: Request, options: Options) -> int:
    """Fix, print and write as `main` does. What a run that changed nothing prints is stored."""
    from . import applying, fixes

    settings = request.loaded.settings
    fixed = attended(request, options.quiet, fixes.fix)
    report = _new(fixed.report, request, options)
    _spare_inputs(report, options)
    if options.diff:
        to_terminal = sys.stdout.isatty() and options.output_file is None
        out = applying.diff(fixed, _paint(options), to_terminal=to_terminal)
        err = applying.summary(fixed, options.quiet, would=True)
        status = int(bool(fixed.changes))
    else:
        failures = () if request.overlays else applying.write(fixed, request.root)
        if failures:
            report = _new(run(request), request, options)
        shown = not settings.fix_only
        out = _output(report, options, settings) if shown else ""
        err = _messages(report, options, settings, shown=shown)
        if options.show_fixes:
            err += applying.listing(fixed)
        if not failures:
            err += applying.summary(fixed, options.quiet)
        err += "".join(f"not fixed: {visible(failure)}\n" for failure in failures)
        status = _status(report, options, settings.fail_on) if shown else 0
        if failures:
            status = 2
        if request.overlays and options.output_file is None:
            err = out + err
            out = ""
    if fixed.report.crashes:
        status = 2
    if not fixed.changes:
        exact = replace(report, inputs=replace(report.inputs, senses={}))
        store(request, exact, options, status, out, err)
    if request.overlays and not options.diff:
        streams.write(sys.stdout, applying.text_of(request, fixed))
    hand_out(out, err, options)
    return status


def _add(request: Request, options: Options, form: str) -> int:
    """Suppress all findings by comments; 1 if some cannot be suppressed by any."""
    from .adding import add

    if request.overlays:
        raise UserError("comments are added to files, not to standard input")
    report = _new(attended(request, options.quiet, run), request, options)
    said, is_complete = add(report, form)
    write(sys.stderr, said)
    return 2 if report.crashes else int(not is_complete)


def _spare_inputs(report: Report, options: Options) -> None:
    """Raise `UserError` if the output file is one that was read."""
    path = options.output_file
    if path is None or not os.path.exists(path):
        return
    output = os.stat(path)
    for read in filter(os.path.exists, report.inputs.seen):
        if os.path.samestat(output, os.stat(read)):
            raise UserError(f"cannot write {path}: it was read, and would be lost")


def hand_out(out: str, err: str, options: Options) -> None:
    """Hand out what a run says. Raises `UserError` if the output file cannot be written."""
    data = out.encode("utf-8", "surrogateescape" if options.diff else "backslashreplace")
    if options.output_file is None:
        streams.write(sys.stdout, data)
    else:
        _write_file(options.output_file, data)
    write(sys.stderr, err)


def store(
    request: Request, report: Report, options: Options, status: int, out: str, err: str
) -> None:
    """Store what can be repeated: what only depends on files, and is printed."""
    folder, inputs = request.cache_folder, report.inputs
    is_repeatable = options.diff_base is None and options.output_file is None
    if folder is not None and is_repeatable and not request.overlays and not report.crashes:
        shown = report.texts.opened()
        senses = {path: sense for path, sense in inputs.senses.items() if path not in shown}
        inputs = replace(inputs, senses=senses)
        warm.store(sys.argv[1:], request.paths, folder, request.begun_ns, status, out, err, inputs)


def _new(report: Report, request: Request, options: Options) -> Report:
    """The report on what is not in the baseline and was not there before."""
    path = baseline_path(request)
    if path is not None:
        report = baseline.apply(report, path)
    if options.diff_base is not None:
        from .since import new_since

        report = new_since(options.diff_base, request, report)
    return report


def attended(request: Request, quiet: bool, work: Callable[[Request], _Result]) -> _Result:
    """Do what a request asks for, with a progress bar where somebody waits. Raises `UserError`."""
    from .progress import shown

    with shown(not quiet) as progress:
        return work(replace(request, progress=progress))


def baseline_path(request: Request) -> str | None:
    """The absolute path of the baseline that the settings name."""
    name = request.loaded.settings.baseline
    return None if name is None else os.path.join(request.loaded.base(request.root), name)


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
    if options.diff_base is not None or options.add is not None:
        if options.diff or changes.get("fix") or changes.get("fix_only"):
            raise UserError("--diff-base, --add-ignore and --add-noqa do not go with fixing")
        changes |= {"fix": False, "fix_only": False}
    if changes.get("profile"):
        changes = {"select": None, **changes}
    if changes.get("baseline"):
        changes["baseline"] = os.path.abspath(changes["baseline"])
    settings = msgspec.structs.replace(loaded.settings, **changes)
    loaded = msgspec.structs.replace(loaded, settings=settings)
    folder = storage.folder_for(root, options.cache_dir) if options.cache else None
    origin = "command line" if options.given.get("fastapi_version") else "configuration"
    return Request(paths, loaded, root, overlays, folder, options.jobs, origin)


def _paths(options: Options) -> tuple[tuple[str, ...], Mapping[str, bytes]]:
    if options.paths == ("-",):
        path = os.path.abspath(options.stdin_filename or "stdin.py")
        return (path,), {path: sys.stdin.buffer.read()}
    if "-" in options.paths:
        raise UserError("`-` cannot be mixed with other paths")
    paths = tuple(os.path.abspath(path) for path in options.paths or (".",))
    for path, word in zip(paths, options.paths or (".",), strict=True):
        if not os.path.lexists(path):
            hint = suggestion(word, list(COMMANDS)) if os.sep not in word else None
            raise UserError(f"{path} does not exist", hint)
    return paths, {}


def _output(report: Report, options: Options, settings: Settings) -> str:
    output_format = settings.output_format
    if options.statistics:
        from .report.statistics import render

        return render(report, output_format, _paint(options))
    if output_format == "full":
        from .report.full import draw

        to_file = options.output_file is not None
        return terminal.drawn(lambda console: draw(report, console), wide=_WIDE, to_file=to_file)
    render = renderer(output_format)
    return render(report, _paint(options)) if output_format in PAINTED else render(report)


def _paint(options: Options) -> terminal.Paint:
    return terminal.paint(sys.stdout, to_file=options.output_file is not None)


def _messages(report: Report, options: Options, settings: Settings, *, shown: bool = True) -> str:
    lines = []
    if not options.quiet and shown:
        lines.append(_summary(report))
        if not settings.fix and (fixable := _fixable(report, settings.unsafe_fixes)):
            lines.append(fixable)
    lines.extend(crashes(report))
    return "".join(f"{visible(line)}\n" for line in lines)


def crashes(report: Report) -> Iterator[str]:
    """What is said of rules that failed, in lines."""
    for crash in report.crashes:
        yield f"internal error in {crash.code} {crash.name}; please report it:"
        yield from map(visible, crash.details.splitlines())


def write(stream: TextIO, text: str) -> None:
    """Write text as UTF-8. A reader that has gone is no error; a full disk ends the run with 2."""
    streams.write(stream, text.encode("utf-8", "backslashreplace"))


def _write_file(path: str, data: bytes) -> None:
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None


def _summary(report: Report) -> str:
    summary = report.summary
    if summary.fastapi is None:
        return f"No FastAPI application in {counted(summary.files, 'file')}."
    found = len(report.findings)
    looked = (
        f"{counted(summary.files, 'file')}, {counted(summary.apps, 'application')}, "
        f"{counted(summary.routes, 'route')}, {summary.fastapi.describe()}"
    )
    new = "new " if report.known else ""
    head = counted(found, f"{new}finding") if found else f"No {new}findings"
    known = f" ({report.known} known)" if report.known else ""
    return f"{head}{known} in {looked}."


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


def _status(report: Report, options: Options, fail_on: str) -> int:
    if report.crashes:
        return 2
    worst = min((_RANK[Severity(f.severity).value] for f in report.findings), default=3)
    return 1 if worst <= _RANK[fail_on] and not options.exit_zero else 0
