class AuditFailed(Exception):
    """The audit row could not be written: nothing may be shown."""
