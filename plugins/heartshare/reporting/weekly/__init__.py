"""What the weekly page says: facts, sentences and evidence of one week."""
