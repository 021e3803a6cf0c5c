from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MunicipalityConfig(AppConfig):
    name = "apps.municipality"
    label = "municipality"

    def ready(self) -> None:
        from apps.municipality import adapters, checks  # noqa: F401, PLC0415 -- models are loaded first
        from apps.municipality.enums import ReadinessGroup, Right  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.selectors import readiness_points as points  # noqa: PLC0415 -- models are loaded first
        from apps.municipality.selectors.readiness import (  # noqa: PLC0415 -- models are loaded first
            AGAIN_MONTHS,
            ReadinessCheck,
            Word,
            register,
        )

        adapters.install()
        it = frozenset({Right.ADMINISTRATOR.value})
        for check in (
            ReadinessCheck(
                "kommunen",
                ReadinessGroup.CONTACT,
                _("Kommunen og personvernombudet er skrevet inn"),
                standing=points.municipality,
                url_name="municipality:section",
                url_args=("kommunen",),
            ),
            ReadinessCheck(
                points.PHONE,
                ReadinessGroup.CONTACT,
                _("Telefonnumrene er ringt og svarte"),
                standing=points.phones,
                url_name="municipality:readiness_phones",
            ),
            ReadinessCheck(
                "koordinerende-enhet",
                ReadinessGroup.CONTACT,
                _("Kontakt i koordinerende enhet"),
                _("Skriv inn navn og telefon. Veilederen viser til dem."),
                standing=points.coordinating,
                url_name="municipality:section",
                url_args=("kommunen",),
            ),
            ReadinessCheck(
                "tjenester",
                ReadinessGroup.CONTACT,
                _("Kontakt i PP-tjenesten og helsestasjonen"),
                standing=points.services,
                url_name="municipality:units",
            ),
            ReadinessCheck(
                points.EMAIL,
                ReadinessGroup.CONTACT,
                _("Prøve-e-posten kom fram"),
                _("Send en e-post og skriv koden som står i den."),
                word=Word(frozenset({Right.COORDINATOR.value, *it}), "", months=AGAIN_MONTHS),
                url_name="municipality:readiness_email",
            ),
            ReadinessCheck(
                "dpia-rad",
                ReadinessGroup.TEXTS,
                _("Personvernombudet har gitt råd om personvernkonsekvensene (DPIA)"),
                _("Ombudet skriver rådet sitt her. Ombudet gir råd, og bestemmer ikke."),
                word=Word(
                    frozenset({Right.DPO.value}), _("Jeg har lest vurderingen og gitt råd om den"), names_other=False
                ),
            ),
            ReadinessCheck(
                "dpia",
                ReadinessGroup.TEXTS,
                _("Personvernkonsekvensene (DPIA) er signert"),
                _("Kommunedirektøren eller systemeieren signerer etter at ombudet har gitt råd."),
                word=Word(
                    frozenset({Right.OWNER.value}),
                    _("Jeg har lest vurderingen og rådet fra ombudet, og signerer"),
                    after="dpia-rad",
                    names_other=False,
                ),
            ),
            ReadinessCheck(
                "tillitsvalgte",
                ReadinessGroup.PEOPLE,
                _("De tillitsvalgte vet at portalen skriver ned hvem som leser"),
                _("Drøft det etter arbeidsmiljøloven § 9-2, og skriv inn dagen."),
                word=Word(frozenset({Right.COORDINATOR.value}), _("Kommunen har drøftet det med de tillitsvalgte")),
            ),
            ReadinessCheck(
                "innlogging-ansatte",
                ReadinessGroup.OPERATION,
                _("Innlogging for ansatte er prøvd"),
                _("IT-ansvarlig prøver inn, ut og feil passord."),
                word=Word(it, _("Innloggingen for ansatte er prøvd og virker"), months=AGAIN_MONTHS),
            ),
            ReadinessCheck(
                "innlogging-familier",
                ReadinessGroup.OPERATION,
                _("Innlogging for familiene er prøvd"),
                _("Har dere ikke ID-porten ennå, skriver dere at familiene svarer på papir eller i møtet."),
                word=Word(it, _("Det er prøvd hvordan familiene svarer"), months=AGAIN_MONTHS),
            ),
            ReadinessCheck(
                "to-trinn",
                ReadinessGroup.OPERATION,
                _("Alle med særlige rettigheter logger inn i to trinn"),
                _("Gjelder ledere, koordinator, jurist, ombud, arkiv og IT."),
                word=Word(it, _("Alle med særlige rettigheter logger inn i to trinn"), months=AGAIN_MONTHS),
            ),
            ReadinessCheck(
                "sikkerhetskopi",
                ReadinessGroup.OPERATION,
                _("En sikkerhetskopi er hentet tilbake"),
                _("IT-ansvarlig prøver det på et annet sted enn der portalen går."),
                word=Word(it, _("Sikkerhetskopien er hentet tilbake, og innholdet var der"), months=AGAIN_MONTHS),
            ),
            ReadinessCheck(
                "arkiv",
                ReadinessGroup.OPERATION,
                _("Arkivtjenesten er valgt"),
                _("Skriv inn hvem som tar imot det kommunen skal ta vare på."),
                standing=points.archive,
                url_name="municipality:section",
                url_args=("kommunen",),
            ),
        ):
            register(check)
