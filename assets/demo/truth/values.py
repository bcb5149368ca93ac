"""What a deal was worth at any moment: its record, and the recorded edits of single fields before it."""

from collections import defaultdict
from datetime import datetime

from assets.demo.truth.events import key

BEGINNING = datetime(1, 1, 1)


class Values:
    """Answers what a field of a deal held at a moment.

    edits: system, deal_id, field, changed_at, new_value, and old_value where `knows_old`; values as in the deals' rows. Of several
    edits of a field at one moment the last one of the list holds, and the first one's old value is the one before.
    """

    def __init__(self, raw_deals, edits):
        by_field = defaultdict(list)
        for edit in edits:
            by_field[*key(edit), edit["field"]].append(edit)
        self._deals = {key(deal): deal for deal in raw_deals}
        self._timelines = {where: self._timeline(where, found) for where, found in by_field.items() if where[:2] in self._deals}
        self._fields = {field for _, _, field in self._timelines}

    def at(self, deal_key, field, moment):
        """The value of a field at a moment, edits of that moment included."""
        timeline = self._timelines.get((*deal_key, field))
        if timeline is None:
            return self._deals[deal_key].get(field)
        return next(value for since, value in reversed(timeline) if since <= moment)

    def moments(self, deal_key):
        """When any field of the deal changed."""
        return sorted({since for field in self._fields for since, _ in self._timelines.get((*deal_key, field), ())[1:]})

    def _timeline(self, where, edits):
        deal, field = self._deals[where[:2]], where[2]
        edits = sorted(edits, key=lambda edit: edit["changed_at"])
        first_time = [edit for edit in edits if edit["changed_at"] == edits[0]["changed_at"]]
        before = first_time[0].get("old_value") if first_time[0].get("knows_old") else first_time[-1]["new_value"]
        timeline = [(BEGINNING, before), *((edit["changed_at"], edit["new_value"]) for edit in edits)]
        since, latest = timeline[-1]
        if latest != deal.get(field):
            timeline.append((max(since, deal.get("updated_at") or since), deal.get(field)))
        return timeline
