"""How text gets out: to readers that have gone, to closed streams, to a disk that is full."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def open_missing() -> None:
    """Open the standard streams that are closed, so that no other file takes their place.

    What is written to them is lost.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def write(stream: TextIO, data: bytes) -> None:
    """Write bytes. A reader that has gone is no error; a disk that refuses ends the run with 2."""
    try:
        stream.buffer.write(data)
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            if stream is not sys.stderr:
                write(sys.stderr, f"error: cannot write: {error.strerror}\n".encode())
            sys.exit(2)
