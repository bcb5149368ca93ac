"""Records joined by links: the groups, and the surest way to each record, against a plain reference on random links."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from assets.models.joining import LINK, joined

RECORDS = [(system, record) for system in ("a", "ab", "b") for record in ("1", "10", "2", "é")]
CONFIDENCES = {"merge": 1.0, "e-mail": 0.95, "probable duplicate": None, "domain": 0.9, "converted lead": 1.0}


@st.composite
def links(draw):
    """(record, other, method, confidence), some of a record with itself, some twice."""
    some = st.sampled_from(RECORDS)
    drawn = draw(
        st.lists(st.tuples(some, some, st.sampled_from([*CONFIDENCES]), st.sampled_from([0.5, 0.8, 0.97])), max_size=14)
    )
    return [(one, other, method, CONFIDENCES[method] or chance) for one, other, method, chance in drawn]


def reference(links):
    """record -> (first of its group, method, confidence): always over the surest link there is, of those the first."""
    everyone = sorted({r for one, other, *_ in links for r in (one, other)})
    told = {}
    for first in everyone:
        if first in told:
            continue
        told[first] = (first, "itself", 1.0)
        group = {first}
        while True:
            frontier = [
                (-min(confidence, told[here][2]), there, method)
                for one, other, method, confidence in links
                for here, there in ((one, other), (other, one))
                if here in group and there not in group
            ]
            if not frontier:
                break
            negative, there, method = min(frontier)
            told[there] = (first, method, -negative)
            group.add(there)
    return told


@given(links())
def test_every_record_is_reached_over_the_surest_links(links):
    rows = [(*one, *other, method, confidence) for one, other, method, confidence in links]
    told = [
        ((s, r), (group, method, confidence))
        for s, r, group, method, confidence in joined(pl.DataFrame(rows, schema=LINK, orient="row")).rows()
    ]
    assert told == sorted(
        (r, (":".join(first), method, confidence)) for r, (first, method, confidence) in reference(links).items()
    )
