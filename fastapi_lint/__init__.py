"""fastapi-lint: a static analyzer that understands FastAPI applications as a whole."""

import os as _os
import sys as _sys

_is_safe = _sys.flags.isolated or getattr(_sys.flags, "safe_path", False)
if _sys.argv[:1] == ["-m"] and not _is_safe:
    # `python -m fastapi_lint`: what lies in the analysed project must not shadow our imports.
    del _sys.path[0]

if not _os.path.isdir(_os.path.join(_os.path.dirname(__file__), "rules")):
    # A checkout keeps `rules/` beside the package.
    __path__.append(_os.path.dirname(_os.path.dirname(__file__)))

__version__ = "0.1.0"
