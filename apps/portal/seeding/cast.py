"""The invented municipality: its tree of units and its people. Nobody here exists."""

from dataclasses import dataclass
from datetime import date

from apps.municipality.enums import UnitKind


@dataclass(frozen=True)
class Place:
    key: str
    name: str
    kind: str
    parent: str = ""
    is_on: bool = True
    controller: str = ""


@dataclass(frozen=True)
class Employee:
    key: str
    name: str
    unit: str
    role: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class Citizen:
    key: str
    name: str
    born: date
    note: str = ""


PLACES = [
    Place("kommune", "Solvik kommune", UnitKind.MUNICIPALITY),
    Place("oppvekst", "Oppvekst", UnitKind.SECTOR, "kommune"),
    Place("helse", "Helse og mestring", UnitKind.SECTOR, "kommune"),
    Place("solbakken", "Solbakken barnehage", UnitKind.KINDERGARTEN, "oppvekst"),
    Place("tangen", "Tangen barnehage", UnitKind.KINDERGARTEN, "oppvekst"),
    Place("fjordvik", "Fjordvik skole", UnitKind.SCHOOL, "oppvekst"),
    Place("solvik_ungdom", "Solvik ungdomsskole", UnitKind.SCHOOL, "oppvekst"),
    Place("sfo", "Fjordvik SFO", UnitKind.AFTER_SCHOOL, "fjordvik"),
    Place("ppt", "PP-tjenesten", UnitKind.PPT, "oppvekst"),
    Place("barnevern", "Barnevernstjenesten", UnitKind.CHILD_WELFARE, "oppvekst"),
    Place("kulturskole", "Solvik kulturskole", UnitKind.CULTURE_SCHOOL, "oppvekst"),
    Place("opplaering", "Solvik opplæringssenter", UnitKind.ADULT_EDUCATION, "oppvekst"),
    Place("helsestasjon", "Helsestasjonen", UnitKind.HEALTH_STATION, "helse"),
    Place("skolehelse", "Skolehelsetjenesten", UnitKind.SCHOOL_HEALTH, "helse"),
    Place("jordmor", "Jordmortjenesten", UnitKind.MIDWIFE, "helse"),
    Place("fysio", "Ergo- og fysioterapitjenesten", UnitKind.THERAPY, "helse"),
    Place("nav", "NAV Solvik", UnitKind.NAV, "helse"),
    Place("flyktning", "Flyktningtjenesten", UnitKind.REFUGEE, "helse"),
    Place("rus", "Rus og psykisk helse", UnitKind.ADULT_HEALTH, "helse", is_on=False),
    Place("trollhaugen", "Trollhaugen barnehage", UnitKind.KINDERGARTEN, "kommune", controller="Trollhaugen SA"),
    Place("bup", "BUP Solvik", UnitKind.BUP, "kommune", controller="Vestfjord helseforetak"),
    Place("fastlege", "Solvik legesenter", UnitKind.DOCTOR, "kommune", controller="Solvik legesenter DA"),
]

