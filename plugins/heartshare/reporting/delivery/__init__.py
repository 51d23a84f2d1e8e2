"""Who gets an issue, by which way, and what became of it."""
