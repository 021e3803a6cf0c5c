from apps.guides.services.editing import (
    check_can_edit,
    handle_feedback,
    publish,
    save_draft_row,
    send_feedback,
)
from apps.guides.services.start import load_start_content

__all__ = [
    "check_can_edit",
    "handle_feedback",
    "load_start_content",
    "publish",
    "save_draft_row",
    "send_feedback",
]
