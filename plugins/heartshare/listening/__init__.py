"""Read tone and language from what people wrote."""
