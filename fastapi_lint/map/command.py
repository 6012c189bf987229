"""One run of `map`: from options to a drawn map and an exit status."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import terminal
from ..engine import run
from ..errors import UserError
from ..run import Options, attended, crashes, hand_out, refuse, request_for, store
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
        request = request_for(options)
        report = attended(request, options.quiet, run)
        map_ = build(report)
        requests = None if route is None else find(map_, route)
        out = _rendered(map_, requests, output_format, to_file=options.output_file is not None)
        err = "".join(f"{line}\n" for line in crashes(report))
        status = 2 if report.crashes else 0
        store(request, report, options, status, out, err)
        hand_out(out, err, options)
    except UserError as error:
        return refuse(error)
    return status


def _rendered(
    map_: Map, requests: tuple[Request, ...] | None, output_format: str, *, to_file: bool
) -> str:
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
        return _captured(lambda console: draw(map_, console), to_file)
    return _captured(lambda console: draw_requests(requests, map_, console), to_file)


def _captured(print_to: Callable[[Console], None], to_file: bool) -> str:
    text = terminal.drawn(print_to, wide=_WIDE, to_file=to_file)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
