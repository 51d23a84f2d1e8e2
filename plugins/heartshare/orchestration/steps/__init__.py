"""One module per step of the weekly run; operators and the command line call them."""
