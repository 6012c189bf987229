"""One object per line, each as in the format `json`."""

from __future__ import annotations

import msgspec

from ..engine import Report
from .json import objects


def render(report: Report) -> str:
    """The findings as lines of JSON."""
    return "".join(msgspec.json.encode(each).decode() + "\n" for each in objects(report))
