"""Django as the issuer of access tokens for the Seseragi gateway.

What it is: views, models, checks and signals for a Django project with users. What it is not: a verifier of tokens
(that is the gateway), or a login. Invariant: a token is made only for an active user with a real subject.
"""

__version__ = "0.1.0"
