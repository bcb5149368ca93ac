"""E-mail addresses: which of them are one mailbox, and which belong to a desk and not to one person."""

from __future__ import annotations

SHARED_MAILBOXES = frozenset({
    "info", "sales", "contact", "office", "admin", "support", "hello", "mail", "team", "marketing", "billing",
    "accounts", "hr", "jobs", "press", "ventas", "contacto", "administracion", "kontakt", "buero", "vertrieb",
    "contatto", "vendas", "noreply", "no-reply", "donotreply",
})  # fmt: skip
"""Local parts of addresses that belong to a desk and not to one person."""
ADDRESS = r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
"""What looks like an address within a text."""


def email_key(email: str | None) -> str:
    """The form in which addresses are compared: lower case, without a `+tag`; '' for what belongs to no one person."""
    local, _, domain = (email or "").strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if not local or not domain or local in SHARED_MAILBOXES:
        return ""
    if domain in ("gmail.com", "googlemail.com"):
        # Google delivers all spellings with and without points to one person.
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
