"""Fixtures for every test. What the tests run on is decided in tests/environment.py."""

import os
import threading

import pytest
from django.conf import settings

from tests import databases, environment
from tests.servers import MailServer, Redis


def pytest_configure(config):
    # Argon2 is slow on purpose; the tests that are about it name it themselves.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if environment.on_postgres() and not environment.is_xdist_worker() and not config.option.collectonly:
        # Made while the workers start and collect; whoever needs it waits for it as for any other.
        threading.Thread(target=databases.migrated, daemon=True).start()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    # Tests of one module share a live_app, so they run in order on the same worker (`--dist loadgroup`).
    for item in items:
        if "live_app" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Each worker clones its test database instead of running all migrations again."""
    if environment.on_postgres():
        from django.db import connections

        connections["default"].settings_dict["TEST"] |= {"TEMPLATE": databases.migrated(), "MIGRATE": False}


@pytest.fixture
def mail_server():
    """A real SMTP server; `.url` for EMAIL_URL, `.messages` for what came."""
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture
def redis_server():
    """A real, empty Redis; `.url` for REDIS_URL, `.process` to kill."""
    server = Redis().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def live_mail():
    """The SMTP server of the module's `live_app`."""
    server = MailServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def live_app(live_mail):
    """The product with the demo municipality, for the tests of one module; they share what they do to it."""
    from tests.live import LiveApp

    app = LiveApp(mail_url=live_mail.url)
    try:
        yield app.start()
    finally:
        app.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tests.browser import launch

    # Playwright keeps an event loop running in this thread, which makes Django refuse the ORM without this.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def pages(browser):
    """`pages.open()` gives a page, signed out. A script error or a CSP violation on any of them fails the test."""
    from tests.browser import Pages

    opened = Pages(browser)
    yield opened
    opened.close()
    assert opened.problems == []


@pytest.fixture
def page(pages):
    return pages.open()
