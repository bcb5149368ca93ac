"""Tell people of failed runs and checks: by a web hook, by Slack, by mail, as the settings say under `[notify]`.

A value that begins with `$` names an environment variable, which is read when something is sent and at no other time. What goes
wrong while sending comes back as sentences: they bear no address and no password, and nobody fails because of them.
"""

from __future__ import annotations

import json
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

TIMEOUT = 10.0
FAILED, CHECKS = "run failed", "checks failed"
MOST_LINES, LONGEST_LINE = 20, 400
SECURITY = {"starttls": 587, "tls": 465, "none": 25}
"""How a mail travels, and the usual port."""
HOOKS = ("webhook", "slack", "link")
EMAIL = ("host", "port", "security", "from", "to", "user", "password")
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Alert:
    """What people are told: event is `run failed` or `checks failed`, lines are sentences; no values of exports are in them."""

    event: str
    title: str
    lines: tuple[str, ...]
    home: str
    run_id: str = ""

    @property
    def short(self) -> list[str]:
        """The first lines, none of them too long for a message."""
        more = len(self.lines) - MOST_LINES
        shown = [line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in self.lines[:MOST_LINES]]
        return [*shown, *([f"and {more} more"] if more > 0 else [])]


def failure(home: str, lines: Sequence[str], run_id: str = "", job: str = "the run") -> Alert:
    """A run that failed, or could not begin."""
    return Alert(FAILED, f"pipeline-etl: {job} failed in {name_of(home)}", tuple(dict.fromkeys(lines)), home, run_id)


def name_of(home: str) -> str:
    """What a home is called in a title: its folder's name."""
    return Path(home).name or home


class Unsent(Exception):
    """Somebody was not told; the message says why, without a secret."""


def send(alert: Alert, table: Mapping[str, Any]) -> list[str]:
    """Tell all whom `[notify]` names; returns a sentence for each who could not be told."""
    link = f"{table['link'].rstrip('/')}/runs/{alert.run_id}" if table.get("link") and alert.run_id else ""
    ways: dict[str, Callable[[], None]] = {}
    if "webhook" in table:
        ways["the webhook was not told"] = lambda: _post(table["webhook"], _as_json(alert, link))
    if "slack" in table:
        ways["slack was not told"] = lambda: _post(table["slack"], {"text": _as_slack(alert, link)})
    if "email" in table:
        ways["the mail was not sent"] = lambda: _mail(table["email"], alert, link)
    unsent = []
    for who, tell in ways.items():
        try:
            tell()
        except Unsent as fault:
            unsent.append(f"{who}: {fault}")
    return unsent


def _as_json(alert: Alert, link: str) -> dict[str, Any]:
    said = {"event": alert.event, "title": alert.title, "lines": alert.short, "home": alert.home}
    return said | ({"run_id": alert.run_id} if alert.run_id else {}) | ({"link": link} if link else {})


