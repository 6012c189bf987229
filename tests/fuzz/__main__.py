"""Run the fuzzers: `python -m tests.fuzz MODE --seconds 600 [--files FOLDER] [--seed N]`.

Modes: `grammar` makes projects from a grammar of its own; `mutate` damages the fixtures, or the
projects below `--files`; `hypothesmith` takes modules from that package (`pip install
hypothesmith`). What fails is made smaller and written to `--out`. `coverage.py` is run on its own.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from .check import Failure, Files, check
from .generate import Generator
from .mutate import Mutator, projects
from .shrink import shrink

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_BATCH = 50
"""Projects that one process checks, so that what a native crash loses is little."""


def main() -> int:
    """Parse arguments and run one mode; status 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("mode", choices=("grammar", "mutate", "hypothesmith"))
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--files", type=Path, default=_FIXTURES)
    parser.add_argument("--out", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    if options.mode == "hypothesmith":
        from .modules import run as run_modules

        return run_modules(options.seconds, options.seed)
    return _random(options)


def _random(options: argparse.Namespace) -> int:
    make = _maker(options)
    end = time.monotonic() + options.seconds
    seed, failed = options.seed, 0
    while time.monotonic() < end:
        failed += _batch(make, seed, options.out)
        seed += _BATCH
    print(f"{options.mode}: {seed - options.seed:,} projects, {failed} failures", flush=True)
    return 1 if failed else 0


def _maker(options: argparse.Namespace) -> Callable[[int], Files]:
    if options.mode == "grammar":
        return lambda seed: Generator(Random(seed)).project()
    found = projects(options.files)
    return lambda seed: Mutator(Random(seed), found).project()


def _batch(make: Callable[[int], Files], first: int, out: Path) -> int:
    """Check a batch of seeds in a process of its own; the number of failures."""
    failed = 0
    seeds = list(range(first, first + _BATCH))
    while seeds:
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            _child(make, seeds, out, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            lines = pipe.read().splitlines()
        status = os.waitpid(process, 0)[1]
        failed += lines.count("failed")
        done = len(lines)
        if status:
            culprit = seeds[done]
            failed += 1
            reason = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "died"
            _store(out, culprit, make(culprit), reason)
            done += 1
        seeds = seeds[done:]
    return failed


def _child(make: Callable[[int], Files], seeds: list[int], out: Path, pipe: int) -> None:
    signal.setitimer(signal.ITIMER_PROF, 600)
    for seed in seeds:
        files = make(seed)
        try:
            check(files)
            verdict = b"ok\n"
        except Failure as failure:
            smaller = shrink(files)
            verdict = b"ok\n" if smaller is None else b"failed\n"
            if smaller is None:
                print(f"{seed}: {failure} (not when it was tried again)", flush=True)
            else:
                _store(out, seed, smaller, str(failure))
        os.write(pipe, verdict)
    os._exit(0)


def _store(out: Path, seed: int, files: Files, reason: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    texts = {name: data.decode("latin-1") for name, data in files.items()}
    (out / f"{seed}.json").write_text(json.dumps({"reason": reason, "files": texts}, indent=1))
    print(f"{seed}: {reason.splitlines()[-1]}", flush=True)


sys.exit(main())
