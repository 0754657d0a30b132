"""The same tasks here or in a pool of processes, in the order in which they were given."""
