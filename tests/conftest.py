"""What all tests share: hypothesis without deadlines, since tests never assert on time."""

from hypothesis import settings

settings.register_profile("monitor", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("monitor")
