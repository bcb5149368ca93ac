"""The list of what is in it names what is installed: every pinned package, its version and its hashes."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_the_list_holds_every_pinned_package_with_its_hashes():
    if not (ROOT / "build" / "sbom.json").exists():
        pytest.skip("there is no list: `make sbom` writes it")
    listed = json.loads((ROOT / "build" / "sbom.json").read_text())
    assert listed["bomFormat"] == "CycloneDX"
    found = {(c["name"].lower(), c["version"]): c for c in listed["components"]}
    pinned = re.findall(r"^([a-z0-9._-]+)==([^ ;\\\\]+)", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    assert len(pinned) > 80
    assert [p for p in pinned if p not in found] == []
    assert "sha256" in json.dumps(listed) or "SHA-256" in json.dumps(listed)
