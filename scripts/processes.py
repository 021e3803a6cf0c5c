"""Start and stop child processes so that none is ever left behind. Standard library only.

Each child is the leader of its own session, so Ctrl-C reaches only the parent, which ends its children in order. If the
parent is killed outright, the kernel ends them (PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """A process did not come up. The text is a sentence for the person at the keyboard."""


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def is_port_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _die_with_parent(parent: int, death_signal: int):
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:  # the parent went away before the request above
                os.kill(os.getpid(), death_signal)

    return prepare


def start(
    args: Sequence[str | Path],
    *,
    log: str | Path,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    user: str | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen:
    """Start a child that writes to the file `log`; `user` is the account it runs as (root only)."""
    identity = {"user": user, "group": user, "extra_groups": []} if user else {}
    with open(log, "ab") as output:
        return subprocess.Popen(
            [str(part) for part in args],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid(), death_signal),
            **identity,
        )


def stop(process: subprocess.Popen, *, seconds: float = 10, stop_signal: int = signal.SIGTERM) -> None:
    """Ask the child to end; after `seconds` end it and everything in its session. Safe to repeat."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(
    is_up: Callable[[], bool], process: subprocess.Popen, *, what: str, log: str | Path, seconds: float = 30
) -> None:
    """Wait until `is_up()`; raise StartError with the end of the log if the child dies or time runs out."""
    deadline = time.monotonic() + seconds
    while not is_up():
        if process.poll() is not None:
            raise StartError(f"{what} stopped at once (code {process.returncode}).\n{log_tail(log)}")
        if time.monotonic() > deadline:
            raise StartError(f"{what} did not answer within {seconds:.0f} seconds.\n{log_tail(log)}")
        time.sleep(0.05)


def accepts(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def accepts_socket(path: str | Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def log_tail(log: str | Path, lines: int = 15) -> str:
    with open(log, encoding="utf-8", errors="replace") as text:
        return "".join(f"    {line.rstrip()}\n" for line in text.readlines()[-lines:])