def _as_slack(alert: Alert, link: str) -> str:
    def plain(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    lines = [f"*{plain(alert.title)}*", *(f"• {plain(line)}" for line in alert.short)]
    return "\n".join([*lines, *([link] if link else [])])


def _post(address: str, body: Mapping[str, Any]) -> None:
    url = _known(address)
    try:
        is_web = urlsplit(url).scheme in ("http", "https")
    except ValueError:
        is_web = False
    if not is_web:
        raise Unsent("its address does not begin with https://")
    try:
        request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST")
        with urlopen(request, timeout=TIMEOUT):
            pass
    except HTTPError as error:
        raise Unsent(f"it answered {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)
        raise Unsent("it did not answer in time" if isinstance(cause, TimeoutError) else _kind(cause)) from None


def _mail(table: Mapping[str, Any], alert: Alert, link: str) -> None:
    mail = EmailMessage()
    to = table["to"] if isinstance(table["to"], list) else [table["to"]]
    mail["From"], mail["To"], mail["Subject"] = table["from"], ", ".join(to), " ".join(alert.title.split())
    where = [f"home: {alert.home}", *([f"run: {alert.run_id}"] if alert.run_id else []), *([link] if link else [])]
    mail.set_content("\n".join([alert.title, "", *(f"- {line}" for line in alert.short), "", *where]))
    security = table.get("security", "starttls")
    host, port = _known(table["host"]), table.get("port", SECURITY[security])
    secret = {key: _known(table[key]) for key in ("user", "password") if key in table}
    try:
        if security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
        with server:
            if security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if secret:
                server.login(secret["user"], secret["password"])
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        raise Unsent(f"the server answered {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise Unsent(f"the server answered {', '.join(str(code) for code, _ in error.recipients.values())}") from None
    except smtplib.SMTPNotSupportedError as error:
        raise Unsent(f"{str(error).rstrip('.')}; look at `security` and `port` under [notify.email]") from None
    except smtplib.SMTPServerDisconnected:
        raise Unsent("the server did not answer, or hung up") from None
    except (OSError, ValueError) as error:
        raise Unsent("the server did not answer in time" if isinstance(error, TimeoutError) else _kind(error)) from None


def _known(value: str) -> str:
    """The value itself, or that of the environment variable that it names."""
    if not value.startswith("$"):
        return value
    try:
        return os.environ[value[1:]]
    except KeyError:
        raise Unsent(f"the environment variable {value[1:]} is not set") from None


def _kind(error: object) -> str:
    """What an error says of itself, where that can hold no secret; else its name."""
    reason = getattr(error, "strerror", None)
    return str(reason) if reason else type(error).__name__


def faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with `[notify]`: the key, its table, and what to write instead."""
    if unknown := [key for key in table if key not in (*HOOKS, "email")]:
        yield unknown[0], "notify", f"notify has webhook, slack, link and a table email; got {', '.join(unknown)}"
    for key in HOOKS:
        if key in table and not _is_text(table[key], r"\$\w+|https?://\S+"):
            wanted = f'{key} reads `{key} = "$NAME_OF_A_VARIABLE"`, or an address that begins with https://'
            # An address is a secret: it is not repeated.
            yield key, "notify", wanted
    email = table.get("email", {})
    if not isinstance(email, dict):
        yield "email", "notify", "email is a table: `[notify.email]`, and below it host, from and to"
    elif "email" in table:
        yield from ((key or "email", "notify.email" if key else "notify", fault) for key, fault in _email_faults(email))


def _email_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if lacking := [key for key in ("host", "from", "to") if key not in table]:
        yield "", f"email lacks {', '.join(lacking)}"
    if unknown := [key for key in table if key not in EMAIL]:
        yield unknown[0], f"email has {', '.join(EMAIL)}; got {', '.join(unknown)}"
    for key in ("host", "user", "password"):
        if key in table and not _is_text(table[key], r"\S+"):
            yield key, f'{key} reads `{key} = "$NAME_OF_A_VARIABLE"`, or the text itself'
    for key, example in (("from", '"etl@example.com"'), ("to", '["ana@example.com"]')):
        named = table.get(key, "a@b")
        every = named if isinstance(named, list) and key == "to" and named else [named]
        if not all(_is_text(one, r"[^\r\n]+@[^\r\n]+") for one in every):
            yield key, f"{key} reads `{key} = {example}`"
    port = table.get("port", 25)
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        yield "port", f"port is a number from 1 to 65535, such as 587; got {port!r}"
    if (security := table.get("security", "starttls")) not in SECURITY:
        yield "security", f"security is one of {', '.join(SECURITY)}; got {security!r}"
    elif security == "none" and "password" in table and table.get("host") not in HERE:
        yield "security", "a password is not sent over an open line; security is starttls or tls"
    if len(one := {"user", "password"} & set(table)) == 1:
        yield one.pop(), "user and password go together"


def _is_text(value: object, pattern: str) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(pattern, value))
