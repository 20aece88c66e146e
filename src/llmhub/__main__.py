"""`python -m llmhub` is the `llmhub` command."""

from llmhub.cli import main

if __name__ == "__main__":
    main()
