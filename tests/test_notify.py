"""Whom a night tells of what went wrong: a web hook, Slack and mail, against servers on this machine."""

import email
import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline_etl import cli, notify
from pipeline_etl.home import Home
from pipeline_etl.notify import Alert, send
from pipeline_etl.settings import SettingsError, load_settings

ALERT = Alert("run failed", "pipeline-etl: the run failed (night)", ("marts.deals: a <b> & c", "crm has sent nothing for 3 days"), "/data/night", "abc-1")


@contextmanager
def serving(server):
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hook():
    """`(address, received, answer)`: a web server that keeps what is posted to it and answers with `answer["status"]`."""
    received, answer = [], {"status": 200}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(answer["status"])
            self.end_headers()

        def log_message(self, *_):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield f"http://{address}", received, answer


@pytest.fixture
def post_office():
    """`(port, mails, answer)`: as much of a mail server as one mail needs."""
    mails, answer = [], {"rcpt": "250 ok"}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 here")
            envelope = []
            while line := self.rfile.readline().decode().strip():
                word = line.split(" ")[0].upper()
                if word == "DATA":
                    self.say("354 go on")
                    text = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        text += part
                    mails.append((envelope, email.message_from_bytes(text, policy=email.policy.default)))
                    self.say("250 taken")
                elif word == "QUIT":
                    return self.say("221 bye")
                else:
                    envelope += [line] if word in ("MAIL", "RCPT") else []
                    self.say(answer["rcpt"] if word == "RCPT" else "250 ok")

        def say(self, line):
            self.wfile.write(f"{line}\r\n".encode())

    with serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as address:
        yield int(address.split(":")[1]), mails, answer


def mail_to(port, **more):
    return {"email": {"host": "127.0.0.1", "port": port, "security": "none", "from": "etl@example.com", "to": ["ana@example.com", "bo@example.com"], **more}}


def test_a_web_hook_gets_everything_as_json(hook):
    address, received, _ = hook
    assert send(ALERT, {"webhook": f"{address}/night?key=1", "link": "https://etl.example.com/"}) == []
    assert received == [("/night?key=1", "application/json", {
        "event": "run failed", "title": "pipeline-etl: the run failed (night)", "lines": ["marts.deals: a <b> & c", "crm has sent nothing for 3 days"],
        "home": "/data/night", "run_id": "abc-1", "link": "https://etl.example.com/runs/abc-1",
    })]  # fmt: skip


def test_slack_gets_a_text_that_it_does_not_read_as_markup(hook):
    address, received, _ = hook
    assert send(ALERT, {"slack": f"{address}/services/T/B/x"}) == []
    ((_, _, body),) = received
    assert body == {"text": "*pipeline-etl: the run failed (night)*\n• marts.deals: a &lt;b&gt; &amp; c\n• crm has sent nothing for 3 days"}


def test_a_mail_goes_to_all_who_are_named(post_office):
    port, mails, _ = post_office
    assert send(ALERT, mail_to(port)) == []
    ((envelope, mail),) = mails
    assert [line.split(" ")[0] for line in envelope] == ["mail", "rcpt", "rcpt"]
    assert (mail["From"], mail["To"], mail["Subject"]) == ("etl@example.com", "ana@example.com, bo@example.com", "pipeline-etl: the run failed (night)")
    assert "- marts.deals: a <b> & c\n- crm has sent nothing for 3 days\n" in mail.get_content().replace("\r\n", "\n")
    assert "/data/night" in mail.get_content()


def test_secrets_come_from_the_environment_when_they_are_needed(hook, monkeypatch):
    address, received, _ = hook
    table = {"webhook": "$NIGHT_HOOK"}
    monkeypatch.delenv("NIGHT_HOOK", raising=False)
    assert send(ALERT, table) == ["the webhook was not told: the environment variable NIGHT_HOOK is not set"]
    monkeypatch.setenv("NIGHT_HOOK", f"{address}/a")
    assert send(ALERT, table) == []
    assert [path for path, _, _ in received] == ["/a"]


def test_a_hook_that_fails_stops_no_other_and_its_fault_bears_no_secret(hook, post_office, monkeypatch):
    address, _, answer = hook
    port, mails, office = post_office
    answer["status"] = 500
    faults = send(ALERT, {"webhook": f"{address}/SECRET", "slack": "http://127.0.0.1:9/SECRET", **mail_to(port)})
    assert faults[0] == "the webhook was not told: it answered 500"
    assert faults[1].startswith("slack was not told: ")
    assert len(faults) == 2 and len(mails) == 1
    office["rcpt"] = "550 no such user SECRET"
    faults += send(ALERT, mail_to(port))
    monkeypatch.setenv("ODD", "ftp://SECRET")
    faults += send(ALERT, {"webhook": "$ODD"})
    monkeypatch.setenv("ODD", "http://SECRET space/\n")
    faults += send(ALERT, {"webhook": "$ODD"})
    assert len(faults) == 5
    assert "SECRET" not in str(faults)


def test_nobody_waits_for_a_hook_that_does_not_answer(monkeypatch):
    monkeypatch.setattr(notify, "TIMEOUT", 0.2)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        (first, second) = send(ALERT, {"webhook": f"http://127.0.0.1:{port}/", **mail_to(port)})
    assert first == "the webhook was not told: it did not answer in time"
    assert second == "the mail was not sent: the server did not answer, or hung up"


