"""Work that runs later."""
