"""Invented data for /stil/, the page that shows every component. Nobody here exists.

It is content, not interface: written in bokmål only, and shown in an element with `lang="nb"`.
"""

import datetime
from typing import Any

from django import forms

from apps.core.day_boxes import KnownDayField
from apps.core.forms import DateField, PortalForm
from apps.core.rendering import Described

TODAY = datetime.date(2026, 10, 8)


def _day(month, day, year=2026):
    return datetime.date(year, month, day)


TASKS = [
    {
        "title": "Evaluer tiltakene for Noah",
        "url": "#oppgaver",
        "text": "Foreldrene venter på nytt møte. Avtal tid med dem.",
        "icon": "clock",
        "due_day": _day(9, 26),
        "status": "handling",
        "is_turn": True,
    },
    {
        "title": "Samtykke for Emma",
        "url": "#oppgaver",
        "text": "Vi minnet foreldrene på det 5. oktober.",
        "icon": "hourglass",
        "due_day": _day(10, 12),
        "status": "venter",
    },
    {
        "title": "Bekreft at du kjenner rutinen ved vold",
        "url": "#oppgaver",
        "is_done": True,
        "done_day": _day(9, 25),
        "status": "fullfort",
    },
]

GOAL = {
    "eyebrow": "Mål 1",
    "title": "Emma har minst én å leke med ute hver dag",
    "url": "#mal",
    "label": "Endre målet",
    "measures": [
        {
            "title": "Ane starter en lek Emma liker, hver formiddag ute",
            "status": "pagar",
            "text": "Virker godt når leken er klar før de andre kommer ut.",
            "facts": [("Ansvarlig", "Ane Solheim"), ("Hvor", "Barnehagen"), ("Frist", "14. oktober")],
            "url": "#mal",
            "label": "Evaluer tiltaket",
        },
        {"title": "Språkkartlegging", "status": "venter", "facts": [("Frist", "Ikke satt")]},
    ],
}

LOGS = [
    {
        "name": "Emma, 5 år",
        "url": "#logger",
        "level": 1,
        "level_label": "Nivå 1",
        "role": "Du er stafettholder",
        "is_holder": True,
        "facts": [("Neste", "Samarbeidsmøte 14. oktober"), ("Samtykke til", "1. august 2027")],
        "status": "pagar",
        "changed": "Endret i går",
        "tone": "lyng",
    },
    {
        "name": "Liv, 5 år",
        "url": "#logger",
        "level": 3,
        "level_label": "Nivå 3",
        "role": "Du er deltaker",
        "facts": [("Stafettholder", "Jonas Eide"), ("Neste", "Evaluering 3. november")],
        "status": "venter",
        "changed": "Endret 6. oktober",
        "tone": "mose",
    },
    {
        "name": "Aksel, 4 år",
        "url": "#logger",
        "level": 1,
        "level_label": "Nivå 1",
        "facts": [("Spør", "Lars Bakken vil at du tar imot stafettpinnen")],
        "status": "handling",
        "is_offer": True,
        "tone": "fjord",
    },
]

EVENTS = [
    {"day": _day(9, 28), "title": "Spurte om samtykke", "text": "PP-tjenesten og helsestasjonen."},
    {"day": _day(9, 22), "title": "Samtale med Emma", "kind": "voice"},
    {"day": _day(9, 4), "title": "Ane tok imot stafettpinnen", "text": "Fra Lars Bakken.", "kind": "baton"},
]

PROCESS = [
    {"state": "done", "title": "Dere og barnehagen snakket sammen", "when": "27. august"},
    {
        "state": "now",
        "title": "Dere svarer på samtykke",
        "when": "Frist 12. oktober",
        "text": "Du har ikke svart.",
        "url": "#prosess",
        "label": "Les og svar",
    },
    {
        "state": "next",
        "title": "Samarbeidsmøte i Solbakken barnehage",
        "when": "Onsdag 14. oktober klokka 14",
        "icon": "people",
    },
]

LEVELS = [
    {
        "level": 0,
        "label": "Nivå 0",
        "name": "Undring",
        "anchor": "stil-niva-0",
        "question": "Er det grunn til uro?",
        "facts": [("Hvem er med", "Du, lederen din, barnet og foresatte")],
        "is_open": True,
        "steps": [
            {"number": 1, "title": "Avklar uroen din", "url": "#steg", "spoken": "Nivå 0, steg 1:"},
            {
                "number": 2,
                "title": "Drøft med lederen din",
                "url": "#steg",
                "spoken": "Nivå 0, steg 2:",
                "is_here": True,
            },
        ],
    },
    {
        "level": 2,
        "label": "Nivå 2",
        "name": "Samarbeid mellom to tjenester",
        "anchor": "stil-niva-2",
        "steps": [],
    },
]

SEEN = [
    {
        "name": "Ola Nordmann",
        "line": "Far",
        "is_you": True,
        "when": "I dag, 8. oktober, klokka 20.02",
        "what": "Leste oversikten og samtykket",
        "why": "Foreldreansvar",
    },
    {
        "name": "Lars Bakken",
        "line": "Styrer, Solbakken barnehage",
        "when": "6. oktober klokka 10.31",
        "what": "Leste mål og tiltak",
        "why": "Halvårlig loggkontroll",
        "ask_url": "#sett",
    },
]

PHONES = [
    {"label": "Politiet", "number": "112", "tel": "112", "note": "Fare for liv og helse"},
    {"label": "Barnevernvakta", "number": "00 00 00 01", "tel": "+4700000001", "note": "Hele døgnet"},
]

