"""Where jobs meet people: the command line."""
