"""Sign people in with Navid, in a WSGI site: Python 3, no packages."""

import json
import os
from urllib.parse import parse_qs, urlencode
from urllib.request import urlopen

ORIGIN = os.environ.get("ORIGIN", "http://shop.localhost:3000")  # our own, the audience
VERIFIER = os.environ.get("VERIFIER", "http://127.0.0.1:8081/verify")


def verify(assertion):
    """Return the address that an assertion proves to this site, or None."""
    question = urlencode({"assertion": assertion, "audience": ORIGIN}).encode()
    try:
        with urlopen(VERIFIER, question, timeout=10) as response:
            answer = json.load(response)
    except (OSError, ValueError):  # there is no verifier, or it could not say
        return None
    return answer["email"] if answer["status"] == "okay" else None


def login(environ, session):
    """Answer POST /login: a status, and what to say."""
    if environ.get("HTTP_ORIGIN") != ORIGIN:  # CSRF
        return "403 Forbidden", "This came from another site."
    form = environ["wsgi.input"].read(max(0, min(int(environ.get("CONTENT_LENGTH") or 0), 10_000)))
    email = verify(parse_qs(form.decode()).get("assertion", [""])[0])
    if not email:
        return "403 Forbidden", "We could not verify your sign-in. Please try again."
    session.begin(email)  # with a token that nobody knew before; the account is this very string
    return "204 No Content", ""


def logout(environ, session):
    """Answer POST /logout."""
    if environ.get("HTTP_ORIGIN") != ORIGIN:  # CSRF
        return "403 Forbidden", "This came from another site."
    session.end()
    return "303 See Other", ""
