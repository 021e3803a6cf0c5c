"""Two hosts that migrate at once wait for each other, and both end well."""

import subprocess
import sys

from tests import databases


def test_two_that_migrate_at_once_both_end_well():
    name = databases.clone("template0")
    command = [sys.executable, "manage.py", "migrate", "core", "--noinput", "--verbosity", "0"]
    try:
        started = [
            subprocess.Popen(
                command, cwd=databases.ROOT, env=databases.env_for(name), stderr=subprocess.PIPE, text=True
            )
            for _host in range(2)
        ]
        said = [process.communicate(timeout=300)[1] for process in started]
    finally:
        databases.drop(name)

    assert [(process.returncode, text) for process, text in zip(started, said, strict=True)] == [(0, ""), (0, "")]
