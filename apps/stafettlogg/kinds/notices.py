"""What people are told of when it happens in a log. Titles hold no name and no subject (S22)."""

from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Group
from apps.notifications.kinds import NoticeKind
from apps.stafettlogg.kinds import still

NOTICE_KINDS: list[NoticeKind] = [
    NoticeKind("consent_waiting", _("Du har et spørsmål å svare på"), still.is_asked),
    NoticeKind(
        "question_ended",
        _("En tjeneste du er spurt om, legges ned. Du trenger ikke å svare om den"),
        still.reads_log,
        Group.MESSAGE,
    ),
    NoticeKind("consent_receipt", _("Du har fått en kvittering"), still.was_asked, Group.MESSAGE),
    NoticeKind(
        "consent_withdrawn", _("Du har fått en kvittering på at du har trukket svaret"), still.was_asked, Group.MESSAGE
    ),
    NoticeKind("consent_answered", _("Noen har svart på spørsmålet om samtykke"), still.holds_log, Group.MESSAGE),
    NoticeKind("limits_to_follow", _("Les og følg det familien har skrevet"), still.has_limits_to_follow, urgent=True),
    NoticeKind("consent_disputed", _("Noen sier at de ikke har gitt et svar"), still.holds_log, urgent=True),
    NoticeKind("consent_disputed_leader", _("Noen sier at de ikke har gitt et svar"), still.leads_log, urgent=True),
    NoticeKind("log_opened", _("En stafettlogg er åpnet"), still.reads_log, Group.MESSAGE),
    NoticeKind("log_opened_family", _("Stafettloggen er åpnet"), still.reads_log, Group.MESSAGE),
    NoticeKind("sharing_stopped", _("En deling er stoppet"), still.holds_log, urgent=True),
    NoticeKind("sharing_stopped_leader", _("En deling er stoppet"), still.leads_log, Group.MESSAGE),
    NoticeKind("proposed_holder", _("Du er foreslått som stafettholder"), still.holds_log),
    NoticeKind("request_made", _("Enheten din har bedt om en stafettlogg"), still.leads_log, Group.MESSAGE),
    NoticeKind(
        "request_removed", _("En forespørsel er fjernet fordi fristen gikk ut"), still.is_employee, Group.MESSAGE
    ),
    NoticeKind("repeat_request", _("Noen andre har kanskje spurt om et barn du følger"), still.has_repeat_to_follow),
    NoticeKind("repeat_request_leader", _("Noen har kanskje spurt om et barn enheten følger"), still.leads_log),
    NoticeKind(
        "two_logs",
        _("Familien sier at barnet har en stafettlogg til. Snakk med dem om det"),
        still.holds_log,
        Group.MESSAGE,
    ),
    NoticeKind(
        "two_logs_family",
        _("Barnet har to stafettlogger. Dere velger om dere vil ha begge"),
        still.reads_some_log,
        Group.MESSAGE,
    ),
    NoticeKind("exception_asked", _("Du er bedt om å signere"), still.has_exception_to_sign),
    NoticeKind("exception_signed", _("Lederen har signert"), still.holds_log, Group.MESSAGE),
    NoticeKind("exception_declined", _("Lederen har ikke signert"), still.holds_log, Group.MESSAGE),
    NoticeKind("exception_second", _("Du er bedt om å signere"), still.has_second_to_sign),
    NoticeKind("exception_ending", _("En foresatt er hørt fra. Se hva som skjer nå"), still.holds_log, urgent=True),
    NoticeKind("exception_over", _("Et unntak gjelder ikke lenger"), still.holds_log, urgent=True),
    NoticeKind("code_used", _("Noen har brukt en kode du ga"), still.holds_log),
    NoticeKind("link_cut", _("En kobling til en innlogging er brutt"), still.leads_log, urgent=True),
    NoticeKind("responsibility_lost", _("En forelder er tatt ut av en stafettlogg"), still.leads_log, Group.MESSAGE),
    NoticeKind("guardian_blocked", _("Lederen har sperret en foresatt"), still.holds_log, urgent=True),
    NoticeKind("guardian_unblocked", _("Lederen har opphevet en sperre"), still.holds_log),
    NoticeKind("care_to_block", _("Du er bedt om å signere"), still.has_parent_to_block, urgent=True),
    NoticeKind("foster_asked", _("Du har et spørsmål å svare på"), still.answers_for_foster),
    NoticeKind(
        "foster_written",
        _("Stafettholderen har skrevet ned et svar fra deg. Se om det stemmer"),
        still.answers_for_foster,
        Group.MESSAGE,
    ),
    NoticeKind("foster_answered", _("Du har fått svar på noe du spurte om"), still.holds_log, Group.MESSAGE),
    NoticeKind("place_hidden_leader", _("Du er bedt om å bekrefte noe. Gjør det nå"), still.has_hiding, urgent=True),
    NoticeKind(
        "place_hidden_holder", _("Noe er endret for en foresatt. Se siden om foresatte"), still.holds_log, urgent=True
    ),
    NoticeKind("place_shown", _("Noe som gjaldt en foresatt, er avsluttet"), still.knows_of_log, Group.MESSAGE),
    NoticeKind("protection_end_asked", _("Du er bedt om å signere"), still.has_protection_to_end),
    NoticeKind("protection_ended", _("Lederen har signert"), still.holds_log, Group.MESSAGE),
    NoticeKind(
        "family_on_paper", _("En familie leser ikke stafettloggen i portalen lenger. Bruk papir"), still.holds_log
    ),
    NoticeKind("interpreter_needed", _("En forelder ber om tolk"), still.holds_log),
    NoticeKind("wish_received", _("En familie har sendt et ønske til enheten"), still.has_wish_to_answer),
    NoticeKind(
        "wish_removed",
        _("Ingen svarte på ønsket ditt i tide. Vi har fjernet det. Du kan sende det på nytt"),
        still.is_citizen,
        Group.MESSAGE,
    ),
    # Participants
    NoticeKind("invitation", _("Du er spurt om å bli med i en stafettlogg"), still.is_invited),
    NoticeKind("invitation_declined", _("En tjeneste har takket nei til å bli med"), still.holds_log, Group.MESSAGE),
    NoticeKind("participant_joined", _("Noen er blitt med"), still.holds_log, Group.MESSAGE),
    NoticeKind("participant_left", _("Noen er ikke lenger med"), still.holds_log, Group.MESSAGE),
    NoticeKind("service_closing", _("En tjeneste er på vei ut av en stafettlogg"), still.holds_log, Group.MESSAGE),
    NoticeKind("service_stays", _("En tjeneste blir i en stafettlogg likevel"), still.holds_log, Group.MESSAGE),
    NoticeKind("participant_removed", _("Du er ikke lenger med i en stafettlogg"), still.is_employee, Group.MESSAGE),
    NoticeKind(
        "asked_has_left",
        _("En du spurte, har sluttet. Se om du må spørre en annen"),
        still.holds_log,
        Group.MESSAGE,
    ),
    # Handovers
    NoticeKind("handover_offered", _("Du er spurt om å ta over en stafettpinne"), still.is_offered),
    NoticeKind("handover_to_appoint", _("Enheten din er spurt om å ta over en stafettpinne"), still.is_offered),
    NoticeKind("handover_withdrawn", _("Et spørsmål til deg er trukket"), still.is_employee, Group.MESSAGE),
    NoticeKind("handover_declined", _("Noen har takket nei til stafettpinnen"), still.holds_log),
    NoticeKind("handover_lapsed", _("Ingen svarte i tide på tilbudet om stafettpinnen"), still.holds_log),
    NoticeKind("handover_done", _("En stafettpinne har fått en ny holder"), still.is_employee, Group.MESSAGE),
    NoticeKind("new_holder", _("Dere har fått en ny stafettholder"), still.reads_open_log, Group.MESSAGE),
    NoticeKind("holder_leaving", _("En stafettholder slutter"), still.leads_somewhere),
    NoticeKind(
        "must_appoint", _("Du har fått en stafettpinne. Velg hvem som tar over"), still.must_appoint, urgent=True
    ),
    NoticeKind("disqualified", _("En ansatt er inhabil i en stafettlogg"), still.leads_somewhere),
    # Deputies
    NoticeKind("deputy_asked", _("Du er spurt om å være vikar"), still.is_deputy_asked),
    NoticeKind("deputy_accepted", _("En vikar har sagt ja"), still.leads_somewhere, Group.MESSAGE),
    NoticeKind("deputy_declined", _("En vikar har takket nei"), still.leads_somewhere),
    NoticeKind("deputy_declined_holder", _("En vikar har takket nei. Velg en annen"), still.holds_log),
    NoticeKind("deputy_has_left_holder", _("En vikar har sluttet. Velg en annen"), still.holds_log),
    NoticeKind("deputy_has_left", _("En vikar har sluttet. Velg en annen"), still.leads_somewhere),
    NoticeKind("deputy_in_place", _("Du har fått en vikar"), still.is_employee, Group.MESSAGE),
    NoticeKind("deputy_ended", _("Du er ikke lenger vikar"), still.is_employee, Group.MESSAGE),
    NoticeKind(
        "deputy_for_family", _("Dere har fått en vikar for stafettholderen"), still.reads_open_log, Group.MESSAGE
    ),
    # Messages and evaluations
    NoticeKind("message", _("Du har en ny beskjed"), still.reads_log, Group.MESSAGE),
    NoticeKind("message_family", _("Du har en ny beskjed"), still.reads_log, Group.MESSAGE),
    NoticeKind("evaluated", _("Noen har skrevet en evaluering"), still.reads_whole_log, Group.MESSAGE),
    NoticeKind("evaluated_family", _("Dere har fått en evaluering å lese"), still.reads_log, Group.MESSAGE),
    # A guardian's own information
    NoticeKind("own_thread_opened", _("En forelder har sagt ja til en samtale med dere"), still.sits_at_thread),
    NoticeKind("own_message", _("Du har en ny beskjed"), still.sits_at_thread, Group.MESSAGE),
    NoticeKind("own_message_family", _("Du har en ny beskjed"), still.sits_at_thread, Group.MESSAGE),
    # Closing
    NoticeKind("closing_asked", _("Noen har bedt om å avslutte en stafettlogg"), still.holds_log, urgent=True),
    NoticeKind("closing_undone", _("Noen har angret at de ba om å avslutte"), still.holds_log, Group.MESSAGE),
    NoticeKind("closing_to_sign", _("Du er bedt om å signere"), still.has_closing_to_sign),
    NoticeKind("family_left", _("Noen i familien er ute av en stafettlogg"), still.holds_log, Group.MESSAGE),
    NoticeKind(
        "reader_left", _("En som leste stafettloggen din, leser den ikke lenger"), still.reads_log, Group.MESSAGE
    ),
    NoticeKind("log_closed", _("En stafettlogg er avsluttet"), still.is_employee, Group.MESSAGE),
    NoticeKind("log_closed_family", _("Stafettloggen er avsluttet"), still.reads_log, Group.MESSAGE),
]
