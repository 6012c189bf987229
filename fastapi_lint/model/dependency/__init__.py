"""What dependencies open, hold, hand out and release."""
