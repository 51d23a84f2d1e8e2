"""Turn published marts into the weekly page, its PDF and its email."""
