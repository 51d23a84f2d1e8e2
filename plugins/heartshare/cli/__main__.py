"""Run the command line as python -m heartshare.cli."""

from heartshare.cli.program import main

main()
