"""A fresh state of Superset, as superset_config.py says, with one user whose password is BI_PASSWORD."""

import os
from pathlib import Path

import superset
from flask_migrate import upgrade
from superset.app import create_app

with create_app().app_context():
    from superset.extensions import appbuilder, security_manager

    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    role = security_manager.find_role("Admin")
    name = os.environ["BI_USER"]
    if not security_manager.add_user(name, "Local", "User", f"{name}@localhost", role, password=os.environ["BI_PASSWORD"]):
        raise SystemExit("Superset did not accept the user")
