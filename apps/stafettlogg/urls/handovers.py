from django.urls import path

from apps.stafettlogg.views import handovers

urlpatterns = [
    path("logger/<uuid:pk>/stafettpinne/", handovers.hand_over, name="hand_over"),
    path("logger/<uuid:pk>/stafettpinne/trekk/", handovers.withdraw_handover, name="withdraw_handover"),
    path("logger/<uuid:pk>/inhabil/", handovers.disqualified, name="disqualified"),
    path("stafettpinner/<uuid:pk>/", handovers.handover, name="handover"),
    path("stafettpinner/<uuid:pk>/takk-nei/", handovers.decline_handover, name="decline_handover"),
]
