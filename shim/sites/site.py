"""A site that people sign in to with their e-mail address: Python 3.10, no packages."""

import json
import os
import secrets
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode
from urllib.request import urlopen
from wsgiref.simple_server import make_server

ORIGIN = os.environ.get("ORIGIN", "http://shop.localhost:3000")  # our own, the audience
LOGIN_HOST = os.environ.get("LOGIN_HOST", "http://login.localhost:8080")
VERIFIER = os.environ.get("VERIFIER", "http://127.0.0.1:8081/verify")
PORT = int(os.environ.get("PORT", "3000"))

HTTPS = ORIGIN.startswith("https:")
COOKIE = "__Host-session" if HTTPS else "session"
FLAGS = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if HTTPS else "")
PAGE = Path(__file__).with_name("page.html").read_text().replace("{login_host}", LOGIN_HOST)
SCRIPT = Path(__file__).with_name("sign-in.js").read_text()

sessions = {}  # the address of each token; where there are several processes, a table


def verify(assertion):
    """Return the address that an assertion proves to this site, or None."""
    question = urlencode({"assertion": assertion, "audience": ORIGIN}).encode()
    try:
        with urlopen(VERIFIER, question, timeout=10) as response:
            answer = json.load(response)
    except (OSError, ValueError):  # there is no verifier, or it could not say
        return None
    return answer["email"] if answer["status"] == "okay" else None


def application(environ, start_response):
    def answer(status, body="", kind="text/plain", *headers):
        start_response(status, [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store"), *headers])
        return [body.encode()]

    cookies = dict(pair.split("=", 1) for pair in environ.get("HTTP_COOKIE", "").split("; ") if "=" in pair)
    token = cookies.get(COOKIE)
    if environ["REQUEST_METHOD"] == "POST" and environ.get("HTTP_ORIGIN") != ORIGIN:  # CSRF
        return answer("403 Forbidden", "This came from another site.")
    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "GET", "/":
            return answer("200 OK", PAGE.replace("{email}", escape(sessions.get(token, ""))), "text/html")
        case "GET", "/sign-in.js":
            return answer("200 OK", SCRIPT, "text/javascript")
        case "GET", "/.well-known/navid":  # where people may come back to, if there was no window
            return answer("200 OK", '{"returnTo": ["/"]}', "application/json", ("Access-Control-Allow-Origin", "*"))
        case "POST", "/login":
            form = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), 10_000))
            email = verify(parse_qs(form.decode()).get("assertion", [""])[0])
            if not email:
                return answer("403 Forbidden", "We could not verify your sign-in. Please try again.")
            sessions.pop(token, None)
            token = secrets.token_urlsafe()
            sessions[token] = email  # the account is this very string
            return answer("204 No Content", "", "text/plain", ("Set-Cookie", f"{COOKIE}={token}{FLAGS}"))
        case "POST", "/logout":
            sessions.pop(token, None)
            cookie = f"{COOKIE}={FLAGS}; Max-Age=0"
            return answer("303 See Other", "", "text/plain", ("Location", "/"), ("Set-Cookie", cookie))
    return answer("404 Not Found", "There is nothing here.")


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, application).serve_forever()
