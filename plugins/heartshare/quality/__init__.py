"""Judge whether a week's data is fit to publish."""
