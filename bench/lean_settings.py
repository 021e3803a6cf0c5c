"""The lean floor's settings: as the floor's, with pages of its own."""

from bench.floor_settings import *  # noqa: F403 -- the same middleware over other addresses

ROOT_URLCONF = "bench.lean"
