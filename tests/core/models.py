"""Tables that only the tests of core have. Their app label is not installed, so nobody else sees them."""

from django.db import models
from simple_history.models import HistoricalRecords

from apps.core.fields import EncryptedTextField, LocalizedTextField
from apps.core.models import TrackedQuerySet, UUIDModel, Versioned


class Tracked(UUIDModel, Versioned):
    # Without the constraint Django can still empty the table of users after a test.
    history = HistoricalRecords(inherit=True, app="core_tests", user_db_constraint=False)

    class Meta:
        abstract = True


class Note(Tracked):
    title = models.CharField(max_length=1000, blank=True)
    secret = EncryptedTextField(context="core_tests.note.secret", blank=True)
    heading = LocalizedTextField(max_length=40, blank=True)
    level = models.CharField(max_length=10, choices=[("low", "Lav"), ("high", "Høy")], default="low")
    due_day = models.DateField(null=True, blank=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        app_label = "core_tests"

    def __str__(self):
        return self.title


TABLES = [Note, Note.history.model]
