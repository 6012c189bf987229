"""Modules by hypothesmith: syntactically valid Python from its grammar."""

from __future__ import annotations

import time
from typing import Any

from .check import check


def run(seconds: float, seed: int) -> int:
    """Check modules for some time; hypothesis shrinks and prints the first one that fails."""
    import hypothesmith  # type: ignore
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded

    end = time.monotonic() + seconds
    count = 0

    def survive(text: str) -> None:
        nonlocal count
        if time.monotonic() > end:
            return
        count += 1
        check({"main.py": b"import fastapi\n" + text.encode("utf-8", "surrogatepass")})

    limits = settings(
        max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    texts: Any = hypothesmith.from_grammar()
    generated: Any = given
    while time.monotonic() < end:
        seeded(seed)(limits(generated(texts)(survive)))()
        seed += 1
    print(f"hypothesmith: {count:,} modules, no failure")
    return 0
