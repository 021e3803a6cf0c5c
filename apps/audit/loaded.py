"""A net under the read audit: which children's rows this request has loaded, and which of them were recorded.

`audit.middleware` opens the net; models note what they load; `services.record_reads` marks what was recorded.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID


@dataclass
class Net:
    loaded: set[UUID] = field(default_factory=set)
    recorded: set[UUID | None] = field(default_factory=set)

    def unrecorded(self) -> set[UUID]:
        return self.loaded - self.recorded


_net: ContextVar[Net | None] = ContextVar("read_audit_net", default=None)


def open_net() -> Net:
    net = Net()
    _net.set(net)
    return net


def close_net() -> None:
    _net.set(None)


def note(child_id: UUID | None) -> None:
    """A row about this child was loaded. Outside a request it does nothing."""
    net = _net.get()
    if net is not None and child_id is not None:
        net.loaded.add(child_id)


@contextmanager
def apart() -> Iterator[None]:
    """What is loaded in here is not noted: for a selector that loads more than it gives, and notes what it gives."""
    token = _net.set(None)
    try:
        yield
    finally:
        _net.reset(token)


def mark_recorded(child_ids: Iterable[UUID | None]) -> None:
    net = _net.get()
    if net is not None:
        net.recorded.update(child_ids)
