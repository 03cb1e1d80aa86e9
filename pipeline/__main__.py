"""`python -m pipeline` is `translate`."""

from pipeline.cli import main

main()
