"""marts.pipeline_health: how a pipeline did in each period."""

from datetime import date, datetime, time, timedelta
from math import floor, sqrt
from statistics import median

from assets.demo.truth.cohorts import around
from assets.demo.truth.counts import total
from assets.demo.truth.events import key
from assets.demo.truth.statistics import Z95, kish, mean, ratio, wilson

TRAILING = ("win_rate_trailing", "closed_trailing", "average_deal_size_trailing", "average_days_to_close_trailing")
PREVIOUS = ("deals_in_pipeline", "average_deal_size", "win_rate", "median_days_to_close")


def pipeline_health(deals, visits, values, stages, as_of):
    """Rows for week, month, quarter, year and all, per pipeline and in total."""
    if not deals:
        return []
    pipelines = {stage["pipeline"] for stage in stages}
    scopes = [
        (pipeline, *_share(deals, visits, members))
        for pipeline, members in [*((name, {name}) for name in sorted(pipelines)), ("all", pipelines)]
    ]
    rows = []
    for period, period_start, since, until in periods(deals, visits, as_of):
        for pipeline, created, closings, stays in scopes:
            end = as_of if until == date.max else min(datetime.combine(until, time()) - timedelta(microseconds=1), as_of)
            standing = [
                values.at(deal, "amount", end)
                for entered, left, deal in stays
                if entered < until and (left is None or left >= until)
            ]
            closed = [deal for closed_on, deal in closings if since <= closed_on < until]
            rows.append(
                {
                    "period": period,
                    "period_start": period_start,
                    "pipeline": pipeline,
                    "deals_created": sum(1 for day in created if since <= day < until),
                    **_health(standing, closed),
                    **_of_a_year(closings, period, since, until),
                }
            )
    return _with_previous(rows)


def _of_a_year(closings, period, since, until):
    """The same rates over the year that ends with the period."""
    if period == "all":
        return dict.fromkeys(TRAILING)
    begins = until - timedelta(weeks=52) if period == "week" else until.replace(year=until.year - 1)
    found = _health([], [deal for closed_on, deal in closings if begins <= closed_on < until])
    values = found["win_rate"], found["won"] + found["lost"], found["average_deal_size"], found["average_days_to_close"]
    return dict(zip(TRAILING, values, strict=True))


def _with_previous(rows):
    """Beside each row the figures of the period before, of the same pipeline."""
    before = {}
    for row in rows:
        last = before.get((row["period"], row["pipeline"]), {})
        before[row["period"], row["pipeline"]] = dict(row)
        row |= {f"{name}_previous": last.get(name) for name in PREVIOUS}
    return rows


def _median_interval(days):
    """The order statistics between which the median lies with 95 % probability, by the normal approximation."""
    rank = floor(len(days) / 2 - Z95 * sqrt(len(days)) / 2)
    return (sorted(days)[rank - 1], sorted(days)[-rank]) if rank >= 1 else (None, None)


def _share(deals, visits, members):
    """Of some pipelines: days of creation, (day, deal) of each closing, (entered, left, deal) of each open stay."""
    ours = [deal for deal in deals if deal["pipeline"] in members]
    closings = [(deal["closed_at"].date(), deal) for deal in ours if deal["closed_at"]]
    stays = [
        (visit["entered_at"].date(), visit["left_at"] and visit["left_at"].date(), key(visit))
        for visit in visits
        if visit["pipeline"] in members and visit["kind"] == "open"
    ]
    return [deal["created_at"].date() for deal in ours], closings, stays


def _health(standing, closed):
    won = [deal for deal in closed if deal["status"] == "won"]
    lost = [deal for deal in closed if deal["status"] == "lost"]
    amounts, won_amounts = _known(closed, "amount"), _known(won, "amount")
    days = _known(won, "days_to_close")
    win_rate, by_amount = ratio(len(won), len(closed)), ratio(total(won_amounts), total(amounts))
    low, high = wilson(win_rate, len(closed))
    amount_low, amount_high = wilson(by_amount, kish(amounts))
    size, cycle = mean(won_amounts), mean(days)
    shortest, longest = _median_interval(days)
    has_velocity = win_rate is not None and size is not None and cycle
    return {
        "deals_in_pipeline": len(standing),
        "open_amount": total(standing),
        "won": len(won),
        "lost": len(lost),
        "won_amount": total(won_amounts),
        "lost_amount": total(_known(lost, "amount")),
        "closed_without_amount": len(closed) - len(amounts),
        "won_without_amount": len(won) - len(won_amounts),
        "win_rate": win_rate,
        "win_rate_low": low,
        "win_rate_high": high,
        "win_rate_by_amount": by_amount,
        "win_rate_by_amount_low": amount_low,
        "win_rate_by_amount_high": amount_high,
        **around("average_deal_size", won_amounts),
        **around("average_days_to_close", days),
        "median_days_to_close": median(days) if days else None,
        "median_days_to_close_low": shortest,
        "median_days_to_close_high": longest,
        "deals_without_cycle": len(won) - len(days),
        "velocity_per_day": len(standing) * win_rate * size / cycle if has_velocity else None,
    }


def _known(rows, column):
    return [row[column] for row in rows if row[column] is not None]


def periods(deals, visits, as_of):
    """(period, period_start, since, until): since is inclusive, until exclusive.

    The running period may end in the future: nothing later than as-of is in the input.
    """
    first = min(*(deal["created_at"] for deal in deals), *(visit["entered_at"] for visit in visits)).date()
    monday = first - timedelta(days=first.weekday())
    while monday <= as_of.date():
        yield "week", monday, monday, monday + timedelta(days=7)
        monday += timedelta(days=7)
    for period, months in (("month", 1), ("quarter", 3), ("year", 12)):
        start = date(first.year, (first.month - 1) // months * months + 1, 1)
        while start <= as_of.date():
            following = start.month - 1 + months
            end = date(start.year + following // 12, following % 12 + 1, 1)
            yield period, start, start, end
            start = end
    yield "all", first, date.min, date.max
