"""Every rule of every table: a planted fault is found by plain SQL and by Great Expectations, and a good table passes both."""

import pytest

from pipeline_etl.expectations import Expectations
from pipeline_etl.home import Home
from pipeline_etl.rules import of_contract, quoted
from pipeline_etl.warehouse import Warehouse

pytestmark = pytest.mark.slow

BREAKS = {
    # One assignment per condition that SQL files state; a rule that is not here, or that it does not break, fails the test.
    "channel <> ''": "channel = ''",
    "state in ('compared', 'left', 'before', 'unknown entry')": "state = 'odd'",
    "has_action or not is_with": "has_action = false, is_with = true",
    "has_it or dimension = 'missing step'": "has_it = false, is_lost = true, dimension = 'type'",
    "is_lost or dimension <> 'reason'": "is_lost = false, has_it = true, dimension = 'reason'",
    "milestone in ('lead', 'mql', 'sql', 'opportunity', 'won')": "milestone = 'friend'",
    "(deal_id = '') = (person <> '')": "deal_id = '', person = ''",
    "touch_number between 1 and touches": "touch_number = 3, touches = 2",
    "steps > 0": "steps = 0",
    "time_decay between 0 and 1 and u_shaped between 0 and 1 and w_shaped between 0 and 1 and full_path between 0 and 1 and markov between 0 and 1": "markov = 1.5",
    "to_channel = '' or not is_converted": "to_channel = 'Email', is_converted = true",
    "credit between 0 and 1": "credit = 1.5",
    "(touch_id = '') = (unattributed is not null)": "touch_id = '', unattributed = null",
    "credit >= 0": "credit = -1",
    "share between 0 and 1 + 1e-9": "share = 1.5, highest_share = 2",
    "share between lowest_share and highest_share": "share = 0.5, lowest_share = 0.6, highest_share = 0.7",
    "(person is null) = (confidence is null)": "person = null, confidence = 1, not_linked = 'x'",
    "(person is null) = (not_linked is not null)": "person = 'x', confidence = 1, not_linked = 'x'",
    "confidence between 0 and 1": "confidence = 1.5",
    "(deal_id = '') = (not_linked is not null)": "deal_id = '', not_linked = null",
    "touch_id <> '' or deal_id <> ''": "touch_id = '', deal_id = '', not_linked = 'x'",
    "stage in ('lead', 'mql', 'sql', 'opportunity', 'customer', 'post-sale', 'disqualified')": "stage = 'friend'",
    "stage_order between 0 and 6": "stage_order = 7",
    "leads >= mqls and mqls >= sqls and sqls >= opportunities and opportunities >= customers": "leads = 1, mqls = 2",
    "lead_to_customer between 0 and 1": "lead_to_customer = 1.5",
    "maturity between 0 and 1 + 1e-9": "maturity = 2",
    "matured between 0 and 1 + 1e-9": "matured = 2",
    "is_mql or not is_sql": "is_mql = false, is_sql = true",
    "is_sql or not is_opportunity": "is_sql = false, is_opportunity = true, is_mql = true",
    "is_opportunity or not is_customer": "is_opportunity = false, is_customer = true, is_sql = true, is_mql = true",
    "people = arrived + waiting": "people = 3, arrived = 1, waiting = 1",
    "lead_to_customer_low is null or lead_to_customer between lead_to_customer_low - 1e-9 and lead_to_customer_high + 1e-9": "lead_to_customer = 0.5, lead_to_customer_low = 0.6, lead_to_customer_high = 0.7",
    "new_customers >= 0 and deals_begun >= won": "new_customers = -1",
    "paid_back_on is null or return_on_spend >= 0": "paid_back_on = date '2024-01-01', return_on_spend = -0.5",
    "leads >= 0 and deals >= 0 and won >= 0": "won = -1, won_without_amount = -2",
    "won >= won_without_amount": "won = 0, won_without_amount = 1",
    "lead_times >= 0": "lead_times = -1",
    "furthest_stage in ('none', 'disqualified', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'post-sale')": "furthest_stage = 'friend'",
    "left_at is null or left_at >= entered_at": "left_at = entered_at - interval 1 day",
    "outcome in ('advanced', 'lost', 'won', 'moved_back', 'handed_off', 'still_there')": "outcome = 'slipped'",
    "days is null or days >= 0": "days = -1",
    "rate > 0": "rate = 0",
    "record_id <> into_id": "into_id = record_id",
    "valid_to is null or valid_to > valid_from": "valid_to = valid_from",
    "status in ('open', 'won', 'lost', 'deleted', 'merged', 'test')": "status = 'stuck'",
    "(status in ('won', 'lost')) = (closed_at is not null)": "status = 'won', closed_at = null",
    "days_to_close is null or days_to_close >= 0": "days_to_close = -66.7",
    "open_deals >= deals_without_amount": "open_deals = 1, deals_without_amount = 2",
    "open_deals >= 0": "open_deals = -1",
    'entered >= 0 and "left" >= 0': '"left" = -1, entered = 0',
    "win_rate between 0 and 1": "win_rate = 1.5",
    "(win_rate is null) = (won + lost = 0)": "win_rate = null, won = 1, lost = 0",
    "win_rate is null or win_rate between win_rate_low - 1e-9 and win_rate_high + 1e-9": "win_rate = 0.5, win_rate_low = 0.6, win_rate_high = 0.7",
    "average_days_to_close >= 0": "average_days_to_close = -66.7",
    "entered = advanced + lost + moved_back + handed_off + still_there": "entered = 3, advanced = 1, lost = 1, moved_back = 0, handed_off = 0, still_there = 0",
    "conversion_to_date between 0 and 1": "conversion_to_date = 2",
    "conversion_among_resolved between 0 and 1": "conversion_among_resolved = -0.1",
    "deals_skipped >= 0": "deals_skipped = -1",
    "visits = completed + still_there": "visits = 3, completed = 1, still_there = 1",
    "median_days is null or p75_days is null or median_days <= p75_days": "median_days = 9, p75_days = 8",
    "rows = kept + rejected + duplicates": "rows = 5, kept = 3, rejected = 1, duplicates = 0",
    "status in ('read', 'refused', 'unknown')": "status = 'lost'",
    "difference = 0": "difference = 0.01",
    "kind in ('open', 'won', 'lost')": "kind = 'closed'",
    "as_of is not null": "as_of = null",
    "probability between 0 and 1": "probability = 10",
    "field in ('amount', 'currency', 'close_on', 'owner', 'probability', 'forecast_category')": "field = 'colour'",
    "ends_before is null or ends_before > period_start": "ends_before = period_start",
    "valid_to is null or valid_to >= valid_from": "valid_to = valid_from - interval 1 day",
    "kind in ('open', 'won', 'lost', 'deleted', 'merged')": "kind = 'closed'",
    "business_days is null or business_days between -1e-9 and days + 1e-9": "business_days = 3, days = 2",
    "cumulative_days is null or cumulative_days >= latest_days": "cumulative_days = 1, latest_days = 2",
    "conversion_estimate between 0 and 1": "conversion_estimate = 1.1",
    "created = won + lost + still_open": "created = 3, won = 1, lost = 1, still_open = 0",
    "deals = won + lost + still_open": "deals = 3, won = 1, lost = 1, still_open = 0",
    "win_rate_to_date between 0 and 1": "win_rate_to_date = 1.1",
    "win_rate_among_resolved between 0 and 1": "win_rate_among_resolved = 1.1",
    "win_rate_estimate between 0 and 1": "win_rate_estimate = -0.1",
    "spells = went_on + ended_otherwise + censored": "spells = 3, went_on = 1, ended_otherwise = 1, censored = 0",
    "estimate between 0 and 1": "estimate = 1.2",
    "period in ('month', 'quarter', 'year')": "period = 'week'",
    "copies = 1": "copies = 2",
    "target_status in ('met', 'open', 'missed', 'no target', 'target unknown')": "target_status = 'nearly'",
    "(target_status = 'met') = coalesce(booked >= quota, false)": "target_status = 'met', booked = 1, quota = 2",
    "trailing_win_rate between 0 and 1": "trailing_win_rate = 1.5",
    "coverage_needed >= 0": "coverage_needed = -1",
    "coverage_gap >= 0": "coverage_gap = -1",
    "open_deals >= open_without_amount": "open_deals = 1, open_without_amount = 2",
    "verdict in ('better', 'worse', 'within', 'no clear difference', 'not comparable', 'no benchmark', 'no own value', 'not measured here')": "verdict = 'fine'",
    "target_status in ('met', 'open', 'missed', 'no target', 'target unknown', 'no own value', 'not measured here', 'period not understood')": "target_status = 'nearly'",
    "verdict not in ('better', 'worse', 'within', 'no clear difference') or is_comparable": "verdict = 'better', is_comparable = false",
    "value is null or value between value_low - 1e-9 and value_high + 1e-9": "value = 3, value_low = 1, value_high = 2",
    "scope in ('open', 'due')": "scope = 'closed'",
    "line <> 'value up' or amount >= 0": "line = 'value up', amount = -1",
    "line <> 'value down' or amount <= 0": "line = 'value down', amount = 1",
    "line_order between 1 and 15": "line_order = 16",
    "own_probability between 0 and 1": "own_probability = 1.1",
    "(own_probability is not null) = (closed_deals >= 20)": "own_probability = 0.5, closed_deals = 19",
    "closed_deals = won + lost": "closed_deals = 3, won = 1, lost = 1",
    "crm_probability between 0 and 1": "crm_probability = 25",
    "own_probability is null or status = 'open'": "own_probability = 0.5, status = 'won'",
    "forecast_category in ('pipeline', 'best case', 'most likely', 'commit', 'closed', 'omitted', 'unknown', 'all')": "forecast_category = 'BestCase'",
    "open_conflicts between 0 and conflicts": "open_conflicts = 2, conflicts = 1",
    "due_won <= due_deals": "due_won = 2, due_deals = 1",
    "due_deals + overdue_deals + deals_without_close_date <= open_deals_then": "due_deals = 2, overdue_deals = 0, deals_without_close_date = 0, open_deals_then = 1",
    "change in ('new', 'deleted', 'merged', 'test', 'absent', 'pipeline', 'status', 'dates', 'rate', 'amount', 'history')": "change = 'odd'",
    "value_before is distinct from value_now": "value_before = 1, value_now = 1",
    "estimate + unresolved_share <= 1 + 1e-9": "estimate = 0.9, unresolved_share = 0.2",
    "(limit_days is null) = (limit_basis = 'insufficient history')": "limit_days = null, limit_basis = 'deals of all sizes', cases = 20",
    "limit_basis = 'insufficient history' or cases >= 20": "limit_basis = 'deals of all sizes', cases = 19",
    "close_on > close_on_before": "close_on = close_on_before",
    "signs between 1 and 5": "signs = 0",
    "amount_known = (amount is not null)": "amount_known = true, amount = null",
    "departures = went_on + lost + moved_back + handed_off": "departures = 3, went_on = 1, lost = 1, moved_back = 0, handed_off = 0",
    "queue >= 0": "queue = -1, state = 'flowing'",
    "(state = 'empty') = (queue = 0)": "state = 'empty', queue = 1",
    "(days_of_work is null) = (state = 'no departures')": "days_of_work = null, state = 'flowing'",
    "is_lost = (reason is not null)": "is_lost = true, reason = null",
    "lost between 0 and resolved": "lost = 2, resolved = 1",
    "rest_lost between 0 and rest_resolved": "rest_lost = 2, rest_resolved = 1",
    "deals >= deals_without_amount": "deals = 1, deals_without_amount = 2",
    "lost_rate between 0 and 1": "lost_rate = 1.1",
    "p_value between 0 and 1": "p_value = 1.1, q_value = null",
    "q_value between p_value - 1e-12 and 1": "q_value = 0.1, p_value = 0.2",
    "sign in ('reply', 'form', 'meeting request', 'pricing page')": "sign = 'smoke'",
    "arrived_by in ('lead record', 'form', 'meeting request', 'not known')": "arrived_by = 'stork'",
    "sla_status in ('met', 'missed', 'running', 'not known')": "sla_status = 'nearly'",
    "days_waited is null or days_waited >= 0": "days_waited = -1, business_hours = null",
    "business_hours is null or business_hours between 0 and days_waited * 24 + 1e-9": "business_hours = 25, days_waited = 1",
    "is_answered is null or is_answered = (answered_at is not null)": "is_answered = true, answered_at = null",
    "kind in ('lead not answered', 'overdue task', 'no next step', 'inbound sign unanswered')": "kind = 'forgotten'",
    "about in ('person', 'deal', 'task')": "about = 'weather'",
    "days_late >= 0": "days_late = -1",
    "(reason = 'all') = (resolved is not null)": "reason = 'all', resolved = null",
    "business in ('renewal', 'contraction', 'expansion', 'existing', 'new')": "business = 'funny'",
    "(status = 'won') = (sale is not null)": "status = 'won', sale = null",
    "status = 'won' or business = 'renewal'": "status = 'lost', sale = null, business = 'new'",
    "customer_status in ('customer', 'renewal due', 'churned')": "customer_status = 'fine'",
    "won_deals = (won_deals > 0)::integer + repeat_purchases + renewals + expansions + contractions": "won_deals = 3, repeat_purchases = 1, renewals = 0, expansions = 0, contractions = 0",
    "(customer_status = 'churned') = (churned_at is not null)": "customer_status = 'churned', churned_at = null",
    "days_to_second_purchase is null or days_to_second_purchase between 0 and days_since_first_won": "days_to_second_purchase = 2, days_since_first_won = 1",
    "at_risk between 1 and customers": "at_risk = 2, customers = 1",
    "with_later_win between 0 and at_risk": "with_later_win = 2, at_risk = 1",
    "churned between 0 and with_renewal_decided": "churned = 2, with_renewal_decided = 1",
    "with_renewal_decided <= at_risk": "with_renewal_decided = 2, at_risk = 1",
    "ratio is null or ratio >= 0": "ratio = -1",
    "finding is null or finding in ('far fewer rows', 'far more rows')": "finding = 'odd'",
    "filled between 0 and records": "filled = 2, records = 1, filled_rate = 1",
    "filled_rate is null or filled_rate between 0 and 1": "filled_rate = 1.1",
    "days_silent is null or days_silent >= 0": "days_silent = -1",
    "is_silent or says is null": "is_silent = false, says = 'x'",
    "missing between 0 and deals": "missing = 2, deals = 1",
    "complete_rate between 0 and 1": "complete_rate = 1.1",
    "with_lost between 0 and with_closed": "with_lost = 2, with_closed = 1",
    "without_lost between 0 and without_closed": "without_lost = 2, without_closed = 1",
    "with_lost_rate between 0 and 1": "with_lost_rate = 1.1",
    "verdict in ('more lost', 'fewer lost', 'no clear difference', 'insufficient cases', 'in one pipeline only', 'lost deals only')": "verdict = 'fine'",
    "pipelines_more_lost between 0 and pipelines_with": "pipelines_more_lost = 2, pipelines_with = 1",
    "action in ('demo', 'content', 'e-mail', 'call', 'meeting', 'task', 'other')": "action = 'dance'",
    "stays = left_before_landmark + before_landmark + with_stays + without_stays": "stays = 1",
    "with_went_on between 0 and with_resolved": "with_went_on = 2, with_resolved = 1",
    "without_went_on between 0 and without_resolved": "without_went_on = 2, without_resolved = 1",
    "with_stays >= with_resolved": "with_stays = 1, with_resolved = 2",
    "without_stays >= without_resolved": "without_stays = 1, without_resolved = 2",
    "share_with_action between 0 and 1": "share_with_action = 1.1",
    "difference is null or difference between difference_low - 1e-9 and difference_high + 1e-9": "difference = 0.5, difference_low = 0.6, difference_high = 0.7",
    "verdict in ('more go on', 'fewer go on', 'no clear difference', 'insufficient cases')": "verdict = 'fine'",
    "(verdict = 'insufficient cases') = (q_value is null)": "verdict = 'insufficient cases', q_value = 0.1",
}
SAMPLES = {"VARCHAR": "'x'", "DATE": "date '2024-01-01'", "TIMESTAMP": "timestamp '2024-01-01'", "BOOLEAN": "true"}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    warehouse = Warehouse(Home(tmp_path_factory.mktemp("home")), "1GB")
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="module")
def expectations(warehouse):
    return Expectations(warehouse.connection)


