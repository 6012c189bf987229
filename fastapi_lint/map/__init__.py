"""The map: the application as FastAPI would build it, for people and for other tools."""
