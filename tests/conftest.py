"""Fixtures for every test."""

import pytest


@pytest.fixture
def mail_server():
    from tests.servers import MailServer

    server = MailServer().start()
    yield server
    server.stop()
