"""`python -m pipeline` is `translate`."""

from pipeline.cli.main import main

main()
