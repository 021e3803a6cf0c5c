"""Requests and what they cost: CPU of web workers and database processes, from /proc, and time per request."""

import http.client
import os
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

TICK = os.sysconf("SC_CLK_TCK")
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def cpu_seconds(pids) -> float:
    """User and system CPU that these processes have used."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


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
    """One signed-in browser with a connection of its own."""

    def __init__(self, address: str, cookies: dict[str, str]):
        parts = urlsplit(address)
        self.host = parts.netloc
        self.cookies = dict(cookies)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def send(self, method: str, path: str, form: dict | None = None) -> tuple[int, str]:
        headers = {
            "Host": self.host,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Referer": f"http://{self.host}{path}",
            "Origin": f"http://{self.host}",
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read().decode("utf-8", "replace")

    def fields_of(self, path: str, form_with: str) -> dict[str, str]:
        """The hidden fields of the form that has a field named `form_with`, ready to be sent back."""
        status, page = self.send("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        for form in re.findall(r"<form.*?</form>", page, re.S) or [page]:
            if f'name="{form_with}"' in form or form is page:
                hidden = re.findall(r"<input[^>]*>", form)
                return {
                    re.search(r'name="([^"]*)"', tag)[1]: (re.search(r'value="([^"]*)"', tag) or ["", ""])[1]
                    for tag in hidden
                    if 'name="' in tag and ('type="hidden"' in tag or "csrfmiddlewaretoken" in tag)
                }
        raise RuntimeError(f"{path} has no form with {form_with}")


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
        return statistics.quantiles(self.times, n=20)[18] if len(self.times) > 1 else self.times[0]


def run(clients: list[Client], act, count: int, pids) -> Sample:
    """`count` calls of `act(client)` spread over the clients, which work at the same time."""
    times: list[float] = []
    lock = threading.Lock()

    def work(client, calls):
        for _ in range(calls):
            started = time.perf_counter()
            act(client)
            with lock:
                times.append((time.perf_counter() - started) * 1000)

    before = cpu_seconds(pids())
    threads = [threading.Thread(target=work, args=(client, count // len(clients))) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Sample((cpu_seconds(pids()) - before) * 1000 / max(len(times), 1), times)
