"""Settings that every test shares."""

import os

from hypothesis import settings

# What the machine's user keeps of earlier runs is nothing to a test: one that needs a folder for it gives its own.
os.environ["SELFEVAL_CACHE"] = ""

# The same examples on every machine and in every run: a failure found once is found again, and a slow machine fails
# nothing by being slow.
settings.register_profile("selfeval", derandomize=True, deadline=None)
settings.load_profile("selfeval")
