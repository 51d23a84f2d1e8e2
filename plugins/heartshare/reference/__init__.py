"""Pages under docs/ that are written from contracts and seeds, never by hand."""
