"""The console script: the stored outcome if nothing has changed, else the command line."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line."""
    argv = sys.argv[1:]
    if not argv or argv[0] not in ("rule", "-h", "--help", "-V", "--version"):
        from .warm import replay

        status = replay(argv)
        if status is not None:
            sys.exit(status)
    gc.disable()
    from .cli import cli

    cli()
