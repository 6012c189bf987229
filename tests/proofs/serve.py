"""Runs the proofs whose paths arrive on standard input, each in a forked process of its own.

Importing FastAPI and its companions takes most of a proof's time; here that is done once. Executed
by the interpreter of a pinned environment, so nothing of this project is imported.
"""

import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
import warnings

SECONDS = 60

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import fastapi.testclient  # noqa: F401
    import sqlalchemy.ext.asyncio  # noqa: F401
    import uvicorn  # noqa: F401


def run(proof: str) -> int:
    """Run a proof as a script; its exit status."""
    signal.alarm(SECONDS)
    sys.argv = [proof]
    try:
        runpy.run_path(proof, run_name="__main__")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                os._exit(run(line.rstrip("\n")))
            _, status = os.waitpid(child, 0)
            out.seek(0)
            err.seek(0)
            answer = {"status": status, "out": out.read(), "err": err.read()}
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
