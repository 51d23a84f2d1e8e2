"""Charts as SVG, from rows of facts.json."""
