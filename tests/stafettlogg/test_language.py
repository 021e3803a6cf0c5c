import pytest

from apps.stafettlogg.rules.language import hints


def found(text, language="nb"):
    return [(hint.code, hint.word) for hint in hints(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Man følger opp", [("impersonal", "Man")]),
        ("Vi tar kontakt snarest", [("vague", "snarest")]),
        ("Ane leser så snart som mulig", [("vague", "så snart som mulig")]),
        ("Hjelp i rimelig omfang, ved behov", [("vague", "i rimelig omfang"), ("vague", "ved behov")]),
        ("Tiltaket gjennomføres i leken", [("passive", "gjennomføres")]),
        ("Emma blir fulgt til garderoben", [("passive", "blir fulgt")]),
        ("Noah blir ikke spurt", [("passive", "blir ikke spurt")]),
        ("Øve ift. språk, f.eks. rim osv.", [("shortened", "ift."), ("shortened", "f.eks."), ("shortened", "osv.")]),
        ("Snarest! Ja, snarest", [("vague", "Snarest")]),
    ],
)
def test_hints_find_what_hides_who_when_or_what(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ane starter en lek Emma liker, hver formiddag ute",
        "Emma blir kjent med tre barn og blir trygg i garderoben",
        "Foreldrenes ønsker, barnets stemme og hennes hest",
        "Emma trives, Noah synes det er fint, og det finnes plass",
        "Mannen som heter Herman kommer klokka ti",
        "Voksne møtes hver fredag",
        "",
    ],
)
def test_hints_leave_plain_words_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tiltaket skal gjennomførast snarast", [("vague", "snarast"), ("passive", "gjennomførast")]),
        ("Emma vert følgd av Ane", []),
        ("Ballen vert kasta", [("passive", "vert kasta")]),
        ("Emma leikar best med ein hest", []),
    ],
)
def test_hints_read_nynorsk(text, expected):
    assert found(text, "nn") == expected


def test_hints_leave_other_languages_alone():
    assert found("Man snarest gjennomføres", "en") == []


def test_hints_ask_for_who_and_when():
    missing = hints("Ane leser med Emma", has_who=False, has_when=False)

    assert [hint.code for hint in missing] == ["who", "when"]


def test_hints_are_whole_sentences():
    assert hints("Man leser")[0].message == "«Man» kan være hvem som helst. Skriv hvem som gjør det."
