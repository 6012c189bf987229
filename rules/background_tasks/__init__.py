"""Rules about work that runs after the response."""
