"""Middleware, CORS, proxies and rate limits: what the code of middleware does."""
