"""Demo data. The one place that may write in bulk (core.history.bulk_load)."""
