"""Every address of the stafettlogg, one file per topic."""

from apps.stafettlogg.urls import (
    absences,
    closing,
    consents,
    deputies,
    family,
    guardians,
    handovers,
    leaders,
    logs,
    messages,
    own_threads,
    participants,
    plan,
    requests,
    texts,
    units,
)

app_name = "stafettlogg"

urlpatterns = [
    *requests.urlpatterns,
    *logs.urlpatterns,
    *plan.urlpatterns,
    *messages.urlpatterns,
    *consents.urlpatterns,
    *own_threads.urlpatterns,
    *guardians.urlpatterns,
    *participants.urlpatterns,
    *handovers.urlpatterns,
    *deputies.urlpatterns,
    *absences.urlpatterns,
    *leaders.urlpatterns,
    *closing.urlpatterns,
    *family.urlpatterns,
    *units.urlpatterns,
    *texts.urlpatterns,
]