def sample(kind):
    return SAMPLES.get(kind, "0")


def plant(rule, columns):
    """An update that breaks the rule in one row."""
    if rule.kind in ("key", "unique"):
        return None
    if rule.kind == "not_null":
        return f"{quoted(rule.columns[-1])} = null"
    if rule.kind == "between":
        return f"{quoted(rule.columns[0])} = {rule.high + 1}"
    if rule.kind == "one_of":
        return f"{quoted(rule.columns[0])} = 'none of these'"
    return BREAKS[rule.condition]


def test_each_rule_fails_in_both_when_its_fault_is_planted(catalog, warehouse, expectations):
    tables = {f"raw.{c.name}": (catalog.sources[f"raw.{c.name}"], list(of_contract(c))) for c in catalog.contracts}
    tables |= {m.table: (m.types, list(m.rules)) for m in catalog.tables}
    planted = 0
    for table, (columns, rules) in tables.items():
        for rule in rules:
            warehouse.create_table(table, columns)
            names = ", ".join(quoted(c) for c in columns)
            row = f"insert into {table} ({names}) values ({', '.join(sample(t) for t in columns.values())})"
            warehouse.execute(row)
            if rule.kind in ("key", "unique"):
                warehouse.execute(row)
            else:
                warehouse.execute(f"update {table} set {plant(rule, columns)}")
            assert warehouse.failing(rule)[0] == 1, f"{table}: plain SQL does not see {rule.name}"
            (verdict,) = expectations.verdicts(table, [rule])
            assert not verdict.passed, f"{table}: Great Expectations does not see {rule.name}"
            planted += 1
    assert planted > 80


