"""Rules about exceptions and error responses."""
