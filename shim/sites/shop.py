"""A shop that people sign in to with their e-mail address: what it has beside login.py."""

import os
import secrets
from html import escape
from pathlib import Path
from wsgiref.simple_server import make_server

from login import ORIGIN, login, logout

LOGIN_HOST = os.environ.get("LOGIN_HOST", "http://login.localhost:8080")
PORT = int(os.environ.get("PORT", "3000"))

HTTPS = ORIGIN.startswith("https:")
COOKIE = "__Host-session" if HTTPS else "session"
FLAGS = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if HTTPS else "")
PAGE = Path(__file__).with_name("page.html").read_text().replace("{login_host}", LOGIN_HOST)
SCRIPT = Path(__file__).with_name("sign-in.js").read_text()

emails = {}  # the address of each session's token; where there are several processes, a table


class Session:
    """The session that a request belongs to, if any."""

    def __init__(self, environ):
        pairs = environ.get("HTTP_COOKIE", "").split("; ")
        self.token = dict(pair.split("=", 1) for pair in pairs if "=" in pair).get(COOKIE)
        self.headers = []

    def email(self):
        return emails.get(self.token, "")

    def begin(self, email):
        self.end()
        self.token = secrets.token_urlsafe()
        emails[self.token] = email
        self.headers = [("Set-Cookie", f"{COOKIE}={self.token}{FLAGS}")]

    def end(self):
        emails.pop(self.token, None)
        self.headers = [("Set-Cookie", f"{COOKIE}={FLAGS}; Max-Age=0")]


def application(environ, start_response):
    session = Session(environ)

    def answer(status, body="", kind="text/plain", *headers):
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store"), *headers]
        start_response(status, headers + session.headers)
        return [body.encode()]

    match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
        case "GET", "/":
            return answer("200 OK", PAGE.replace("{email}", escape(session.email())), "text/html")
        case "GET", "/sign-in.js":
            return answer("200 OK", SCRIPT, "text/javascript")
        case "GET", "/.well-known/navid":  # where people may come back to, if there was no window
            return answer("200 OK", '{"returnTo": ["/"]}', "application/json", ("Access-Control-Allow-Origin", "*"))
        case "POST", "/login":
            return answer(*login(environ, session))
        case "POST", "/logout":
            return answer(*logout(environ, session), "text/plain", ("Location", "/"))
    return answer("404 Not Found", "There is nothing here.")


if __name__ == "__main__":
    print("Open", ORIGIN, flush=True)
    make_server("127.0.0.1", PORT, application).serve_forever()
