import datetime

import pytest

from apps.core import national_id
from apps.core.national_id import Kind, contains_national_id, without_national_ids

DAY = datetime.date


# Made for this table. They are nobody's: test series, people not born yet, or series and years without living people.
@pytest.mark.parametrize(
    ("text", "birth_date", "kind", "century_known"),
    [
        ("01010000110", DAY(1900, 1, 1), Kind.BIRTH, True),  # first day of the 1900s
        ("31923946082", DAY(1939, 12, 31), Kind.SYNTHETIC, True),
        ("14025450036", DAY(1854, 2, 14), Kind.BIRTH, True),  # oldest century
        ("03079970009", DAY(1899, 7, 3), Kind.BIRTH, True),
        ("09094090110", DAY(1940, 9, 9), Kind.BIRTH, True),  # reserve series of the 1900s
        ("30069996082", DAY(1999, 6, 30), Kind.BIRTH, True),
        ("01810050019", DAY(2000, 1, 1), Kind.SYNTHETIC, True),  # first day of the 2000s
        ("29022862055", DAY(2028, 2, 29), Kind.BIRTH, True),  # leap day
        ("29820051260", DAY(2000, 2, 29), Kind.SYNTHETIC, True),
        ("29829612052", DAY(1996, 2, 29), Kind.SYNTHETIC, True),
        ("12103574038", DAY(2035, 10, 12), Kind.BIRTH, True),
        ("24922684088", DAY(2026, 12, 24), Kind.SYNTHETIC, True),
        ("31123995085", DAY(2039, 12, 31), Kind.BIRTH, True),  # last day of the known series
        ("17050230015", DAY(1902, 5, 17), Kind.BIRTH, True),
        ("17050230287", DAY(1902, 5, 17), Kind.BIRTH, True),  # the digit that used to tell gender is not read
        ("050437 52253", DAY(2037, 4, 5), Kind.BIRTH, True),  # space
        ("050437-53470", DAY(2037, 4, 5), Kind.BIRTH, True),  # hyphen
        ("05.04.37 54426", DAY(2037, 4, 5), Kind.BIRTH, True),  # dots
        ("  050437 555 62\n", DAY(2037, 4, 5), Kind.BIRTH, True),  # surrounding spaces
        ("41010110007", DAY(1901, 1, 1), Kind.D_NUMBER, True),  # D-number
        ("71123080070", DAY(2030, 12, 31), Kind.D_NUMBER, True),
        ("69023270013", DAY(2032, 2, 29), Kind.D_NUMBER, True),
        ("08887018082", DAY(1970, 8, 8), Kind.SYNTHETIC, True),  # Tenor
        ("08881588057", DAY(2015, 8, 8), Kind.SYNTHETIC, True),
        ("31929911086", DAY(1999, 12, 31), Kind.SYNTHETIC, True),
        ("08737018084", DAY(1970, 8, 8), Kind.SYNTHETIC, True),  # NAV
        ("01661878017", DAY(2018, 1, 1), Kind.SYNTHETIC, True),
        ("08487018180", DAY(1970, 8, 8), Kind.SYNTHETIC, True),  # older test series
        ("30512073006", DAY(2020, 11, 30), Kind.SYNTHETIC, True),
        ("42838516003", DAY(1985, 3, 2), Kind.SYNTHETIC, True),  # synthetic D-number
        ("42438516020", DAY(1985, 3, 2), Kind.SYNTHETIC, True),
        ("15063341069", DAY(2033, 6, 15), Kind.BIRTH, False),  # given from 2032 on, remainder 1
        ("15063341077", DAY(2033, 6, 15), Kind.BIRTH, False),  # given from 2032 on, remainder 2
        ("15063341085", DAY(2033, 6, 15), Kind.BIRTH, False),  # given from 2032 on, remainder 3
        ("55063362033", DAY(2033, 6, 15), Kind.D_NUMBER, False),
        ("55063362041", DAY(2033, 6, 15), Kind.D_NUMBER, False),
        ("55063362130", DAY(2033, 6, 15), Kind.D_NUMBER, False),
        ("29023600747", DAY(2036, 2, 29), Kind.BIRTH, False),
        ("20813307724", DAY(2033, 1, 20), Kind.SYNTHETIC, False),
        ("11114560032", DAY(2045, 11, 11), Kind.BIRTH, False),  # a series not in use before 2032
    ],
)
def test_valid_numbers_give_birth_date_and_kind(text, birth_date, kind, century_known):
    parsed = national_id.parse(text, synthetic_ok=True)

    assert (parsed.birth_date, parsed.kind, parsed.century_known) == (birth_date, kind, century_known)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("12103574039", "stemmer ikke"),  # second control digit
        ("12105374038", "stemmer ikke"),  # two digits swapped
        ("16063673084", "stemmer ikke"),  # remainder 4
        ("16063673092", "stemmer ikke"),  # remainder 5
        ("16063673181", "stemmer ikke"),  # remainder 6
        ("16063673009", "stemmer ikke"),  # remainder 7
        ("16063673017", "stemmer ikke"),  # remainder 8
        ("16063673025", "stemmer ikke"),  # remainder 9
        ("16063673033", "stemmer ikke"),  # remainder 10
        ("31043673028", "dato"),  # 31 April
        ("29023573049", "dato"),  # no leap year
        ("29020012038", "dato"),  # 1900 had no leap day
        ("00053573045", "dato"),  # day 0
        ("32053573036", "dato"),  # day 32
        ("72053573100", "dato"),  # D-number of day 32
        ("12003573034", "dato"),  # month 0
        ("12133573052", "dato"),  # month 13
        ("12933573018", "dato"),  # month 93
        ("12533573035", "dato"),  # between two test series
        ("", "11 siffer"),  # empty
        ("1234567890", "11 siffer"),  # ten digits
        ("121035740380", "11 siffer"),  # twelve digits
        ("1210357403o", "11 siffer"),  # a letter
        ("00000000000", "dato"),  # zeros
        ("99999999999", "dato"),  # nines
        ("-----------", "11 siffer"),  # hyphens only
    ],
)
def test_wrong_numbers_are_refused_with_a_reason(text, word):
    with pytest.raises(ValueError, match=word):
        national_id.parse(text, synthetic_ok=True)


