"""`python -m controller` is the `rolloutctl` command."""

from controller.cli import main

main()