def test_long_stories_are_cut(hook):
    address, received, _ = hook
    send(Alert("checks failed", "t", tuple(f"{n} {'x' * 900}" for n in range(50)), "/h"), {"webhook": address, "link": "http://ui"})
    body = received[0][2]
    assert (len(body["lines"]), body["lines"][-1], max(map(len, body["lines"]))) == (21, "and 30 more", 400)
    assert "link" not in body, "a run of the command line that never began has none"


def test_without_settings_nobody_is_told():
    assert send(ALERT, {}) == []


@pytest.mark.parametrize(
    "text, line, fault",
    [
        ("[notify]\nwebhok = 'https://x'", 2, "notify has webhook, slack, link and a table email; got webhok"),
        ("[notify]\nwebhook = 'x'", 2, "webhook reads `webhook = \"$NAME_OF_A_VARIABLE\"`, or an address that begins with https://"),
        ("[notify]\nslack = 3", 2, "slack reads `slack = \"$NAME_OF_A_VARIABLE\"`"),
        ("[notify]\nemail = 'ana@example.com'", 2, "email is a table: `[notify.email]`, and below it host, from and to"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'", 1, "email lacks to"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = ['d@e.f']\nport = 'x'", 5, "port is a number from 1 to 65535"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = 7", 4, "to reads `to = [\"ana@example.com\"]`"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = ['d@e.f']\nsecurity = 'ssl'", 5, "security is one of starttls, tls, none; got 'ssl'"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = ['d@e.f']\nsecurity = 'none'\nuser = 'u'\npassword = 'p'", 5, "a password is not sent over an open line; security is starttls or tls"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = ['d@e.f']\nuser = 'u'", 5, "user and password go together"),
        ("[notify.email]\nhost = 'h'\nfrom = \"a@b.c\\nBcc: x@y.z\"\nto = ['d@e.f']", 3, "from reads `from = \"etl@example.com\"`"),
        ("[notify.email]\nhost = 'h'\nfrom = 'a@b.c'\nto = ['d@e.f']\nhots = 1", 5, "email has host, port, security, from, to, user, password; got hots"),
        ("nightly_at = '25:00'", 1, 'nightly_at reads `nightly_at = "02:30"`, a time in business_time_zone; got \'25:00\''),
        ("reports_at = '7'", 1, "reports_at reads"),
        ("watch_exports = 1", 1, "watch_exports must be true or false, not 1"),
        ("[silent_after_days]\nsalesforce = 0", 2, "a limit reads `salesforce = 3`: days, above 0; got salesforce = 0"),
    ],
)  # fmt: skip
def test_faults_of_the_settings_are_said_with_their_line(tmp_path, text, line, fault):
    path = tmp_path / "s.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_settings(path)
    assert str(error.value).startswith(f"{path}:{line}: {fault}")


def test_good_settings_of_the_night(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'nightly_at = "02:30"\nreports_at = "07:00"\nwatch_exports = true\n[silent_after_days]\nsalesforce = 3\n"*" = 7.5\n'
        '[notify]\nwebhook = "$HOOK"\n[notify.email]\nhost = "smtp.example.com"\nfrom = "a@b.c"\nto = "d@e.f"\nuser = "u"\npassword = "$P"\n'
    )
    settings = load_settings(path)
    assert (settings.nightly_at, settings.reports_at, settings.watch_exports) == ("02:30", "07:00", True)
    assert settings.silent_after_days == {"salesforce": 3, "*": 7.5}
    assert settings.notify["email"]["password"] == "$P"


@pytest.fixture
def settings(hook, tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(f'[silent_after_days]\ngeneric = 3\n[notify]\nwebhook = "{hook[0]}"\n')
    return path


def test_the_command_tells_of_a_folder_that_is_not_there(hook, settings, tmp_path, capsys):
    assert cli.main(["run", str(tmp_path / "none"), "--home", str(tmp_path / "home"), "--settings", str(settings)]) == 2
    ((_, _, body),) = hook[1]
    assert (body["event"], body["title"]) == ("run failed", "pipeline-etl: the run failed in home")
    assert body["lines"] == [f"{tmp_path / 'none'}: there is no such folder; give the folder that holds the exports"]


def test_the_command_tells_of_a_run_that_could_not_begin_and_of_its_own_silence(hook, settings, tmp_path, capsys):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text("deal_id,stage,created_at\n1,lead,2024-01-01\n")
    hook[2]["status"] = 404
    with Home(tmp_path / "home").lock():
        assert cli.main(["run", str(tmp_path / "exports"), "--home", str(tmp_path / "home"), "--settings", str(settings)]) == 1
    assert "is at work in" in hook[1][0][2]["lines"][0]
    assert "pipeline-etl: the webhook was not told: it answered 404\n" in capsys.readouterr().err


@pytest.mark.integration
def test_the_command_tells_of_checks_that_failed_in_what_it_published(hook, settings, tmp_path, capsys):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text("deal_id,stage,created_at\n1,lead,2024-01-01\n")
    assert cli.main(["run", str(tmp_path / "exports"), "--home", str(tmp_path / "home"), "--settings", str(settings)]) == 0
    ((_, _, body),) = hook[1]
    assert body["event"] == "checks failed"
    assert any(line.startswith("generic has sent nothing for ") for line in body["lines"]), body["lines"]