@pytest.mark.parametrize("text", ["it's {odd}", "100% :sure", "a::b"])
def test_rules_with_odd_characters_hold_in_both(warehouse, expectations, text):
    from pipeline_etl.rules import Rule

    warehouse.create_table("marts.odd", {"name": "VARCHAR"})
    warehouse.execute("insert into marts.odd values ('fine')")
    escaped = text.replace("'", "''")
    good, bad = (Rule("marts.odd", f"odd {op}", "holds", condition=f"name {op} '{escaped}'") for op in ("<>", "="))
    assert [warehouse.failing(r)[0] for r in (good, bad)] == [0, 1]
    assert [v.passed for v in expectations.verdicts("marts.odd", [good, bad])] == [True, False]


def test_absent_values_break_only_what_forbids_them(warehouse, expectations):
    from pipeline_etl.rules import Rule

    warehouse.create_table("marts.absent", {"n": "DOUBLE", "s": "VARCHAR"})
    warehouse.execute("insert into marts.absent values (null, null)")
    rules = [
        Rule("marts.absent", "a", "between", ("n",), low=0, high=1),
        Rule("marts.absent", "b", "one_of", ("s",), values=("x",)),
        Rule("marts.absent", "c", "not_null", ("n",)),
        Rule("marts.absent", "d", "key", ("n",)),
    ]
    assert [warehouse.failing(r)[0] for r in rules] == [0, 0, 1, 1]
    assert [v.passed for v in expectations.verdicts("marts.absent", rules)] == [True, True, False, False]
