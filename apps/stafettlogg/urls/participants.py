from django.urls import path

from apps.stafettlogg.views import participants

urlpatterns = [
    path("logger/<uuid:pk>/deltakere/", participants.participants, name="participants"),
    path("logger/<uuid:pk>/deltakere/inviter/", participants.invite, name="invite"),
    path("logger/<uuid:pk>/deltakere/ga-ut/", participants.leave, name="leave"),
    path("logger/<uuid:pk>/deltakere/<uuid:row_id>/ta-ut/", participants.remove, name="remove_participant"),
    path(
        "logger/<uuid:pk>/deltakere/invitasjoner/<uuid:invitation_id>/trekk/",
        participants.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("invitasjoner/", participants.invitations, name="invitations"),
    path("invitasjoner/<uuid:pk>/", participants.invitation, name="invitation"),
]
