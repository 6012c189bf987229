"""`python -m fastapi_lint`."""

from .entry import main

main()
