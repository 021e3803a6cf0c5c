"""Signing in against a provider that we did not write (npm oidc-provider), and a proxy that makes wrong tokens."""