EMPLOYEES = [
    Employee("ane", "Ane Solheim", "solbakken", "ansatt", "Pedagogisk leder", "Stafettholder for Emma og Noah"),
    Employee("mona", "Mona Eik", "solbakken", "ansatt", "Barnehagelærer"),
    Employee("lars", "Lars Bakken", "solbakken", "styrer", "Styrer", "Leder barnehagen"),
    Employee("vilde", "Vilde Strand", "tangen", "ansatt", "Pedagogisk leder"),
    Employee("frode", "Frode Lien", "tangen", "styrer", "Styrer"),
    Employee("silje", "Silje Nes", "fjordvik", "ansatt", "Kontaktlærer", "Stafettholder for Sander"),
    Employee("tor", "Tor Aune", "fjordvik", "rektor", "Rektor"),
    Employee("elin", "Elin Haug", "solvik_ungdom", "rektor", "Rektor"),
    Employee("jonas", "Jonas Eide", "ppt", "ansatt", "PP-rådgiver", "Stafettholder for Liv"),
    Employee("berit", "Berit Hauge", "ppt", "tjenesteleder", "Leder"),
    Employee("petter", "Petter Dahl", "barnevern", "ansatt", "Kontaktperson"),
    Employee("hanne", "Hanne Lund", "barnevern", "tjenesteleder", "Leder"),
    Employee("ingrid", "Ingrid Moe", "helsestasjon", "ansatt", "Helsesykepleier"),
    Employee("sunniva", "Sunniva Vik", "helsestasjon", "tjenesteleder", "Ledende helsesykepleier"),
    Employee("nora", "Nora Berge", "skolehelse", "ansatt", "Helsesykepleier", "Stafettholder for Sander"),
    Employee("guro", "Guro Sand", "jordmor", "ansatt", "Jordmor", "Stafettholder for et ventet barn"),
    Employee("live", "Live Foss", "jordmor", "tjenesteleder", "Leder"),
    Employee("even", "Even Holm", "fysio", "ansatt", "Fysioterapeut"),
    Employee("samira", "Samira Ali", "nav", "ansatt", "Veileder"),
    Employee("arild", "Arild Myr", "nav", "tjenesteleder", "Leder"),
    Employee("leyla", "Leyla Demir", "flyktning", "ansatt", "Familiekoordinator"),
    Employee("oda", "Oda Krogh", "bup", "ansatt", "Psykolog", "Arbeider utenfor kommunen"),
    Employee("kari", "Kari Myhre", "kommune", "bti-koordinator", "BTI-koordinator", "Endrer veileder og innstillinger"),
    Employee("kjersti", "Kjersti Ness", "helse", "tjenesteleder", "Leder"),
    Employee("kaja", "Kaja Ruud", "kulturskole", "ansatt", "Korlærer", "Leser bare sine egne tiltak for Liv"),
    Employee("astrid", "Astrid Fjelldal", "kommune", "personvernombud", "Personvernombud", "Gir råd om tekstene"),
    Employee("henrik", "Henrik Wold", "kommune", "jurist", "Jurist", "Godkjenner tekstene"),
    Employee("tone", "Tone Ryen", "kommune", "systemeier", "Kommunedirektør", "Godkjenner tekstene og signerer"),
    Employee("espen", "Espen Dahle", "kommune", "it-ansvarlig", "IT-ansvarlig"),
    Employee("solveig", "Solveig Tveit", "kommune", "arkivar", "Arkivar"),
    Employee("grete", "Grete Aas", "oppvekst", "kommunalsjef", "Kommunalsjef oppvekst", "Ser flyten, aldri innholdet"),
]

CITIZENS = [
    Citizen("mari", "Mari Lie", date(1990, 2, 11), "Mor til Emma. Har svart ja til alt"),
    Citizen("ola", "Ola Nordmann", date(1988, 9, 3), "Far til Emma. Har et spørsmål å svare på"),
    Citizen("ida", "Ida Fjell", date(1992, 5, 20), "Mor til Noah"),
    Citizen("per", "Per Fjell", date(1991, 1, 8), "Far til Noah"),
    Citizen("sara", "Sara Holt", date(1987, 11, 30), "Mor til Ella. Er spurt om stafettlogg"),
    Citizen("nils", "Nils Holt", date(1985, 4, 17), "Far til Ella. Er spurt om stafettlogg"),
    Citizen("tuva", "Tuva Haugen", date(1989, 8, 25), "Mor til Liv, alene med foreldreansvaret"),
    Citizen("sander", "Sander Vik", date(2010, 3, 2), "Ungdom på 16 år. Har også en stafettlogg bare for seg selv"),
    Citizen(
        "marte", "Marte Vik", date(1983, 12, 12), "Mor til Sander. Vet ikke om stafettloggen hans hos helsesykepleieren"
    ),
    Citizen("julie", "Julie Berg", date(1997, 6, 6), "Gravid"),
    Citizen("aina", "Aina Rust", date(1990, 10, 10), "Mor til Aksel"),
    Citizen("tom", "Tom Ek", date(1986, 7, 1), "Har ingen sak"),
    Citizen("runa", "Runa Dale", date(1991, 3, 9), "Mor til Oskar"),
    Citizen("trym", "Trym Dale", date(1989, 1, 27), "Far til Oskar. Lederen har sperret ham"),
    Citizen("signe", "Signe Moen", date(1993, 9, 14), "Mor til Iben. Samtykket går snart ut"),
    Citizen("jo", "Jo Ask", date(1990, 12, 5), "Far til Theo. Samtykket har gått ut"),
]
