"""An independent judge of clocks and months, slow on purpose.

Reads one case per line (JSON) and writes one answer per line. It walks minute by minute (seconds, for outages), with the
zones of the Python standard library, and shares no code and no method with the Go package it checks.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def exists(local, zone):
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def edge(local, zone, closing):
    """The instant of a wall-clock time: the next existing one in a lost hour; first to open, last to close in a doubled one."""
    while not exists(local, zone):
        local += MINUTE
        closing = False
    return local.replace(tzinfo=zone, fold=1 if closing else 0).astimezone(UTC)


class Calendar:
    def __init__(self, hours):
        self.always = hours.get("always", False)
        self.zone = ZoneInfo(hours["zone"])
        self.week = hours.get("week", [])
        self.holidays = set(hours.get("holidays", []))
        self.known = {}
        self.minutes = {}

    def spans(self, day):
        """Opening spans of windows that begin on a local day."""
        if day in self.known:
            return self.known[day]
        out = []
        if day.isoformat() not in self.holidays:
            for window in self.week:
                if DAYS[day.weekday()] not in window["days"]:
                    continue
                midnight = datetime(day.year, day.month, day.day)
                first, last = (int(x[:2]) * 60 + int(x[3:]) for x in (window["from"], window["until"]))
                if last < first:
                    last += 24 * 60
                out.append((edge(midnight + timedelta(minutes=first), self.zone, False), edge(midnight + timedelta(minutes=last), self.zone, True)))
        self.known[day] = out
        return out

    def open(self, at):
        if self.always:
            return True
        day = at.date()
        if day not in self.minutes:
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            self.minutes[day] = [False] * (24 * 60)
            for a, b in (s for ahead in range(-3, 2) for s in self.spans(day + timedelta(days=ahead))):
                for n in range(max(0, (a - start) // MINUTE), min(24 * 60, (b - start) // MINUTE)):
                    self.minutes[day][n] = True
        return self.minutes[day][at.hour * 60 + at.minute]


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def inside(at, spans):
    return any(a <= at and (b is None or at < b) for a, b in spans)


def clock(case):
    mine = Calendar(case["hours"])
    other = Calendar(case["other_hours"]) if case.get("other_hours") else mine
    opened, now = when(case["opened"]), when(case["at"])
    change = when(case["changed"]) if case.get("changed") else None
    holds = [(when(a), when(b)) for a, b in case["holds"]]
    stops = [when(x) for x in case["stops"]]
    reopens = [when(x) for x in case["reopens"]]
    closed = list(zip(stops, reopens))
    final = stops[-1] if len(stops) > len(reopens) else None
    reopen, policy = case["on_reopen"], case["on_priority_change"]
    if reopen == "first_cycle_final" and stops:
        final, closed, reopens = stops[0], [], []
    # Holds end when a ticket is closed; the case says only when they were meant to.
    start = opened
    if reopen == "restart" and reopens:
        start = max(start, reopens[-1])
    if change and policy == "restart":
        start = max(start, change)

    def counts(at, calendar):
        if not calendar.open(at):
            return False
        if inside(at, holds) and not (change and policy == "carry" and at < change):
            return False
        if reopen in ("resume", "restart", "first_cycle_final") and inside(at, closed):
            return False
        return True

    def reach(target, after_change):
        at, sum_, limit = start, 0, start + timedelta(days=45)
        while sum_ < target:
            if at >= limit:
                return None
            calendar = after_change if (change is None or at >= change) else other
            if counts(at, calendar):
                sum_ += 1
            at += MINUTE
        return at

    def elapsed(until):
        at, sum_ = start, 0
        while at < until:
            if counts(at, mine if (change is None or at >= change) else other):
                sum_ += 1
            at += MINUTE
        return sum_

    due = reach(case["target"], mine)
    if change and policy == "stricter":
        old = reach(case["other_target"], other)
        due = min(due, old) if due and old else due or old
    if change and due:
        due = max(due, change)
    until = min(now, final) if final else now
    counted = elapsed(until)
    if final:
        status = "met" if due is None or final <= due else "breached"
    elif due and due <= now:
        status = "breached"
    else:
        status = "at_risk" if counted * 100 >= case["threshold"] * case["target"] else "on_track"
    return {"status": status, "due": stamp(due), "elapsed": counted}


def month(case):
    zone = ZoneInfo(case["zone"])
    year, number = int(case["month"][:4]), int(case["month"][5:])
    first = datetime(year, number, 1, tzinfo=zone).astimezone(UTC)
    last = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=zone).astimezone(UTC)
    total = int((last - first).total_seconds()) // 60
    down = set()
    for outage in case["outages"]:
        if not outage["excluded"]:
            down.update(range(outage["from"], outage["until"]))
    for outage in case["outages"]:
        if outage["excluded"]:
            down.difference_update(range(outage["from"], outage["until"]))
    length = int((last - first).total_seconds())
    down = {second for second in down if 0 <= second < length}
    minutes = sorted({second // 60 for second in down if all(s in down for s in range(second // 60 * 60, second // 60 * 60 + 60))})
    runs, counted = [], 0
    for minute in minutes:
        if runs and runs[-1][-1] == minute - 1:
            runs[-1].append(minute)
        else:
            runs.append([minute])
    for run in runs:
        if len(run) >= case["minimum_span"]:
            counted += len(run)
    up = Fraction((total - counted) * 100, total)
    answer = {"down": counted, "status": "met" if up >= Fraction(case["target"]) else "breached", "amount": ""}
    if answer["status"] == "breached":
        rows = [t for t in case["tiers"] if ("from" not in t or up >= Fraction(t["from"])) and ("below" not in t or up < Fraction(t["below"]))]
        if len(rows) == 1 and Decimal(rows[0]["credit"]) > 0:
            credit = min(Decimal(case["charge"]) * Decimal(rows[0]["credit"]) / 100, Decimal(case["charge"]) * Decimal(case["cap"]) / 100)
            answer["amount"] = str(credit.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return answer


for line in sys.stdin:
    given = json.loads(line)
    print(json.dumps(clock(given) if given["kind"] == "clock" else month(given)))
