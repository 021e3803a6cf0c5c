import structlog
from django.http import HttpRequest, HttpResponse

from apps.audit import loaded
from apps.audit.errors import AuditFailed
from apps.core import http

log = structlog.get_logger(__name__)


class ReadAuditMiddleware:
    """No content about a child leaves without its audit row: an unrecorded child id in a page makes it a 503."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        net = loaded.open_net()
        try:
            response = self.get_response(request)
            if hasattr(response, "render") and callable(response.render):
                response.render()
            shows_content = response.status_code < 300 or response.status_code in (403, 409, 422)
            if shows_content and net.unrecorded():
                log.error("unrecorded_read", route=getattr(request.resolver_match, "view_name", ""))
                return unavailable()
            return response
        finally:
            loaded.close_net()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable() if isinstance(exception, AuditFailed) else None


def unavailable() -> HttpResponse:
    """503 without content: «we cannot write in the read log, so we show nothing»."""
    return http.unavailable("503")
