"""Lifespans and what is started and stopped by them."""
