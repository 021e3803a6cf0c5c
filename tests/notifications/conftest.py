"""A real SMTP server to send to, and kinds of notices that are about nothing else."""

import pytest

from apps.notifications import kinds


@pytest.fixture
def test_kinds(monkeypatch):
    """`test_task` is for everyone but the person called «Uten rett»; `test_urgent` for everyone."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(kinds.NoticeKind("test_task", "En oppgave venter", lambda user, object_id: user.name != "Uten rett"))
    kinds.register(kinds.NoticeKind("test_urgent", "Det haster", lambda user, object_id: True, urgent=True))


@pytest.fixture
def smtp(mail_server, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return mail_server
