"""A password hasher that counts, so that equal work can be tested without a clock."""

from django.contrib.auth.hashers import MD5PasswordHasher


class CountingHasher(MD5PasswordHasher):
    algorithm = "counting"
    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


PATH = f"{CountingHasher.__module__}.{CountingHasher.__qualname__}"
