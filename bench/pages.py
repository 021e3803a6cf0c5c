"""The pages that are measured, by name, and what is sent to them. Older checkouts and the floors answer the same."""

from uuid import uuid4

PAGES = ("start", "list", "detail", "post")


def address(page: str, log: str) -> str:
    """The path of a page; a post goes to the messages of the log."""
    paths = {
        "start": "/arbeidet-ditt/",
        "list": "/logger/",
        "detail": f"/logger/{log}/",
        "post": f"/logger/{log}/beskjeder/",
    }
    return paths[page]


def message() -> dict[str, str]:
    """A note in the log, sent for the first time."""
    return {"text": "Det gikk fint i dag.", "to": "all", "form_key": str(uuid4())}
