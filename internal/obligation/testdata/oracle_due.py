"""An independent judge of due times, payments, notices, tiers and credits, slow on purpose.

Reads one case per line (JSON) and writes one answer per line. It looks at each minute of a ticket and each day of a debt, with the
zones of the Python standard library, and shares no code and no method with the Go package it checks.
"""
import json
import sys
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from days import NAMES, ONE, Days, cents, last_of_month, money, months_on

UTC = timezone.utc
MINUTE = timedelta(minutes=1)


# Tickets: each minute is looked at.


class Open:
    known = {}

    def __init__(self, hours):
        self.zone = ZoneInfo(hours["zone"])
        self.name = hours["zone"]
        self.windows = [(int(a[:2]) * 60 + int(a[3:]), int(b[:2]) * 60 + int(b[3:])) for a, b in hours["windows"]]
        self.days = Days(hours["holidays"], [n for n in NAMES if n not in hours["days"]])
        self.marks = {}

    def locals(self, day):
        """Local date and minute of each minute of a day in UTC."""
        key = (self.name, day)
        if key not in Open.known:
            start = datetime(day.year, day.month, day.day, tzinfo=UTC)
            out = []
            for minute in range(1440):
                here = (start + minute * MINUTE).astimezone(self.zone)
                out.append((here.date(), here.hour * 60 + here.minute))
            Open.known[key] = out
        return Open.known[key]

    def minute(self, at):
        day = at.date()
        if day not in self.marks:
            self.marks[day] = [self.days.business(d) and any(a <= m < b for a, b in self.windows) for d, m in self.locals(day)]
        return self.marks[day][at.hour * 60 + at.minute]


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def local(d, clock, zone):
    return datetime(d.year, d.month, d.day, int(clock[:2]), int(clock[3:]), tzinfo=zone).astimezone(UTC)


def ticket(case):
    hours = Open(case["hours"])
    now = when(case["at"])
    log = [(when(at), state) for at, state in case["log"]]
    start_in, stop_in, pause_in, cancel_in = ("new", "work", "waiting"), ("solved",), ("waiting",), ("void",)

    # The machine: [when, running, held]; what happens while it is stopped starts it again, or nothing.
    started, stops, starts, cancelled = None, [], [], None
    segments, running, held = [], False, False
    for at, state in log:
        if not running:
            if state in start_in:
                running, held = True, state in pause_in
                starts.append(at)
                started = started or at
        elif state in stop_in:
            running = held = False
            stops.append(at)
        elif state in cancel_in:
            running, cancelled = False, at
        else:
            held = state in pause_in  # whatever is no hold lets it run
        segments.append((at, running, held))
    answered = when(case["responded"]) if case.get("responded") else None
    if started is None:
        return {"status": "pending", "due": ""}
    final = stops[-1] if stops and not running and cancelled is None else None
    policy = case["on_reopen"]
    counting_from = started
    if case["response"]:
        first = [x for x in [answered] + stops[:1] if x is not None]
        final = min(first) if first else None
        if final is not None and cancelled is not None and cancelled < final:
            final = None
        cancelled = None if final is not None else cancelled
    elif policy == "first_cycle_final" and stops:
        final, cancelled = stops[0], None
    elif policy == "restart":
        counting_from = starts[-1]
    place = [0]

    def state_at(at):
        """Asked in order of time; from an earlier instant on again it begins anew."""
        i = place[0]
        if i and segments[i - 1][0] > at:
            i = 0
        while i < len(segments) and segments[i][0] <= at:
            i += 1
        place[0] = i
        return segments[i - 1][1:] if i else (False, False)

    by = case.get("by")
    if by:
        d = started.astimezone(hours.zone).date()
        if by.get("cutoff") and started >= local(d, by["cutoff"], hours.zone):
            d = hours.days.following(d + ONE)
        d = hours.days.later(d, by["days"]) if by["days"] else hours.days.following(d)
        due = local(d, by["time"], hours.zone)
        if not hours.minute(due - MINUTE) and not hours.minute(due):
            while not hours.minute(due):
                due += MINUTE
        if case["by_holds"] == "shift":
            left, at = (due - started) // MINUTE, started
            limit = now + timedelta(days=60)
            while left > 0 and at < limit:
                run, hold = state_at(at)
                if not hold:
                    left -= 1
                at += MINUTE
            due = at if left == 0 else None
        if final is not None:
            return {"status": "met" if due is None or final <= due else "breached", "due": stamp(due)}
        if cancelled is not None:  # it excuses what has not been breached before it
            return {"status": "breached" if due is not None and due < cancelled else "excused", "due": ""}
        return {"status": "breached" if due is not None and due <= now else "open", "due": stamp(due)}

    def counts(at):
        run, hold = state_at(at)
        if hold or not hours.minute(at):
            return False
        if run or case["response"]:
            return True
        return policy == "total"

    counted, due, at = 0, None, counting_from
    limit = now + timedelta(days=40)
    until = min(final or cancelled, now) if final or cancelled else now
    while final is None and cancelled is None and at < limit:
        if at >= log[-1][0] and segments[-1][2]:
            break  # held, and nobody knows until when
        if counts(at):
            counted += 1
            if counted == case["target"]:
                due = at + MINUTE
                break
        at += MINUTE
    elapsed, at, reached = 0, counting_from, None
    while at < until:
        elapsed += counts(at)
        at += MINUTE
        if elapsed == case["target"] and reached is None:
            reached = at
    if final is not None:
        # Whether it was in time is told by the log until then; what would have been due is no matter. One that was still open when
        # the target was reached is breached, although nothing counted from there (closing time) until it ended.
        return {"status": "met" if reached is None or final <= reached else "breached", "due": "", "elapsed": elapsed}
    if cancelled is not None:
        return {"status": "breached" if reached is not None and reached < cancelled else "excused", "due": ""}
    status = "breached" if due is not None and due <= now else ("at_risk" if elapsed * 100 >= 90 * case["target"] else "on_track")
    return {"status": status, "due": stamp(due), "elapsed": elapsed}


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


