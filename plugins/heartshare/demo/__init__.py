"""A fictional public agency, its exports and the facts planted in them."""
