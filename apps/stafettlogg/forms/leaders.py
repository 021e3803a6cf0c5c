"""Why a leader opens a log: a choice, never text (safety.md S16)."""
