"""Superset on one machine for one person: its state in a folder of the home, its secrets from the process that starts it."""

import os

from superset.config import TALISMAN_CONFIG

SECRET_KEY = os.environ["BI_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['BI_FOLDER']}/superset.db"
# Without this each page asks another company's server for a picture that counts visits.
TALISMAN_CONFIG["content_security_policy"]["img-src"] = ["'self'", "blob:", "data:"]
