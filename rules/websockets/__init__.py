"""Rules about WebSocket routes."""
