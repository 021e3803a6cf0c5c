"""Requests and what they cost: CPU of web workers and database processes, from /proc, and time per request."""

import http.client
import re
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit


def hidden_fields(page: str, form_with: str) -> dict[str, str]:
    """What travels with the form that has a field of this name; the whole page counts as one form when it has none."""
    forms = [form for form in re.findall(r"<form.*?</form>", page, re.S) if f'name="{form_with}"' in form]
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', forms[0] if forms else page)
    pairs = [(re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    return {name[1]: value[1] for name, value in pairs if name and value}


def cpu_of(pids: Iterable[int]) -> dict[int, float]:
    """Seconds of CPU that each of these processes has used, all its threads together, to the nanosecond."""
    used = {}
    for pid in pids:
        used[pid] = 0.0
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                used[pid] += int(task.read_text().split()[0]) / 1e9
            except (FileNotFoundError, ProcessLookupError):
                continue  # the thread has ended; it was not one that answers requests
    return used


def cpu_between(before: dict[int, float], after: dict[int, float]) -> float:
    """What was used from one reading to the next; a process that has ended between them is left out."""
    return sum(used - before.get(pid, 0.0) for pid, used in after.items())


def descendants(pid: int) -> list[int]:
    """The process and everything it has started, also what those have started."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(folder.name)] = int(fields[1])
    found, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return sorted(found)


class Client:
    """One signed-in browser; a new connection for each request, as from a proxy."""

    def __init__(self, address: str, cookies: dict[str, str]):
        self.host = urlsplit(address).netloc
        self.cookies = dict(cookies)

    def send(self, method: str, path: str, form: dict | None = None) -> tuple[int, str]:
        headers = {
            "Host": self.host,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": f"http://{self.host}",
            "Connection": "close",
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie", []):
                name, _, value = header.split(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def hidden_fields(self, path: str, form_with: str) -> dict[str, str]:
        status, page = self.send("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return hidden_fields(page, form_with)


@dataclass
class Sample:
    """What one kind of request cost: CPU milliseconds each, and the times in milliseconds."""

    cpu_ms: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[18]


def run(
    clients: list[Client], act: Callable[[Client], object], count: int, pids: Callable[[], Iterable[int]]
) -> Sample:
    """`count` calls of `act(client)` spread over the clients, which work at the same time. Raises what a call raises.

    `pids()` gives the processes whose CPU counts.
    """

    def work(client) -> list[float]:
        times = []
        for _ in range(count // len(clients)):
            started = time.perf_counter()
            act(client)
            times.append((time.perf_counter() - started) * 1000)
        return times

    before = cpu_of(pids())
    with ThreadPoolExecutor(len(clients)) as pool:
        times = [one for many in pool.map(work, clients) for one in many]
    return Sample(cpu_between(before, cpu_of(pids())) * 1000 / len(times), times)
