"""The birth date a guardian gives the first time (safety.md S8)."""

MOST_ATTEMPTS = 5
# After this many wrong ones the page says how many are left: before that it would only frighten.
TOLD_AFTER = 2


def is_locked(attempts: int) -> bool:
    """No more tries by oneself: the unit must be rung."""
    return attempts >= MOST_ATTEMPTS
