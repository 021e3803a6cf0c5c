"""The words of each task on the start page. Whole sentences with the placeholders name (the child) and detail."""

from dataclasses import dataclass

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    title: object
    help: object
    icon: str = "tasks"


def expected_child() -> str:
    return _now("barnet som er i vente")


WORDS = {
    "measure_due": Words(_("Følg opp tiltaket for %(name)s"), _("%(detail)s"), "clock"),
    "measure_overdue": Words(_("Følg opp tiltaket for %(name)s"), _("%(detail)s"), "clock"),
    "evaluation_due": Words(
        _("Evaluer tiltakene for %(name)s"), _("Avtal tid med familien, og hvem som snakker med barnet."), "clock"
    ),
    "evaluation_overdue": Words(
        _("Evaluer tiltakene for %(name)s"), _("Familien venter på et nytt møte. Avtal tid med dem."), "clock"
    ),
    "reason_missing": Words(
        _("Skriv hvorfor stafettloggen for %(name)s er åpnet"),
        _("Skriv det sammen med familien. De leser det du skriver."),
        "pencil",
    ),
    "plan_missing": Words(
        _("Bli enige om mål og tiltak for %(name)s"),
        _("Gjør det i det første møtet, sammen med familien."),
        "tasks-start",
    ),
    "voice_missing": Words(
        _("Avtal hvem som snakker med %(name)s"), _("Barnets syn skal være med når dere evaluerer."), "child"
    ),
    "to_close": Words(
        _("Avslutt stafettloggen for %(name)s"), _("Dere har evaluert og blitt enige om å avslutte."), "checkmark"
    ),
    "consent_unanswered": Words(
        _("Ring familien til %(name)s om samtykke"), _("Ikke alle har svart. Vi deler ingenting ennå."), "phone"
    ),
    "consent_reminder": Words(
        _("Svar på spørsmålet om %(name)s"), _("Du kan si ja eller nei. Det tar omtrent fem minutter."), "pencil"
    ),
    "consent_expiring": Words(
        _("Samtykket for %(name)s går snart ut"), _("Spør familien på nytt, eller avslutt delingen."), "hourglass"
    ),
    "consent_expired": Words(
        _("Samtykket for %(name)s er gått ut"), _("%(detail)s kan ikke lese stafettloggen lenger."), "hourglass"
    ),
    "consent_expired_leader": Words(
        _("Samtykket for %(name)s er gått ut"), _("%(detail)s kan ikke lese stafettloggen lenger."), "hourglass"
    ),
    "shell_ending": Words(
        _("Ingenting deles om %(name)s nå"),
        _("Be om nytt samtykke, eller avslutt. Gjør du ingenting, avsluttes stafettloggen."),
        "hourglass",
    ),
    "request_ending": Words(
        _("Forespørselen om %(name)s blir snart fjernet"),
        _("Familien har ikke svart. Snakk med dem før fristen."),
        "hourglass",
    ),
    "limits_to_read": Words(
        _("Les hva familien til %(name)s ikke vil dele"),
        _("Delingen åpner når du har krysset av for at det er lest og fulgt."),
        "padlock",
    ),
    "repeat_to_follow": Words(
        _("Noen andre har spurt om %(name)s"), _("Avgjør sammen med familien om de skal inviteres."), "people"
    ),
    "still_to_appoint": Words(
        _("Velg ny stafettholder for %(name)s"), _("Stafettpinnen kom til deg fordi ingen andre hadde den."), "baton"
    ),
    "invitation_waiting": Words(
        _("Svar på om du blir med rundt %(name)s"), _("%(detail)s er invitert, og familien har samtykket."), "people"
    ),
    "handover_waiting": Words(
        _("Svar på om du tar imot stafettpinnen for %(name)s"),
        _("Den som har pinnen nå, beholder den til du har svart."),
        "handshake",
    ),
    "handover_unanswered": Words(
        _("Ingen har svart på stafettpinnen for %(name)s"),
        _("Du har den fortsatt. Ring dem, eller spør en annen."),
        "handshake",
    ),
    "deputy_waiting": Words(
        _("Svar på om du kan være vikar for %(name)s"), _("Foreldrene får bare vite at det er en vikar."), "person-add"
    ),
    "holder_absent": Words(
        _("Stafettholderen for %(name)s er borte"),
        _("Borte fra og med %(detail)s. Velg en vikar, så familien har noen å snakke med."),
        "person",
    ),
    "to_sign": Words(
        _("Signer eller avslå for %(name)s"), _("Stafettholderen ber om unntak fra hvem som må svare."), "sign"
    ),
    "wish": Words(_("En familie ber om stafettlogg"), _("De har skrevet til %(detail)s. Svar dem."), "envelope"),
}
