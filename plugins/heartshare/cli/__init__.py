"""The same steps from a shell: one module for each kind of command."""
