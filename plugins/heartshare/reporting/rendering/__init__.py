"""Facts to page, PDF and mail, always with the same bytes."""
