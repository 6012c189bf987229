"""What must be survived, theme by theme: never a traceback, a hang or a wrong result."""
