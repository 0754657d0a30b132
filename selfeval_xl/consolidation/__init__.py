"""Many reports into one summary, each figure traceable to its file."""
