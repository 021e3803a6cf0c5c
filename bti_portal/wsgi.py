"""What the web server loads: `gunicorn bti_portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")

application = get_wsgi_application()
