"""The municipality's own words, in every text of the portal and in nothing that people have written."""

import datetime
from io import BytesIO

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from pypdf import PdfReader

from apps.municipality import rules, selectors, services
from apps.municipality.enums import TermKey
from apps.municipality.models import Municipality
from apps.municipality.rules import Words
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_coordinator, make_employee, make_municipality, make_unit
from tests.guides.factories import make_guide
from tests.markup import markup
from tests.stafettlogg import factories as logs

pytestmark = pytest.mark.django_db
STEP = Words("trinn", "trinnet", "trinn", "trinnene")
LEVEL = Words("fase", "fasen", "faser", "fasene")
LOG = Words("samspillslogg", "samspillsloggen", "samspillslogger", "samspillsloggene")
HOLDER = Words("koordinator", "koordinatoren", "koordinatorer", "koordinatorene")
MEASURE = Words("innsats", "innsatsen", "innsatser", "innsatsene")
GUIDE = Words("veiviser", "veiviseren", "veivisere", "veiviserne")
OWN = {
    TermKey.STEP: STEP,
    TermKey.LEVEL: LEVEL,
    TermKey.LOG: LOG,
    TermKey.HOLDER: HOLDER,
    TermKey.MEASURE: MEASURE,
    TermKey.GUIDE: GUIDE,
}
PAIRS = tuple((key.value, tuple(vars(words).values())) for key, words in OWN.items())


@pytest.fixture
def kari():
    return make_coordinator(name="Kari Nordvik")


@pytest.fixture
def own(kari):
    """The municipality calls everything something else, in bokmål."""
    row = make_municipality(model_name={"nb": "Bedre tverrfaglig samarbeid"}, model_short="BTS")
    for key, words in OWN.items():
        row = services.save_words(key.value, {"nb": words}, version=row.version, actor=kari, today=timezone.localdate())
    return row


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Nivå %(level)s, steg %(step)s", "Fase %(level)s, trinn %(step)s"),
        ("Stafettloggene dine", "Samspillsloggene dine"),
        ("Du er stafettholderens vikar", "Du er koordinatorens vikar"),
        ("Fire nivåer, 19 steg. Du starter på nivå 0", "Fire faser, 19 trinn. Du starter på fase 0"),
        ("La til et tiltak", "La til et innsats"),
        ("Mål og tiltak", "Mål og innsatser"),
        ("Ingen tiltak er avtalt ennå.", "Ingen innsatser er avtalt ennå."),
        ("%(number)s tiltak", "%(number)s innsatser"),
        ("Bare loggen, ikke loggene", "Bare samspillsloggen, ikke samspillsloggene"),
        ("Logg inn som ansatt", "Logg inn som ansatt"),
        ("Da logger du inn igjen", "Da logger du inn igjen"),
        ("Til du logger ut", "Til du logger ut"),
        ("Logg meg ut", "Logg meg ut"),
        ("Stafettpinnen, foresatt, loggføring, nivåmåling", "Stafettpinnen, foresatt, loggføring, nivåmåling"),
        ("%(nivå)s", "%(nivå)s"),
        ("Handlingsveilederen og veilederen", "Veiviseren og veiviseren"),
    ],
)
def test_whole_words_are_changed_in_every_form(text, becomes):
    assert rules.in_own_words(text, "nb", PAIRS) == becomes


@pytest.mark.parametrize(
    ("language", "text", "becomes"),
    [
        ("nn", "Stafettloggane, nivået og stega", "Mappene, trinnet og stega"),
        ("nn", "Logg inn og opne loggen", "Logg inn og opne mappa"),
        ("en", "The stafettlogg is open. Log in to the log.", "The folder is open. Log in to the folder."),
        ("en", "Log me out of stafettloggs", "Log me out of folders"),
    ],
)
def test_words_are_changed_in_each_language(language, text, becomes):
    own = {
        "nn": (
            ("stafettlogg", ("mappe", "mappa", "mapper", "mappene")),
            ("niva", ("trinn", "trinnet", "trinn", "trinna")),
        ),
        "en": (("stafettlogg", ("folder", "the folder", "folders", "the folders")),),
    }

    assert rules.in_own_words(text, language, own[language]) == becomes


