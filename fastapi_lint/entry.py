"""The console script: the stored outcome if nothing has changed, else the command line."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the command line."""
    argv = sys.argv[1:]
    commands = ("rule", "map", "completion", "server", "-h", "--help", "-V", "--version")
    is_completing = "_FASTAPI_LINT_COMPLETE" in os.environ
    if not is_completing and (not argv or argv[0] not in commands):
        from .warm import replay

        status = replay(argv)
        if status is not None:
            sys.exit(status)
    gc.disable()
    from .cli import cli

    try:
        cli(standalone_mode=False)
    except Exception as error:
        sys.exit(_exit_status(error))


def _exit_status(error: Exception) -> int:
    """Show what click raised: 2 for wrong usage, 130 for an interruption."""
    import click

    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        return 130
    raise error
