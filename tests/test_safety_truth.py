"""safety.md S28 and S30 through HTTP: what pages say is what the rows do, and ending waits, unseen by the others."""

import random
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import AccessDenied, RuleBroken
from apps.stafettlogg import access
from apps.stafettlogg.enums import ConsentState
from apps.stafettlogg.models import Log
from apps.stafettlogg.services import consent_questions, consents, family_closing
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import give_consents, make_child, make_guardian, make_log, make_participant
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db
_SAID = re.compile(r'p-state__say">(.*?)</p>|p-state__line">(.*?)</p>', re.DOTALL)
_NOBODY = ("Ingen tjeneste leser", "Vi deler ingenting")


def family():
    load_start_texts(now=timezone.now())
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Berg")]
    log = make_log(holder=make_employee(make_unit("Solbakken barnehage")), child=child, guardians=guardians)
    make_participant(log, make_unit("PP-tjenesten"))
    return log


def sentences(user, log) -> set[str]:
    """What every page of hers says is true of the log now."""
    client = signed_in(user)
    names = [("children", ())] + [(name, (log.pk,)) for name in ("parent_log", "own_consents")]
    found = [_SAID.findall(main_of(client.get(page_of(name, *args)))) for name, args in names]
    return {(said or line).strip() for page in found for said, line in page}


def staff_who_read(log) -> bool:
    rows = access.current_rows_in([log.pk])
    return any(not access.is_family(row) and access.sees_content(row) for row in rows)


def _says_yes(log, guardian):
    give_consents(log, only=[guardian])


def _says_no(log, guardian):
    give_consents(log, only=[guardian], yes=False)


def _withdraws(log, guardian):
    consents.withdraw(log.pk, guardian_id=guardian.pk, unit_ids=None, actor=guardian.user, now=timezone.now())


def _asks_to_close(log, guardian):
    family_closing.ask_to_close(log.pk, actor=guardian.user, now=timezone.now())


def _undoes(log, guardian):
    family_closing.undo_closing(log.pk, actor=guardian.user, now=timezone.now())


def _is_asked(log, _guardian):
    holder = log.holder.user
    consent_questions.ask_consent(log.pk, unit_ids=[log.unit_id], actor=holder, now=timezone.now(), family_asked=True)


ACTS = (_says_yes, _says_yes, _says_no, _withdraws, _asks_to_close, _undoes, _is_asked)


@pytest.mark.parametrize("seed", range(3))
def test_s28_sentences_follow_the_rows_through_random_sequences(seed):
    chance, log = random.Random(seed), family()  # noqa: S311 -- a sequence that can be made again
    for _step in range(7):
        act, guardian = chance.choice(ACTS), chance.choice(log.guardians)
        try:
            act(log, guardian)
        except (RuleBroken, AccessDenied):
            continue
        reads = staff_who_read(log)
        for reader in log.guardians:
            said = sentences(reader.user, log)
            assert len(said) == 1, (act, said)
            (sentence,) = said
            assert any(words in sentence for words in _NOBODY) == (not reads), (act, reads, sentence)
            has_said_yes = reader.consents.filter(log=log, state=ConsentState.GIVEN).exists()
            assert "ennå" not in sentence or has_said_yes, (act, sentence)


def test_s30_closing_waits_is_unseen_by_the_other_and_is_undone_by_the_one_who_asked():
    log = family()
    mari, ola = (guardian.user for guardian in log.guardians)
    holder = signed_in(log.holder.user)
    content = reverse("stafettlogg:plan", args=[log.pk])
    assert holder.get(content).status_code == 200

    asked = signed_in(mari).post(page_of("family_close_all", log.pk), {"call": "no", "understood": "on"})

    assert (asked.status_code, holder.get(content).status_code) == (302, 403)
    assert sentences(ola, log) == {"Vi har ikke lenger alle svarene vi trenger. Vi deler ingenting nå."}
    signed_in(ola).post(page_of("family_undo_close", log.pk))
    assert Log.objects.get(pk=log.pk).is_closing
    signed_in(mari).post(page_of("family_undo_close", log.pk))
    assert Log.objects.get(pk=log.pk).is_active
    assert holder.get(content).status_code == 403
