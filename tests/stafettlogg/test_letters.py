"""«Brev i posten»: no e-mail, but a task for the holder to post a letter that names nobody (S22)."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from apps.notifications.enums import EmailPreference
from apps.notifications.models import Delivery
from apps.notifications.services import set_email_preference
from apps.stafettlogg.models import FamilyLetter
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_citizen, make_employee, make_municipality
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db
TASK = "Send brev til Mari Vik"


@pytest.fixture
def log():
    make_municipality(phone="51000000")
    child = make_child()
    mother = make_guardian(child, name="Mari Vik", user=make_citizen("Mari Vik"))
    set_email_preference(actor=mother.user, choice=EmailPreference.LETTER)
    return make_log(child=child, guardians=[mother, make_guardian(child, name="Ola Berg", relation="father")])


def write(log):
    write_message(log.pk, text="Emma liker å tegne", actor=log.holder.user, now=timezone.now())


def letter(log) -> tuple[str, str]:
    args = (log.pk, log.guardians[0].user_id)
    return page_of("family_letter", *args), page_of("family_letter_posted", *args)


def test_who_chooses_letters_gets_no_email_and_the_holder_a_task_until_it_is_posted(log):
    write(log)
    mother, holder = log.guardians[0].user, signed_in(log.holder.user)
    start, (_pdf, posted) = reverse("portal:start"), letter(log)

    assert not Delivery.objects.filter(recipient=mother).exists()
    assert TASK in markup(holder.get(start))
    holder.post(posted)
    assert TASK not in markup(holder.get(start))
    assert FamilyLetter.objects.get().sent_by == log.holder.user
    write(log)
    assert TASK in markup(holder.get(start))


def test_reading_in_the_portal_needs_no_letter(log):
    write(log)
    signed_in(log.guardians[0].user).post(reverse("notifications:mark_read"))

    assert TASK not in markup(signed_in(log.holder.user).get(reverse("portal:start")))


def test_s22_the_letter_names_no_child_no_service_and_nobody(log):
    write(log)
    pdf, _posted = letter(log)

    response = signed_in(log.holder.user).get(pdf)

    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert "Det er noe nytt til deg i portalen til Solvik kommune." in " ".join(words.split())
    assert "51000000" in words
    named = ("Emma", "Mari", "tegne", "stafettlogg", "samtykke", log.unit.name, log.holder.user.name)
    assert [word for word in named if word.lower() in words.lower()] == []
    assert "brev.pdf" in response.headers["Content-Disposition"]


def test_s33_the_page_that_may_be_projected_is_silent_and_nobody_else_may_print_it(log):
    write(log)
    participant, (pdf, posted) = make_participant(log), letter(log)

    assert TASK not in markup(signed_in(log.holder.user).get(page_of("detail", log.pk)))
    assert "Brev som skal sendes" in markup(signed_in(log.holder.user).get(page_of("consents", log.pk)))
    for user in (participant, log.guardians[1].user, make_employee()):
        assert signed_in(user).get(pdf).status_code in (403, 404)
        assert signed_in(user).post(posted).status_code in (403, 404)
    other = page_of("family_letter", log.pk, log.guardians[1].user_id)
    assert signed_in(log.holder.user).get(other).status_code == 404


def test_s04_nobody_posts_a_letter_to_one_who_reads_the_log_no_more(log):
    write(log)
    row = log.access_rows.get(user=log.guardians[0].user)
    row.ends_at = timezone.now()
    row.save()

    assert TASK not in markup(signed_in(log.holder.user).get(reverse("portal:start")))


def test_an_employee_is_not_offered_letters(log):
    page = reverse("notifications:preference")

    assert "Brev i posten" in markup(signed_in(log.guardians[0].user).get(page))
    assert "Brev i posten" not in markup(signed_in(log.holder.user).get(page))
    assert signed_in(log.holder.user).post(page, {"email": "letter"}).status_code == 422
