import base64
import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand
from joserfc.jwk import RSAKey


class Command(BaseCommand):
    help = "Make the key that the portal shows ID-porten who it is with. Prints it; stores it nowhere."

    def handle(self, *args: Any, **options: Any) -> None:
        key = RSAKey.generate_key(3072, {"use": "sig", "alg": "RS256", "kid": f"portal-{secrets.token_hex(4)}"})
        private = json.dumps(key.as_dict(private=True), separators=(",", ":"))
        self.stdout.write("For the portal's environment, and nowhere else:\n")
        self.stdout.write(f"IDPORTEN_KEY={base64.b64encode(private.encode()).decode()}\n\n")
        self.stdout.write("For Samarbeidsportalen (public):\n")
        self.stdout.write(json.dumps(key.as_dict(private=False), indent=1) + "\n")
