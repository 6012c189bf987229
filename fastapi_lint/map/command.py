"""One run of `map`: from options to a drawn map and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..engine import run
from ..errors import UserError
from ..run import Options, refuse, request_for, write
from .build import build
from .request import Request, find
from .structure import Map

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 160
"""Columns where there is no terminal to fit."""


def main(options: Options, output_format: str, route: str | None) -> int:
    """Draw the map, or what runs for requests to `route`. Gives the exit status: 0, or 2 if the
    tool could not do its job."""
    try:
        report = run(request_for(options))
        map_ = build(report)
        requests = None if route is None else find(map_, route)
        text = _rendered(map_, requests, output_format)
    except UserError as error:
        return refuse(error)
    write(sys.stdout, text)
    for crash in report.crashes:
        write(sys.stderr, f"internal error in {crash.code} {crash.name}; please report it:\n")
        write(sys.stderr, f"{crash.details}\n")
    return 2 if report.crashes else 0


def _rendered(map_: Map, requests: tuple[Request, ...] | None, output_format: str) -> str:
    if requests is not None and output_format in ("mermaid", "html"):
        raise UserError(f"--route has no form as {output_format}", "use tree or json")
    if output_format == "json":
        from . import json

        return json.render(map_) if requests is None else json.render_requests(requests, map_)
    if output_format == "mermaid":
        from . import mermaid

        return mermaid.render(map_)
    if output_format == "html":
        from . import html

        return html.render(map_)
    from .drawn import draw, draw_requests

    if requests is None:
        return _captured(lambda console: draw(map_, console))
    return _captured(lambda console: draw_requests(requests, map_, console))


def _captured(print_to: Callable[[Console], None]) -> str:
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
    console = Console(emoji=False, markup=False, highlight=False, width=width)
    with console.capture() as captured:
        print_to(console)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
