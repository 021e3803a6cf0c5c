"""What the web server loads: `gunicorn bti_portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from gunicorn.http import wsgi as server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
# The «Server» header of every answer: which program it is, and so which faults it may have, is nobody's business.
server.SERVER = "web"

application = get_wsgi_application()
