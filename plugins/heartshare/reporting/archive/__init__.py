"""Issues as they were given to readers, and the pages that list them."""