def test_test_numbers_are_refused_where_real_people_are():
    with pytest.raises(ValueError, match="testnummer"):
        national_id.parse("08881588057", synthetic_ok=False)


def test_real_numbers_are_accepted_where_test_numbers_are_not():
    parsed = national_id.parse("12103574038", synthetic_ok=False)

    assert parsed.digits == "12103574038"


@pytest.mark.parametrize(
    "text",
    [
        "121035\u201374038",  # a dash, as Word makes it
        "121035 - 74038",
        "\u200e12103574038\u202c",  # as Teams and Excel copy it
        "\ufeff121035\u00a074038\u200b",
        "121035\u202f74038",
        "１２１０３５７４０３８",  # full width
        "١٢١٠٣٥٧٤٠٣٨",  # Arabic digits
    ],
)
def test_number_is_read_however_it_was_copied(text):
    assert national_id.parse(text, synthetic_ok=False).digits == "12103574038"


@pytest.mark.parametrize("shown", [str, repr])
def test_a_number_shows_its_birth_date_only(shown):
    parsed = national_id.parse("12103574038", synthetic_ok=False)

    assert "74038" not in shown(parsed)
    assert "121035 •••••" in shown(parsed)


def test_the_reason_never_repeats_the_number():
    with pytest.raises(ValueError, match="stemmer ikke") as caught:
        national_id.parse("12103574039", synthetic_ok=True)

    assert "121035" not in str(caught.value)


@pytest.mark.parametrize("written", ["12103574038", "121035 74038", "121035-74038"])
def test_mask_shows_the_birth_date_only(written):
    assert national_id.mask(written) == "121035 •••••"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", False),
        ("Ring meg på 99887766 i morgen", False),
        ("Nummeret er 08881588057.", True),
        ("Nummeret er 088815 88057.", True),
        ("088815-88057", True),
        ("0 8 8 8 1 5 8 8 0 5 7", True),
        ("088 815 880 57", True),
        ("12103574038", True),
        ("12103574039", False),  # wrong control digit: some other number
        ("908881588057", False),  # twelve digits: some other number
        ("Konto 1503 40 12345", False),
        ("155076\u201300333", True),  # a dash
        ("155076\u202f00333", True),
        ("155076\u201100333", True),
        ("155076\u200900333", True),
        ("155076 \u2013 00333", True),
        ("155076  00333", True),
        ("155076\n00333", True),
        ("155076\t00333", True),
        ("155076/00333", True),
        ("155076:00333", True),
        ("15507\u200b600\u00ad333", True),  # characters nobody sees
        ("１５５０７６００３３３", True),
        ("١٥٥٠٧٦٠٠٣٣٣", True),
        ("98765 155076 00333", True),  # whatever stands before it
        ("155076 00334", False),
        ("12.10.2026 og 13.10.2026", False),
    ],
)
def test_contains_national_id_finds_numbers_that_are_valid(text, found):
    assert contains_national_id(text) is found


def test_national_ids_are_taken_out_and_other_numbers_stay():
    text = "Ring 99887766 om 088815 88057 eller 08881588057."

    assert without_national_ids(text, "[tatt bort]") == "Ring 99887766 om [tatt bort] eller [tatt bort]."
    assert without_national_ids("12103574039") == "12103574039"
    assert without_national_ids("Mor: 155076\u201300333.", "[tatt bort]") == "Mor: [tatt bort]."
