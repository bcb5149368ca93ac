"""Mail with TLS and a login, against a server on this machine whose certificate is trusted, or is not."""

import base64
import email
import ipaddress
import socketserver
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline_etl.notify import Alert, send

ALERT = Alert("run failed", "pipeline-etl: the run failed (night)", ("deals.csv is not complete",), "/data/night")
USER, PASSWORD = "etl", "s3cret pass"


def certificate(folder, name):
    """A certificate of this machine under a name, signed by itself, with its key: the paths of both."""
    key, said = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    other = x509.DNSName(name) if name[0].isalpha() else x509.IPAddress(ipaddress.ip_address(name))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(said).issuer_name(said).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return paths


class PostOffice(socketserver.StreamRequestHandler):
    """As much of a mail server as one mail needs that comes by TLS and after a login."""

    def setup(self):
        self.is_safe = self.server.at_once
        if self.is_safe:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        self.say("220 here")
        known = False
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            self.server.heard.append((word, self.is_safe))
            if word == "EHLO":
                self.say("250-here\r\n" + ("250 AUTH PLAIN" if self.is_safe else "250 STARTTLS"))
            elif word == "STARTTLS":
                self.say("220 go on")
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
                self.is_safe = True
                super().setup()
            elif word == "AUTH":
                known = base64.b64decode(line.split(" ")[2]).decode().split("\0")[1:] == [USER, PASSWORD]
                self.say("235 welcome" if known else "535 who are you")
            elif word in ("MAIL", "RCPT", "RSET"):
                self.say("250 ok" if known or word == "RSET" else "530 log in first")
            elif word == "DATA":
                self.say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.mails.append(email.message_from_bytes(text, policy=email.policy.default))
                self.say("250 taken")
            elif word == "QUIT":
                return self.say("221 bye")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class Quiet(socketserver.ThreadingTCPServer):
    def handle_error(self, *_):
        """A client that hangs up over a certificate is what is tested."""


@pytest.fixture(params=["starttls", "tls"])
def post_office(request, tmp_path, monkeypatch):
    """`office(name)`: a server with a certificate of that name, which this machine trusts; and the settings for it."""
    opened = []

    def office(name="127.0.0.1", *, is_trusted=True):
        path, key = certificate(tmp_path, name)
        if is_trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(path))
        server = Quiet(("127.0.0.1", 0), PostOffice)
        server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.tls.load_cert_chain(path, key)
        server.at_once, server.heard, server.mails = request.param == "tls", [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        opened.append(server)
        return server, {
            "host": "127.0.0.1", "port": server.server_address[1], "security": request.param, "from": "etl@example.com", "to": "ana@example.com",
            "user": "$MAIL_USER", "password": "$MAIL_PASSWORD",
        }  # fmt: skip

    monkeypatch.setenv("MAIL_USER", USER)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    yield office
    for server in opened:
        server.shutdown()
        server.server_close()


def test_a_mail_is_sent_after_a_login_over_a_safe_line(post_office):
    server, settings = post_office()
    assert send(ALERT, {"email": settings}) == []
    (mail,) = server.mails
    assert mail["Subject"] == ALERT.title and "deals.csv is not complete" in mail.get_content()
    assert [is_safe for word, is_safe in server.heard if word in ("AUTH", "MAIL", "RCPT", "DATA")] == [True] * 4


def test_a_wrong_password_is_said_without_the_password(post_office, monkeypatch):
    server, settings = post_office()
    monkeypatch.setenv("MAIL_PASSWORD", "wrong")
    assert send(ALERT, {"email": settings}) == ["the mail was not sent: the server answered 535"]
    assert server.mails == []


@pytest.mark.parametrize("office", [{"is_trusted": False}, {"name": "mail.example.com"}], ids=["unknown", "another's"])
def test_a_server_that_is_not_who_it_says_gets_no_password(post_office, office):
    server, settings = post_office(**office)
    (said,) = send(ALERT, {"email": settings})
    assert "certificate" in said.lower() and PASSWORD not in said
    assert "AUTH" not in [word for word, _ in server.heard] and server.mails == []


def test_a_server_that_offers_no_safe_line_gets_nothing(tmp_path, monkeypatch):
    class Plain(PostOffice):
        def say(self, line):
            super().say(line.replace("250 STARTTLS", "250 AUTH PLAIN"))

    server = Quiet(("127.0.0.1", 0), Plain)
    server.at_once, server.heard, server.mails = False, [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (said,) = send(ALERT, {"email": {"host": "127.0.0.1", "port": server.server_address[1], "from": "a@b.c", "to": "d@e.f", "user": USER, "password": PASSWORD}})
    server.shutdown()
    server.server_close()
    assert said == "the mail was not sent: STARTTLS extension not supported by server; look at `security` and `port` under [notify.email]"
    assert {word for word, _ in server.heard} <= {"EHLO", "QUIT"}