# Payments: each day is looked at.


def payment(case):
    days = Days(case["holidays"])
    invoice, today = date.fromisoformat(case["invoice"]), date.fromisoformat(case["today"])
    total = Fraction(case["amount"])
    start = invoice
    if case["start"] == "receipt" and case.get("received") and case["received"] <= case["today"]:
        start = date.fromisoformat(case["received"])
    if case["start"] == "month_end":
        start = last_of_month(invoice)

    def day_of_next_month(d, day):
        months = 2 if case["cutoff"] and d.day > case["cutoff"] else 1
        first = months_on(d.replace(day=1), months)
        return min(first + ONE * (day - 1), last_of_month(first))

    def counted_in(d):
        """A day of the month the books have it in."""
        return last_of_month(d) + ONE if case["cutoff"] and d.day > case["cutoff"] else d

    base, n = case["base"], case["days"]
    if base == "net":
        due = start
        for _ in range(n):
            due += ONE
    elif base == "eom":
        due = last_of_month(counted_in(start)) + ONE * n
    elif base == "end_of_due_month":
        due = last_of_month(start + ONE * n)
    elif base == "prox":
        due = day_of_next_month(start, n)
    elif base == "net_prox":
        due = day_of_next_month(start + ONE * n, case["day"])
    elif base == "monthly":
        due = last_of_month(last_of_month(counted_in(start)) + ONE)
    due = days.rolled(due, case["roll"])

    paid = sorted((date.fromisoformat(d), Fraction(v)) for d, v in case["payments"])
    paid = [(d, v) for d, v in paid if d <= today]
    if case.get("rate"):  # what came in another currency was booked in whole cents
        paid = [(d, cents(v * Fraction(case["rate"]))) for d, v in paid]
    owed, full, discount = total, None, Fraction(0)
    percent = Fraction(case["discount_percent"])
    if percent:
        until = start + ONE * case["discount_days"]
        if case["discount_from_month_end"]:
            until = last_of_month(counted_in(start)) + ONE * case["discount_days"]
        if case["discount_prox"]:
            until = day_of_next_month(start, case["discount_days"])
    sum_ = Fraction(0)
    for d, v in paid:
        sum_ += v
        if full is not None:
            continue
        if case["partial"] and percent:
            if sum_ + discount < total and d <= until:
                # v settles v / (1 - percent): what is settled beyond v was earned.
                earned = min(v / (1 - percent / 100) - v, total - sum_ - discount)
                discount += cents(earned)
        elif percent and d <= until and 0 < total - sum_ <= cents(total * percent / 100):
            discount, full = cents(min(total * percent / 100, total - sum_)), d
            break
        if sum_ + discount >= total:
            full = d
    if full is not None and full <= due:
        return {"due": due.isoformat(), "status": "met", "interest": "", "discount": money(discount)}
    if full is None and today <= due:
        return {"due": due.isoformat(), "status": "on_track", "interest": "", "discount": money(discount)}

    # Interest for each day after the due day until the day of payment.
    late = case["late"]
    end = full or today
    if late["method"] == "uk":
        begins = due + ONE
        reference = date(begins.year, 6, 30) if begins.month > 6 else date(begins.year - 1, 12, 31)
        known = [(date.fromisoformat(d), Fraction(r)) for d, r in late["rates"] if date.fromisoformat(d) <= reference]
        yearly, basis, period = sorted(known)[-1][1] + 8, 365, None
    elif late["method"] == "us":
        known = [(date.fromisoformat(d), Fraction(r)) for d, r in late["rates"] if date.fromisoformat(d) <= due + ONE]
        yearly, basis, period = sorted(known)[-1][1], 360, "30 days"
        end = min(end, due + ONE * 365)
    else:
        yearly, basis, period = Fraction(late["percent"]), int(late["basis"]), late["compounding"]
    added, n = Fraction(0), 0

    def period_end(n):
        if period == "30 days":
            return due + ONE * (30 * n)
        return months_on(due, n * {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[period])

    day, balance, closes = due, Fraction(0), period_end(1) if period else None
    for_day = yearly / 100 / basis
    open_ = total - discount - sum(v for d, v in paid if d <= due)
    paid_on = dict()
    for d, v in paid:
        paid_on[d] = paid_on.get(d, Fraction(0)) + v
    while day < end and open_ > 0:
        day += ONE
        balance += open_ + added  # the sum of each day's debt
        if day == closes:
            n, added, balance = n + 1, added + balance * for_day, Fraction(0)
            closes = period_end(n + 1)
        open_ -= paid_on.get(day, 0)
    interest = added + balance * for_day
    if late["method"] == "us" and interest < 1:
        interest = Fraction(0)
    fixed = Fraction(0)
    if late["method"] == "uk":
        debt = total - discount - sum(v for d, v in paid if d < begins)  # interest begins on this, s. 5A
        fixed = Fraction(40 if debt < 1000 else 70 if debt < 10000 else 100)
    return {"due": due.isoformat(), "status": "breached", "interest": money(interest), "fixed": money(fixed), "discount": money(discount)}


# Notices: each day is tried.


def notice(case):
    days = Days(case["holidays"])
    anchor, n, unit = date.fromisoformat(case["anchor"]), case["value"], case["unit"]
    last = anchor
    if unit == "day":
        last -= ONE * n
    elif unit == "week":
        last -= ONE * (7 * n)
    elif unit == "business_day":
        last = days.earlier(anchor, n)
    else:
        last = months_on(anchor, -n * {"month": 1, "quarter": 3, "year": 12}[unit])
    if case["clear"]:
        last -= ONE
    by = days.rolled(last, case["roll"] or "preceding")

    def arrives(sent):
        at = days.later(sent + ONE * case["delivery_days"], case["delivery_business_days"])
        return days.following(at) if case["on_business_day"] else at

    sent = by
    if case["delivery_days"] or case["delivery_business_days"] or case["on_business_day"]:
        while arrives(sent) > by or case["roll"] != "none" and not days.business(sent):
            sent -= ONE
    return {"last": last.isoformat(), "receive": by.isoformat(), "send": sent.isoformat()}


# Tiers: each hundredth of a unit has its tier.


def tiers(case):
    table = case["tiers"]
    volume = sum(Fraction(q) for q in case["quantities"])
    total = Fraction(0)
    if case["mode"] == "graduated":
        from_on = case["bounds"] == "lower_inclusive"
        for t, later in zip(table, table[1:]):
            if from_on and Fraction(t["to"]) < volume < Fraction(later["from"]):
                t["to"] = str(volume)  # not 251 yet: still of "0-250"
        for i, t in enumerate(table):
            # Otherwise what lies between two tiers ("0-250, 251-") is of the later one.
            low = Fraction(table[i - 1]["to"]) if i else Fraction(0)
            high = Fraction(t["to"]) if t.get("to") else volume
            part = max(Fraction(0), min(volume, high) - low)
            total += part * Fraction(t["price"])
            entered = part > 0 or from_on and i > 0 and volume == low == Fraction(t["from"])
            if entered and t.get("flat"):
                total += Fraction(t["flat"])
        return {"total": money(total)}
    for i, t in enumerate(table):
        low = Fraction(t["from"])
        next_low = Fraction(table[i + 1]["from"]) if i + 1 < len(table) else None
        high = Fraction(t["to"]) if t.get("to") else None
        here = volume >= low if case["bounds"] == "lower_inclusive" or i == 0 else volume > Fraction(table[i - 1]["to"])
        if high is not None and next_low is not None:
            touching = high == next_low
            if case["bounds"] == "lower_inclusive":
                here = here and volume < next_low
            else:
                here = here and volume <= high
            if touching is False and volume == high:
                here = True  # "up to 250" has it
        if here:
            total = volume * Fraction(t["price"]) + Fraction(t.get("flat") or 0)
            return {"total": money(total)}
    return {"total": "none"}


# Credits, period by period.


def credits(case):
    rule, fees = case["rule"], [Fraction(x) for x in case["fees"]]
    target = Fraction(case["target"])
    answers, capped, paid, open_ = [], [], [], []
    row, used = 0, Fraction(rule["already"] or 0)
    liability = Fraction(rule["liability"]) if rule["liability"] else None
    for month, text in enumerate(case["measured"]):
        measured, fee = Fraction(text), fees[month]
        answers.append({"amount": "", "set_off": "0.00", "left": "0.00", "lapsed": "0.00"})
        capped.append(Fraction(0))
        if measured >= target:
            row = 0
            continue
        row += 1
        short = target - measured
        if rule["kind"] == "tiers":
            percent = next(Fraction(t["percent"]) for t in rule["tiers"] if measured >= Fraction(t["from"]) and measured < Fraction(t["below"]))
            raw = fee * percent / 100
        elif rule["kind"] == "linear":
            raw = fee * short * Fraction(rule["per_point"]) / 100
        else:
            steps = short / Fraction(rule["step"])
            whole = steps.numerator // steps.denominator
            if rule["count"] == "started" and steps != whole:
                whole += 1
            raw = whole * Fraction(rule["each"])
        if rule["repeat"] and row >= rule["repeat"]["misses"]:
            raw *= Fraction(rule["repeat"]["factor"])
        if rule["cap_percent"]:
            raw = min(raw, fee * Fraction(rule["cap_percent"]) / 100)
        if rule["rolling"]:
            before = sum(capped[max(0, month - rule["rolling"]["months"] + 1):month])
            raw = max(Fraction(0), min(raw, Fraction(rule["rolling"]["amount"]) - before))
        if raw == 0 and rule["kind"] == "tiers" and percent == 0:
            continue
        if rule["minimum"] and raw < Fraction(rule["minimum"]):
            continue
        capped[month] = raw
        if liability is not None:
            raw = max(Fraction(0), min(raw, liability - used))
        got = cents(raw)
        used += got
        answers[month]["amount"] = money(got)
        open_.append([month, got])
    # Each charge is used up by the oldest credit of an earlier month.
    share = Fraction(rule["carry_percent"]) / 100
    for month in range(len(fees)):
        room = cents(fees[month] * share)
        for one in open_:
            born, left = one
            if born >= month or rule["carry_months"] and month - born > rule["carry_months"]:
                continue
            part = min(left, room)
            room -= part
            one[1] -= part
            a = answers[born]
            a["set_off"] = money(Fraction(a["set_off"]) + part)
    for born, left in open_:
        over = rule["carry_months"] and born + rule["carry_months"] < len(fees)
        answers[born]["lapsed" if over else "left"] = money(left)
    return {"months": answers}


JUDGES = {"ticket": ticket, "payment": payment, "notice": notice, "tiers": tiers, "credits": credits}
for line in sys.stdin:
    given = json.loads(line)
    print(json.dumps(JUDGES[given["kind"]](given)))
