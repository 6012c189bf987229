"""Fuzzing: generated and mutated projects go through the whole linter, which must survive them.

`python -m tests.fuzz --help` says how; `CONTRIBUTING.md` says when. What once failed is kept, made
small, in `seeds/`, and `test_seeds.py` runs it with the other tests.
"""
