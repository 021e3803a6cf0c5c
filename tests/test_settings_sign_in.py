"""The settings of families' sign-in: complete or not at all, and a key is never shown."""

import base64
import json

import pytest
from joserfc.jwk import RSAKey

from tests.test_settings import COMPLETE, load

JWK = json.dumps(RSAKey.generate_key(2048, {"kid": "k"}).as_dict(private=True))
GIVEN = COMPLETE | {
    "IDPORTEN_ISSUER": "https://idporten.example",
    "IDPORTEN_CLIENT_ID": "portal",
    "IDPORTEN_KEY": JWK,
}
SHOW = "[settings.ID_PORTEN and (settings.ID_PORTEN['private_key']['kid'], settings.ID_PORTEN['acr'])]"


@pytest.mark.parametrize("key", [JWK, base64.b64encode(JWK.encode()).decode()], ids=["json", "base64"])
def test_settings_take_the_key_as_json_or_base64(tmp_path, key):
    loaded = load(GIVEN | {"IDPORTEN_KEY": key}, tmp_path, SHOW)

    assert json.loads(loaded.stdout) == [["k", "idporten-loa-high"]]


def test_settings_without_a_provider_have_none(tmp_path):
    assert json.loads(load(COMPLETE, tmp_path, SHOW).stdout) == [None]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"IDPORTEN_CLIENT_ID": ""}, "IDPORTEN_CLIENT_ID is missing."),
        ({"IDPORTEN_KEY": ""}, "IDPORTEN_KEY must be a private key"),
        ({"IDPORTEN_KEY": '{"kty": "RSA", "n": "hidden-part", "kid": "k"}'}, "IDPORTEN_KEY must be a private key"),
        ({"IDPORTEN_ACR": "unknown"}, "IDPORTEN_ACR and IDPORTEN_ACR_YOUTH must be levels"),
        ({"IDPORTEN_ISSUER": "http://idporten.example"}, "IDPORTEN_ISSUER must start with https://"),
    ],
)
def test_settings_say_what_is_wrong_and_never_show_the_key(tmp_path, changes, sentence):
    loaded = load(GIVEN | changes, tmp_path)

    assert (loaded.returncode, sentence in loaded.stderr, "hidden-part" in loaded.stderr) == (1, True, False)
