"""OpenID Connect, as the portal signs people in with it: authorization code, PKCE, state, nonce, stricter than Authlib.

`provider` knows one provider, its metadata and keys; `tokens` says whether a token is right; `rounds` sends a browser
out and takes it back. What a provider says about itself is kept in the cache, never in a table.
"""
