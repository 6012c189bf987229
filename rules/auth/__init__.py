"""Rules about authentication and authorisation."""
