"""The monthly and the half-year edition."""
