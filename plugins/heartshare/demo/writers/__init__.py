"""One writer per export format; each turns parts of the world into file bytes."""
