"""Read platform exports by declared contracts and land them without losing a row."""
