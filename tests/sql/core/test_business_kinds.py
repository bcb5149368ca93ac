"""New business, renewal, expansion: what deal types and names of pipelines say, in the words of several languages."""

import pytest

from assets.demo.truth.customers import business_of

KINDS = {
    "New Customer": "new", "newbusiness": "new", "Nuevo negocio": "new", "Neukunde": "new", "Nouveau client": "new", "Novo negócio": "new",
    "Existing Customer - Upgrade": "expansion", "Existing Customer - Replacement": "existing", "Existing Customer - Downgrade": "contraction",
    "existingbusiness": "existing", "Negocio existente": "existing", "Bestandskunde": "existing", "Repeat order": "existing",
    "Renewal": "renewal", "Renewals 2024": "renewal", "Renovación": "renewal", "Renouvellement": "renewal", "Verlängerung": "renewal", "auto-renew": "renewal",
    "Upsell": "expansion", "Cross-sell": "expansion", "Up-Sell": "expansion", "Ampliación": "expansion", "Venta cruzada": "expansion", "Add-on": "expansion",
    "Sales Pipeline": None, "default": None, "Newsletter": None, "Knew": None, "Renewable energy": None, "!": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_a_kind_of_business_is_known_by_its_words(bench, text, kind):
    for table, column in (("core.deals", "deal_type"), ("core.stages", "pipeline")):
        given = {"core.deals": [], "core.stages": []} | {table: [{column: text}]}
        found = {row["text"]: row["business"] for row in bench.run(["core.business_kinds"], given)["core.business_kinds"]}
        assert found == ({text: kind} if kind else {})
    assert business_of(text, None) == (kind or "unknown")
