"""`python -m pipeline` is `translate`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
