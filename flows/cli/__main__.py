"""``python -m flows.cli`` does what ``firstdraft`` does."""

from flows.cli import main

main()
