"""Rules about start-up and shutdown."""
