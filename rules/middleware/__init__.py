"""Rules about middleware and CORS."""
