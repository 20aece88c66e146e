"""The commands of `llmhub`, one module each; each holds its click command as `command`."""
