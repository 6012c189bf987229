"""WebSockets: their life, and their receive loops."""