def test_only_words_that_are_not_the_defaults_are_kept(own, kari):
    default = rules.default_words("steg", "nb")

    services.save_words(
        "steg",
        {"nb": default, "nn": rules.default_words("steg", "nn")},
        version=own.version,
        actor=kari,
        today=timezone.localdate(),
    )

    kept = Municipality.objects.get().own_words
    assert set(kept) == {key.value for key in OWN if key != TermKey.STEP}
    assert kept["niva"] == {"nb": ["fase", "fasen", "faser", "fasene"]}
    assert Municipality.history.first().own_words == kept


def test_texts_are_in_own_words_while_a_request_is_answered(own):
    def texts():
        return gettext("Stafettlogger"), ngettext("%(number)s steg", "%(number)s steg", 2), gettext("Nivå")

    with selectors.kept_in_mind():
        inside = texts()

    assert inside == ("Samspillslogger", "%(number)s trinn", "Fase")
    assert texts() == ("Stafettlogger", "%(number)s steg", "Nivå")


def test_texts_cost_no_query_beside_the_settings(own, django_assert_num_queries):
    with selectors.kept_in_mind(), django_assert_num_queries(1):
        assert [gettext("Stafettlogger"), gettext("Stafettholder"), selectors.settings_row().name] == [
            "Samspillslogger",
            "Koordinator",
            "Solvik kommune",
        ]


def test_texts_stand_when_the_database_is_what_failed(monkeypatch):
    def down():
        raise DatabaseError

    monkeypatch.setattr(selectors, "settings_row", down)

    with selectors.kept_in_mind():
        assert gettext("Stafettlogger") == "Stafettlogger"


def test_own_words_stand_on_the_guide(own):
    make_guide()

    page = markup(Client().get("/veileder/n1s1/"))
    overview = markup(Client().get("/veileder/"))

    assert "<title>Fase 1, trinn 1:" in page
    assert "Fortsett i samspillsloggen" in page
    assert " – BTS, Solvik kommune</title>" in page
    assert "<span>Bedre tverrfaglig samarbeid</span>" in page
    assert "<h1>Veiviser</h1>" in overview
    assert "Du starter på fase 0." in overview


def test_own_words_stand_in_the_log_on_the_parents_page_and_in_the_pdf(own):
    load_start_texts(now=timezone.now() - datetime.timedelta(days=400))
    log = logs.make_log(holder=make_employee(make_unit("Solbakken")), child=logs.make_child("Emma", "Vik"))
    goal = logs.make_goal(log, "Stafettlogg skriver folk selv om nivå")
    logs.make_measure(goal)
    staff, parent = signed_in(log.holder.user), signed_in(log.guardians[0].user)

    page = staff.get(f"/logger/{log.pk}/").content.decode()
    plan = staff.get(f"/logger/{log.pk}/plan/").content.decode()
    family = parent.get(f"/barna-dine/{log.pk}/").content.decode()
    printed = parent.get(f"/barna-dine/{log.pk}/last-ned/")
    paper = " ".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)

    assert "Fase 1" in page
    assert "Koordinator" in page
    assert "Mål og innsatser" in plan
    assert "Stafettlogg skriver folk selv om nivå" in plan
    assert ("amspillslogg" in family, "nnsats" in family, "tafettlogg skriver folk" in family) == (True, True, True)
    assert ("Bedre tverrfaglig samarbeid" in paper, "nnsats" in paper, "tiltak" in paper.lower()) == (True, True, False)


def test_words_page_names_what_each_word_stands_for(own, kari):
    page = markup(signed_in(kari).get("/innstillinger/ord/"))

    assert ">Stafettlogg</a>" in page
    assert "samspillslogg, samspillsloggen" in page
    assert "<h1>Nivå</h1>" in markup(signed_in(kari).get("/innstillinger/ord/niva/"))


def test_every_language_of_the_portal_goes_through_the_words():
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            assert type(translation.trans_real._active.value).__name__ == "OwnWordsTranslation"
