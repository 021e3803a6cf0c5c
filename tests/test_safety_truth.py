"""safety.md S28 and S30 through HTTP: what pages say is what the rows do, and ending waits, unseen by the others."""

import re
from collections import Counter

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.stafettlogg import access
from apps.stafettlogg.models import Log
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests import truth_acts, truth_cases, truth_walk
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant
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


@pytest.mark.parametrize(("seed", "own"), [(1, False), (2, True), (3, False), (4, True), (5, False)])
def test_s28_sentences_follow_the_rows_through_random_sequences(seed, own):
    """200 steps in all: after each, what each at home is told against what each employee may open."""
    with time_machine.travel(truth_acts.START, tick=False) as clock:
        done = truth_walk.walk(seed, clock, steps=40, own=own)

    assert sum(done.values()) >= 40


@pytest.mark.parametrize("case", truth_cases.CASES, ids=lambda case: case.__name__)
def test_s28_sentences_follow_the_rows_where_they_once_did_not(case):
    """What went wrong once, step by step, each held against the rows."""
    with time_machine.travel(truth_acts.START, tick=False) as clock:
        case(clock)


WALKED = Counter[str]()


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(100, 225))
def test_s28_five_thousand_steps(seed):
    """In logs that are shared and in those of a youth's own."""
    with time_machine.travel(truth_acts.START, tick=False) as clock:
        WALKED.update(truth_walk.walk(seed, clock, steps=40, own=seed % 3 == 0))


@pytest.mark.drill
def test_s28_everything_that_can_happen_has_happened(capsys):
    """After the 5 000 steps, which this counts: run with them."""
    with capsys.disabled():
        print("\n" + "\n".join(f"{number:6} {name}" for name, number in WALKED.most_common()))

    assert sum(WALKED.values()) >= 5000
    assert {act.__name__ for act in truth_acts.ACTS} <= set(WALKED)


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
