"""Superset on one machine for one person: its state in a folder of the home, its secrets from the process that starts it."""

import os

SECRET_KEY = os.environ["BI_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{os.environ['BI_FOLDER']}/superset.db"
