"""The built-in rules: one module per rule, one folder per topic."""

if __name__ == "rules":
    raise ImportError("this package is fastapi_lint.rules; import it by that name")
