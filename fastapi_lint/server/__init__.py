"""`fastapi-lint server`: what editors ask over the Language Server Protocol."""
