from django.urls import path

from bti_portal.urls import handler400, handler403, handler404, handler500, urlpatterns
from tests.core import pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("prove/", pages.wish, name="wish"),
    path("prove/utkast/", pages.draft, name="draft"),
    path("prove/krysset/", pages.ticked, name="ticked"),
    path("prove/apen/", pages.open_wish, name="open_wish"),
    path("prove/flere/", pages.several, name="several"),
    path("prove/notat/<uuid:pk>/", pages.note, name="note"),
    path("prove/nei/", pages.denied, name="denied"),
    path("prove/borte/", pages.missing, name="missing"),
    path("prove/feil/", pages.broken, name="broken"),
    path("prove/side/", pages.public, name="public"),
    *urlpatterns,
]
