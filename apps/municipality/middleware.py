from apps.municipality import selectors


class SettingsCacheMiddleware:
    """Reads the municipality's settings and words at most once per request; the next request sees every change."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with selectors.kept_in_mind():
            return self.get_response(request)
