"""Tokens, guards and users: who checks a request, and by what."""
