"""Settings that every test shares."""

from hypothesis import settings

# The same examples on every machine and in every run: a failure found once is found again, and a slow machine fails
# nothing by being slow.
settings.register_profile("selfeval", derandomize=True, deadline=None)
settings.load_profile("selfeval")
