"""The console script: the stored outcome if nothing has changed, else the command line."""

from __future__ import annotations

import gc
import os
import sys

from . import streams

COMMANDS = ("check", "map", "baseline", "rule", "completion", "clean", "server")
_NEVER_STORED = (*COMMANDS[2:], "-h", "--help", "-V", "--version")


def main() -> None:
    """Run the command line."""
    _die_at_once_if_asked()
    streams.open_missing()
    try:
        os.getcwd()
    except OSError as error:
        streams.write(sys.stderr, f"error: the working directory: {error.strerror}\n".encode())
        sys.exit(2)
    argv = sys.argv[1:]
    is_completing = "_FASTAPI_LINT_COMPLETE" in os.environ
    if not is_completing and (not argv or argv[0] not in _NEVER_STORED):
        from .warm import replay

        status = replay(argv)
        if status is not None:
            sys.exit(status)
    import warnings

    gc.disable()
    warnings.simplefilter("ignore")  # about analysed code, in which they say nothing of use
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    from .cli import cli

    try:
        cli(standalone_mode=False)
    except Exception as error:
        sys.exit(_exit_status(error))


def _die_at_once_if_asked() -> None:
    """Let Ctrl-C end the process as SIGTERM does: at once, with the signal as its status.

    Nothing needs to be put in order: files are replaced as a whole, and processes that help are
    ended by `workers.py`.
    """
    from _signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal  # type: ignore

    if getsignal(SIGINT) is default_int_handler:
        signal(SIGINT, SIG_DFL)


def _exit_status(error: Exception) -> int:
    """Show what was raised: 2 for wrong usage and for what nobody foresaw."""
    import click

    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    from .judging import format_traceback
    from .report import visible

    lines = ["internal error; please report it:", *format_traceback(error).splitlines()]
    streams.write(sys.stderr, "".join(f"{visible(line)}\n" for line in lines).encode())
    return 2
