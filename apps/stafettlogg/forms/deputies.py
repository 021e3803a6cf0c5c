"""Who stands in for the holder, and which days. Never why (safety.md S20)."""
