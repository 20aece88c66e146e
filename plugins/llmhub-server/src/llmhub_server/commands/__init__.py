"""What the command line gains, one module for each command; what serves is imported when it is run."""