FACTS = [
    {"label": "Tjeneste", "value": "PP-tjenesten", "url": "#fakta", "action": "Endre svar"},
    {"label": "Svar", "value": "Ja, til 1. august 2027", "answer": "yes"},
    {"label": "Helsestasjonen", "value": "Nei. Vi deler ikke noe", "answer": "no"},
]

TABLE = {
    "caption": "Logger i enheten",
    "heads": ["Barn", "Stafettholder", "Neste evaluering"],
    "rows": [
        {"cells": ["Noah", "Ane Solheim", "26. september 2026"], "url": "#tabell"},
        {"cells": ["Liv", "Jonas Eide", "3. november 2026"], "url": "#tabell"},
    ],
}

STEPS = [
    {"title": "Slik behandler vi opplysninger", "url": "#steg", "state": "done"},
    {"title": "Hvem vil du at vi skal samarbeide med?", "state": "here"},
    {"title": "Er det noe vi ikke skal dele?", "state": "next"},
    {"title": "Se over og svar", "state": "next"},
]

SERVICE_FACTS = [
    ("Hvorfor", "For å gi råd om søvn"),
    ("De får vite", "Tiltakene som handler om søvn"),
    ("De får ikke vite", "Resten av stafettloggen"),
]

HOLDER = {
    "name": "Ane Solheim",
    "line": "Pedagogisk leder, Solbakken barnehage",
    "text": "Du har ansvaret til en annen har tatt imot.",
}

VOICE = {
    "quote": "Jeg vil at noen spør meg om jeg vil være med. Ikke at jeg må spørre.",
    "source": "Fortalt til Ane 22. september. Emma vet at dere leser det.",
    "label": "Skriv inn før neste møte",
}

ASK = {
    "title": "Svar på spørsmålet om samtykke for Emma",
    "text": "Solbakken barnehage spør om de kan samarbeide med helsestasjonen. Du kan si nei.",
    "line": "Frist 12. oktober, omtrent 5 minutter",
    "label": "Les og svar",
    "told": "Vi sa fra på e-post 28. september.",
}

CHILD = {
    "name": "Emma, 5 år",
    "since": "Stafettlogg siden 4. september 2026",
    "next": "Neste: samarbeidsmøte 14. oktober",
    "holder": "Ane Solheim",
    "holder_line": "Solbakken barnehage",
}

TABS = [
    {"label": "Oversikt", "url": "#bånd", "is_here": True},
    {"label": "Mål og tiltak", "url": "#bånd"},
    {"label": "Meldinger", "url": "#bånd", "count": 2, "counted": "uleste"},
    {"label": "Hvem har sett", "url": "#bånd"},
]

TOOLS = [
    {"title": "Mal for undringssamtale", "url": "#verktoy", "text": "PDF, 2 sider"},
    {"title": "Samtale med små barn", "url": "#verktoy", "text": "Nettside, 5 minutter", "icon": "child"},
]

VERSUS = [
    {
        "label": "Tiltak",
        "yours": "Ane starter en lek hver formiddag.",
        "theirs": "Ane starter en lek Emma liker, hver formiddag ute.",
    }
]


class SampleForm(PortalForm, forms.Form):
    """Every kind of field; bound with nothing it shows every kind of error."""

    name = forms.CharField(label="Hva heter barnet?", help_text="Fornavn og etternavn.")
    born = KnownDayField(label="Når er barnet født?")
    meeting = DateField(label="Når møtes dere?")
    unit = forms.ChoiceField(
        label="Hvilken enhet?",
        choices=[("", "Velg enhet"), ("solbakken", "Solbakken barnehage"), ("ppt", "PP-tjenesten")],
    )
    share = forms.ChoiceField(
        label="Skal vi samarbeide med helsestasjonen?",
        choices=[("yes", "Ja, dere kan samarbeide"), ("no", "Nei, ikke del noe")],
        widget=forms.RadioSelect,
    )
    readers = forms.ChoiceField(
        label="Hvem kan lese det du skriver?",
        choices=[
            ("holder", Described("Bare stafettholder", "Ane Solheim")),
            ("all", Described("Alle i loggen", "Ane Solheim og Mari Lie")),
            ("later", "Jeg velger siden"),
        ],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Hva kan de få vite?",
        choices=[("goals", "Mål og tiltak"), ("voice", "Barnets stemme"), ("history", "Det vi har prøvd")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label="Er det noe vi ikke skal dele?",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        required=False,
        help_text="Stafettholderen leser det før vi deler noe.",
    )
    scan = forms.FileField(label="Skannet samtykke", required=False)
    knows = forms.BooleanField(
        label="Barnet vet hvem som leser dette",
        help_text="Skriv bare det barnet vil at foreldrene skal lese.",
    )


def context() -> dict[str, Any]:
    """Everything templates/style.html shows."""
    return {
        "today": TODAY,
        "tasks": TASKS,
        "goal": GOAL,
        "logs": LOGS,
        "events": EVENTS,
        "process": PROCESS,
        "levels": LEVELS,
        "seen": SEEN,
        "phones": PHONES,
        "kv_rows": FACTS,
        "table": TABLE,
        "steps": STEPS,
        "service_facts": SERVICE_FACTS,
        "holder": HOLDER,
        "voice": VOICE,
        "ask": ASK,
        "child": CHILD,
        "empty": "Ingen tiltak er lagt inn. Bli enige om mål og tiltak i det første møtet.",
        "tabs": TABS,
        "tools": TOOLS,
        "versus": VERSUS,
        "since": _day(9, 4),
        "statuses": ["handling", "venter", "pagar", "fullfort", "avsluttet"],
        "filled": SampleForm(auto_id="id_a_%s"),
        "wrong": SampleForm({}, auto_id="id_b_%s"),
        "service": SampleForm(auto_id="id_c_%s", prefix="tjeneste"),
    }
