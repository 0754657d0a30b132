"""Speed and memory beside named peers; see README.md in this folder."""
