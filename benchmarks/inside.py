"""What a run spends beside parsing, within one process: `python benchmarks/inside.py TREE`.

Three figures, all processor time of one process without a cache:

- *parse*: `libcst.parse_module` over the files that a run parsed, which is what an analyzer on
  LibCST would spend at the least.
- *rest*: a whole run in Python (`Run(request).report()`: discovery, reading, scanning, lowering,
  linking, all default rules, positions, suppression), but for the interpreter's own parsing, which
  is what passes within `ast.parse`. What imports cost is left out: a tiny project was run before.
- *rule*: the mean over all rules of asking one again, when everything that rules share is known.

Each call of `measured` is a process of its own, so that nothing is known from a former round.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from timing import succeed


@dataclass(frozen=True)
class Inside:
    """The figures in seconds; the files that were parsed, their size, and those with findings."""

    parse: float
    rest: float
    rule: float
    rules: int
    size: int
    parsed: tuple[str, ...]
    found: tuple[str, ...]


def measured(tree: str) -> Inside:
    """The figures of a tree."""
    return Inside(**json.loads(succeed([sys.executable, __file__, "--json", tree]).out))


def least(figures: list[Inside]) -> Inside:
    """The least of each figure, from several rounds over one tree."""
    times = {name: min(getattr(f, name) for f in figures) for name in ("parse", "rest", "rule")}
    return Inside(**{**asdict(figures[0]), **times})


@contextmanager
def _timed(seconds: list[float]) -> Iterator[None]:
    """Note how long the interpreter parses."""
    parse = ast.parse

    def timed(*arguments: Any, **keywords: Any) -> Any:
        started = time.process_time()
        try:
            return parse(*arguments, **keywords)
        finally:
            seconds.append(time.process_time() - started)

    ast.parse = timed
    try:
        yield
    finally:
        ast.parse = parse


def _measure(tree: str) -> Inside:
    import libcst

    from fastapi_lint.config import Loaded, Settings
    from fastapi_lint.engine import Request, Run
    from fastapi_lint.judging import judge

    def request(root: str) -> Request:
        return Request((root,), Loaded(Settings(), None), root, processes=1)

    gc.disable()  # as the command does
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
        Run(request(folder)).report()
    parsing: list[float] = []
    with _timed(parsing):
        started = time.process_time()
        linted = Run(request(tree))
        report = linted.report()
        rest = time.process_time() - started - sum(parsing)
    again = 0.0
    for rule in linted.rules:
        list(judge(rule, report.context))
        started = time.process_time()
        list(judge(rule, report.context))
        again += time.process_time() - started
    parsed = sorted(path for path in linted.observer.known() if os.path.isfile(path))
    contents = [Path(path).read_bytes() for path in parsed]
    started = time.process_time()
    for data in contents:
        with suppress(Exception):
            libcst.parse_module(data)
    return Inside(
        time.process_time() - started,
        rest,
        again / len(linted.rules),
        len(linted.rules),
        sum(map(len, contents)),
        tuple(parsed),
        tuple(sorted({finding.path for finding in report.findings})),
    )


def main(tree: str) -> None:
    """Print the figures."""
    figures = measured(tree)
    print(f"{len(figures.parsed)} files with {figures.size / 1e6:.2f} MB parsed")
    print(f"{'parse':<8}{figures.parse * 1e3:>10.1f} ms")
    print(f"{'rest':<8}{figures.rest * 1e3:>10.1f} ms{figures.rest / figures.parse:>10.3f} x")
    print(f"{'rule':<8}{figures.rule * 1e3:>10.3f} ms{figures.rule / figures.parse:>10.5f} x")


if __name__ == "__main__":
    if sys.argv[1] == "--json":
        print(json.dumps(asdict(_measure(sys.argv[2]))))
    else:
        main(os.path.abspath(sys.argv[1]))
