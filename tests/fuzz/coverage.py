"""Coverage-guided fuzzing with atheris: bytes become an application of one file.

`pip install atheris`, then `python -m tests.fuzz.coverage -max_total_time=600`; the options are
libFuzzer's. It starts from the small files of the fixtures. The linter must not have been imported
before, or its code would not be seen.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
_HEAD = b"from fastapi import *\n"
_LARGEST = 4_000


def main() -> None:
    """Fuzz until libFuzzer stops. Does not return."""
    import atheris  # type: ignore

    with atheris.instrument_imports(include=["fastapi_lint"]):
        from .check import check

        check({"main.py": _HEAD})  # imports what is imported late

    def one(data: bytes) -> None:
        check({"main.py": _HEAD + data})

    seeds = Path(tempfile.mkdtemp(prefix="fuzz-seeds-"))
    for number, path in enumerate(sorted(_FIXTURES.rglob("*.py"))):
        if path.stat().st_size < _LARGEST:
            (seeds / str(number)).write_bytes(path.read_bytes())
    limits = [f"-max_len={_LARGEST}", "-timeout=60"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:], str(seeds)], one)
    atheris.Fuzz()


main()
