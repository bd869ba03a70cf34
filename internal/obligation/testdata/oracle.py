"""An independent judge of clocks and months, slow on purpose.

Reads one case per line (JSON) and writes one answer per line. It marks each minute that counts (seconds, for outages) and
counts the marks, with the zones of the Python standard library, and shares no code and no method with the Go package it checks.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
DAY = 24 * 60
OPEN, CLOSED = b"\x01" * DAY, bytes(DAY)
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def exists(local, zone):
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def edge(local, zone, closing):
    """The instant of a wall-clock time: the next existing one in a lost hour; first to open, last to close in a doubled one."""
    while not exists(local, zone):
        local += MINUTE
        closing = False
    return local.replace(tzinfo=zone, fold=1 if closing else 0).astimezone(UTC)


def mark(marks, day, a, b, by):
    """Sets the marks of the minutes from a until b that lie in a day in UTC; None is without end."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first = 0 if a is None else min(DAY, max(0, (a - start) // MINUTE))
    last = DAY if b is None else min(DAY, max(0, (b - start) // MINUTE))
    if first < last:
        marks[first:last] = by[first:last]


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

    def open(self, day):
        """One mark for each open minute of a day in UTC."""
        if self.always:
            return OPEN
        if day not in self.minutes:
            marks = bytearray(DAY)
            for a, b in (s for ahead in range(-3, 2) for s in self.spans(day + timedelta(days=ahead))):
                mark(marks, day, a, b, OPEN)
            self.minutes[day] = marks
        return self.minutes[day]


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


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

    def counting(day, after_change):
        marks = bytearray(after_change.open(day))
        if change:
            mark(marks, day, None, change, other.open(day))
        for a, b in holds:
            mark(marks, day, max(a, change) if change and policy == "carry" else a, b, CLOSED)
        if reopen in ("resume", "restart", "first_cycle_final"):
            for a, b in closed:
                mark(marks, day, a, b, CLOSED)
        return marks

    def reach(target, after_change):
        """The end of the minute that fills the target; None where that is not within 45 days."""
        at, limit, sum_ = start, start + timedelta(days=45), 0
        while at < limit:
            midnight = at.replace(hour=0, minute=0)
            marks = counting(at.date(), after_change)
            end = min(DAY, (limit - midnight) // MINUTE)
            for minute in range((at - midnight) // MINUTE, end):
                sum_ += marks[minute]
                if sum_ == target:
                    return midnight + (minute + 1) * MINUTE
            at = midnight + timedelta(days=1)
        return None

    def elapsed(until):
        at, sum_ = start, 0
        while at < until:
            midnight = at.replace(hour=0, minute=0)
            sum_ += counting(at.date(), mine).count(1, (at - midnight) // MINUTE, max(0, min(DAY, (until - midnight) // MINUTE)))
            at = midnight + timedelta(days=1)
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
    length = int((last - first).total_seconds())
    down = bytearray(length)
    for excluded in (False, True):
        for outage in case["outages"]:
            if outage["excluded"] == excluded:
                a, b = max(0, outage["from"]), min(length, outage["until"])
                if a < b:
                    down[a:b] = bytes(b - a) if excluded else b"\x01" * (b - a)
    touched = {m for o in case["outages"] for m in range(max(0, o["from"]) // 60, min(length, o["until"]) // 60 + 1)}
    minutes = sorted(m for m in touched if down.count(1, m * 60, m * 60 + 60) == 60)
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
