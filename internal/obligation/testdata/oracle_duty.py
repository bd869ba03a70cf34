"""An independent judge of levels, samples, pools of credits, deliveries and duties, slow on purpose.

Reads one case per line (JSON): the terms of a clause and the events, in the words in which people give them, and the occurrences
that are asked about. Writes one answer per line. It counts days one by one, looks at each minute and each unit of a delivery's parts, and shares
no code and no method with the Go package it checks.
"""
import json
import sys
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

from days import ONE, Days, cents, last_of_month, money, months_on

UTC = timezone.utc
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def ceiling(x):
    return -((-x.numerator) // x.denominator)


def floor(x):
    return x.numerator // x.denominator


def shown(x):
    """As it is where twelve digits after the point say it, or else the nearest of six, but none that ends in two zeros: a level may be there."""
    def written(whole, digits):
        return "%s%d.%0*d" % ("-" if x < 0 else "", whole // 10**digits, digits, whole % 10**digits)

    long = written(floor(abs(x) * 10**12), 12)
    if Fraction(long) == x:
        return long.rstrip("0").rstrip(".")
    below = floor(abs(x) * 10**6)
    near = below + floor((abs(x) * 10**6 - below) * 2)
    if near % 100 == 0:
        near = below if near > below else below + 1
    return written(near, 6)


class Clause:
    """What all kinds share: the zone, the days that count, what is known by now."""

    def __init__(self, case):
        self.p = case["params"]
        self.zone = ZoneInfo(self.p.get("zone") or "UTC")
        hours = self.p.get("hours") or {}
        self.days = Days(hours.get("holidays") or [])
        self.now = when(case["at"])
        self.today = self.day(self.now)
        self.events = sorted((e for e in case["events"] if when(e["occurred_at"]) <= self.now), key=lambda e: when(e["occurred_at"]))
        self.keys = case["keys"]
        force = case.get("in_force") or {}
        self.begins = date.fromisoformat(force["from"]) if force.get("from") else None
        self.ends = date.fromisoformat(force["until"]) if force.get("until") else None  # the first day on which it holds no more

    def day(self, at):
        return at.astimezone(self.zone).date()

    def midnight(self, d):
        """The first instant of a day."""
        return datetime(d.year, d.month, d.day, tzinfo=self.zone).astimezone(UTC)

    def over(self, d):
        """The instant at which a day is over."""
        return self.midnight(d + ONE)

    def on(self, e):
        """The civil day an event stands for."""
        text = e["data"].get("date")
        return date.fromisoformat(text) if text else self.day(when(e["occurred_at"]))

    def of(self, *kinds):
        return [e for e in self.events if e["kind"] in kinds]

    def period(self, key):
        """First and last day."""
        size = self.p.get("period") or "month"
        if size in ("week", "two_weeks"):
            first = date.fromisoformat(key)
            return first, first + ONE * (6 if size == "week" else 13)
        if "Q" in key:
            first = date(int(key[:4]), int(key[6]) * 3 - 2, 1)
            return first, last_of_month(months_on(first, 2))
        if "H" in key:
            first = date(int(key[:4]), 1 if key[6] == "1" else 7, 1)
            return first, last_of_month(months_on(first, 5))
        if len(key) == 4:
            return date(int(key), 1, 1), date(int(key), 12, 31)
        first = date(int(key[:4]), int(key[5:]), 1)
        return first, last_of_month(first)

    def fees(self, first, last, service=None):
        """All charges of the months of a period; None where one of them is not known."""
        total, month = Fraction(0), first
        while month <= last:
            known = [Fraction(e["data"]["amount"]["value"]) for e in self.of("charge") if e["data"]["month"] == month.isoformat()[:7] and service in (None, e["data"]["service"])]
            if not known:
                return None
            total += sum(known)
            month = months_on(month, 1)
        return total


def amount(thing):
    return Fraction(thing["value"]) if thing else None


# Deliveries: each part has its days.


def deliveries(case):
    c = Clause(case)
    return [delivery(c, next(x for x in c.p["lines"] if x["line"] == key)) for key in c.keys]


def delivery(c, line):
    p, ordered = c.p, Fraction(line["quantity"])
    excused = set()
    for e in c.of("delay_excused"):
        if e["subject"] == line["line"] and e["data"].get("approved_by"):
            d = date.fromisoformat(e["data"]["date"])
            while d <= date.fromisoformat(e["data"].get("until") or e["data"]["date"]):
                excused.add(d)
                d += ONE

    def promise(day):
        """What came on a day was held up by the excused days until then."""
        return date.fromisoformat(line["due"]) + ONE * sum(d <= day for d in excused)

    def early_before(day):
        return date.fromisoformat(line["due"]) if p.get("bonus_from") == "promised" else promise(day)

    kind = p.get("days") or "calendar"
    grace = ONE * p.get("grace_days", 0)
    promised = promise(date.max)
    in_time = promised + grace
    owed = ordered - ordered * Fraction(p.get("under_percent", "0")) / 100

    def late_by(at, promised):
        """How many days, as a fraction where a day is a run of 24 hours."""
        counted_from = promised if p.get("grace_counts") else promised + grace
        if kind == "hours24":
            return Fraction(round((at - c.over(counted_from)).total_seconds()), 86400)
        n, d = 0, counted_from
        while d < c.day(at):
            d += ONE
            n += kind == "calendar" or c.days.business(d)
        return Fraction(n)

    came, complete, late, early = Fraction(0), None, [], []
    for e in c.of("delivery"):
        if e["subject"] != line["line"]:
            continue
        at, quantity = when(e["occurred_at"]), Fraction(e["data"]["quantity"])
        mine, ahead = promise(c.day(at)), (early_before(c.day(at)) - c.day(at)).days
        if ahead > 0:
            early.append((max(Fraction(0), min(quantity, ordered - came)), Fraction(ahead)))
        if c.day(at) > mine + grace and came < owed:
            late.append((min(quantity, owed - came), late_by(at, mine)))
        came += quantity
        if complete is None and came >= owed:
            complete = at
    if came < owed and c.today > in_time:
        late.append((owed - came, late_by(c.now, promised)))
    price = amount(line.get("price"))
    answer = {"status": "breached" if late else "met" if complete else "on_track", "damages": "", "bonus": ""}

    def owing(rule, parts, once):
        """once: the days for which a sum for the whole line is owed."""
        def steps(n):
            n = n / 7 if rule.get("step") == "week" else n
            return ceiling(n) if rule.get("count") == "started" else floor(n)

        if rule.get("percent"):
            share = Fraction(rule["percent"]) / 100
            if rule.get("base") == "line":
                sum_ = ordered * price * share * steps(once)
            else:
                sum_ = sum(q * price * share * steps(n) for q, n in parts)
        elif rule.get("per_unit"):
            sum_ = sum(q * amount(rule["amount"]) * steps(n) for q, n in parts)
        else:
            sum_ = amount(rule["amount"]) * steps(once)
        if rule.get("cap_percent"):
            sum_ = min(sum_, ordered * price * Fraction(rule["cap_percent"]) / 100)
        if rule.get("cap_amount"):
            sum_ = min(sum_, amount(rule["cap_amount"]))
        return money(sum_) if cents(sum_) else ""

    if late and p.get("damages"):
        answer["damages"] = owing(p["damages"], late, max(n for q, n in late))
    if early and p.get("bonus"):
        whole = Fraction(max(0, (early_before(c.day(complete)) - c.day(complete)).days)) if complete else Fraction(0)
        answer["bonus"] = owing(p["bonus"], early, whole)
    return answer


# Duties: the day is looked for in the calendar.


def unit_later(days, d, value, unit):
    if unit == "day":
        return d + ONE * value
    if unit == "week":
        return d + ONE * (7 * value)
    if unit == "business_day":
        return days.later(d, value)
    return months_on(d, value * {"month": 1, "quarter": 3, "year": 12}[unit])


def penalty(late, days):
    if not late:
        return ""
    sum_ = (amount(late.get("fixed")) or 0) + (amount(late.get("per_day")) or 0) * days
    if late.get("cap"):
        sum_ = min(sum_, amount(late["cap"]))
    return money(Fraction(sum_)) if sum_ else ""


def recurring(case):
    c = Clause(case)
    return [recurrence(c, key) for key in c.keys]


def recurrence(c, key):
    p, (first, last) = c.p, c.period(key)
    none = {"status": "none", "due": "", "late": ""}
    if c.ends and first >= c.ends:
        return none
    weeks = p.get("period") in ("week", "two_weeks")
    if weeks:  # the days of the week, or of the two weeks, in which the day lies
        n = (last - first).days + 1
        inside = [(first if p.get("in_period") else last + ONE) + ONE * i for i in range(n)]
    else:
        d = last.replace(day=1) if p.get("in_period") else last + ONE
        inside = [d]
        while (inside[-1] + ONE).month == d.month:
            inside.append(inside[-1] + ONE)
    if p.get("after"):
        due = unit_later(c.days, last, p["after"]["value"], p["after"]["unit"])
    elif p.get("business_day"):
        open_ = [d for d in inside if c.days.business(d)]
        due = open_[-1] if p["business_day"] < 0 else open_[min(p["business_day"], len(open_)) - 1]
    else:
        due = inside[-1] if p["day"] < 0 else inside[min(p["day"], len(inside)) - 1]
    due = c.days.rolled(due, p.get("roll"))
    if c.ends and due >= c.ends and not p.get("survives"):
        return none
    done = [c.day(when(e["occurred_at"])) for e in c.of("done", "submitted") if e["data"]["month"] == key]
    answer = {"status": "on_track", "due": due.isoformat(), "late": ""}
    if done and done[0] <= due:
        answer["status"] = "met"
    elif (done or [c.today])[0] > due:
        answer["status"] = "breached"
        answer["late"] = penalty(p.get("late"), ((done or [c.today])[0] - due).days)
    return answer


def conditional(case):
    c = Clause(case)
    return [condition(c, key) for key in c.keys]


def condition(c, key):
    p = c.p
    own = [e for e in c.events if e["subject"] == key]
    started = [e for e in own if e["kind"] == "trigger"]
    if p.get("evidence_required"):
        started = [e for e in started if e["data"].get("approved_by") or e["data"].get("url")]
    answer = {"status": "pending", "due": "", "late": ""}
    if not started:
        return answer

    def until(e, span, roll):
        """The instant at which a time after an event is over, and whether that very instant is still in time."""
        if span["unit"] in ("hour", "minute"):
            return when(e["occurred_at"]) + span["value"] * (MINUTE if span["unit"] == "minute" else 60 * MINUTE), True
        return c.over(c.days.rolled(unit_later(c.days, c.on(e), span["value"], span["unit"]), roll)), False

    def kept(at, end):
        return at < end[0] or end[1] and at == end[0]

    end = until(started[0], p["within"], p.get("roll"))
    done = [when(e["occurred_at"]) for e in own if e["kind"] in ("done", "cured")]
    if done and kept(done[0], end):
        return {"status": "met", "due": stamp(end[0]), "late": ""}
    if c.now < end[0]:
        return {"status": "open", "due": stamp(end[0]), "late": ""}
    if p.get("cure"):
        told = [e for e in own if e["kind"] in ("notice_sent", "notice_received") and when(e["occurred_at"]) >= end[0]]
        if not told or done and done[0] <= when(told[0]["occurred_at"]):  # nobody gave notice of it before it was done
            return {"status": "excused" if done else "open", "due": "", "late": ""}
        end = until(told[0], p["cure"], p.get("roll"))
        if done and kept(done[0], end):
            return {"status": "excused", "due": "", "late": ""}
        if c.now < end[0]:
            return {"status": "open", "due": stamp(end[0]), "late": ""}
    finished = c.day(done[0]) if done else c.today
    last = c.day(end[0] if end[1] else end[0] - MINUTE)
    return {"status": "breached", "due": stamp(end[0]), "late": penalty(p.get("late"), (finished - last).days)}


# Pools: each level of each period is looked up among the reports.


def composed(rule, raw, fees, before):
    """Cap of the period, rolling cap, minimum payable: the least and the most that counts in a rolling cap, and what is paid. None: what is
    not known decides. before has the least and the most of each earlier period, None where nobody knows."""
    if rule.get("cap_percent"):
        if fees is None:
            return None, None
        raw = min(raw, fees * Fraction(rule["cap_percent"]) / 100)
    if rule.get("cap_amount"):
        raw = min(raw, amount(rule["cap_amount"]))
    least = most = raw
    if rule.get("rolling_cap"):
        limit, n = amount(rule["rolling_cap"]["amount"]), rule["rolling_cap"]["months"]
        window = before[max(0, len(before) - n + 1):]
        most = max(Fraction(0), min(raw, limit - sum(b[0] for b in window if b)))
        least = Fraction(0)
        if None not in window:
            least = max(Fraction(0), min(raw, limit - sum(b[1] for b in window)))
    if least != most:
        return (least, most), None
    low = amount(rule.get("minimum_payable"))
    if low is not None and (most < low or most == low and rule.get("minimum_exclusive")):
        return (Fraction(0), Fraction(0)), Fraction(0)  # what is not payable takes no room
    return (most, most), most


def pool(case):
    c = Clause(case)
    p, answers, before = c.p, [], []
    for key in c.keys:
        first, last = c.period(key)
        answer = {"status": "", "amount": "", "state": ""}
        answers.append(answer)
        before.append((Fraction(0), Fraction(0)))
        if c.today <= last:
            answer["status"] = "open"
            continue
        limit = last + ONE * p["report_days"] if p.get("report_days") else None
        missed, waiting, unknown = Fraction(0), False, []
        for level in p["levels"]:
            size = Fraction(level.get("points" if p.get("points") else "weight") or 0)

            def worth(e):
                if e["data"].get("state") == "met":
                    return Fraction(0)
                return Fraction(e["data"]["value"]) if p.get("points") and e["data"].get("value") else size

            told = [(when(e["occurred_at"]), max(c.on(e), c.day(when(e["occurred_at"]))), worth(e)) for e in c.of("measurement") if e["data"]["month"] == key and e["data"]["item"] == level["level"]]
            told.sort()
            if limit is None:
                if told:
                    missed += told[-1][2]
                elif p.get("unreported") == "missed":
                    missed += size
                elif not p.get("unreported"):
                    unknown.append(size)
                continue
            good = [t for t in told if t[1] <= limit]
            bad = [t[2] for t in told if t[1] > limit]
            if good:
                missed += max([good[-1][2]] + bad)
            elif c.today > limit:
                missed += max([size] + bad)
            else:
                waiting = True
        if waiting:
            before[-1] = None
            answer["status"] = "at_risk" if missed else "pending"  # until the last day another report may correct it
            continue
        if unknown:
            before[-1] = None
            answer["status"], answer["state"] = "breached" if missed else "pending", "ambiguous"
            continue
        if missed == 0:
            answer["status"] = "met"
            continue
        answer["status"] = "breached"
        base_first, base_last = first, last
        if p.get("next_period"):
            base_first = last + ONE
            base_last = last_of_month(months_on(base_first, 2 if p.get("period") == "quarter" else 0))
        fees = c.fees(base_first, base_last, p.get("service"))
        percent = missed
        if p.get("points"):
            percent = None
            for row in p["points"]:
                if missed == Fraction(row["points"]) or row.get("at_least") and missed >= Fraction(row["points"]):
                    percent = Fraction(row["percent"])
            if percent is None:
                answer["state"], before[-1] = "ambiguous", None
                continue
        at_risk = amount(p.get("at_risk_amount"))
        if at_risk is None:
            if fees is None:
                answer["state"], before[-1] = "needs_charge", None
                continue
            at_risk = fees * Fraction(p.get("at_risk_percent", "100")) / 100
        before[-1], paid = composed(p.get("credit") or {}, min(percent, Fraction(100)) * at_risk / 100, fees, before[:-1])
        if paid is None:
            answer["state"] = "needs_charge"
            continue
        answer["amount"] = money(paid) if cents(paid) else ""
    return answers


# Levels: each case is looked at.


def level(case):
    c = Clause(case)
    return [one_level(c, key) for key in c.keys]


def one_level(c, key):
    p, (first, last) = c.p, c.period(key)
    target, measure = Fraction(p["target"]), p["measure"]
    answer = {"status": "", "measured": "", "amount": "", "state": ""}
    inside = lambda at: first <= c.day(at) <= last
    if c.today <= last:
        answer["status"] = "open"
        return answer
    tickets = {}
    for e in c.events:
        if e["kind"].startswith("ticket_"):
            tickets.setdefault(e["subject"], []).append((e["kind"][7:], when(e["occurred_at"]), e["data"]))
    value, cases, pending = None, 0, 0  # pending: kept so far, and may still be opened again
    if measure == "within_target":
        span = p["clock"]["target"]["value"] * {"minute": MINUTE, "hour": 60 * MINUTE}[p["clock"]["target"]["unit"]]
        good = bad = 0
        for log in tickets.values():
            opened = next(at for what, at, _ in log if what == "opened")
            ended = [(at, what) for what, at, _ in log if what in ("resolved", "cancelled")]
            if ended and ended[0][0] <= opened + span:
                good += ended[0][1] == "resolved" and inside(ended[0][0])
            elif opened + span <= c.now:
                bad += inside(opened + span)
        cases = good + bad
        value = Fraction(100 * good, cases) if cases else None
    elif measure == "first_contact":
        good = 0
        for log in tickets.values():
            ends = [(at, d) for what, at, d in log if what == "resolved"]
            if not ends or not inside(ends[0][0]) or ends[0][1].get("state") == "duplicate" or any(what == "cancelled" for what, _, _ in log):
                continue
            cases += 1
            again = [at for what, at, _ in log if what == "reopened" and (c.day(at) - c.day(ends[0][0])).days <= p["reopen_days"]] if p["reopen_days"] else []
            kept = not again and not any(what in ("reassigned", "contact") for what, _, _ in log)
            good += kept
            never = not any(what == "reopened" and at >= ends[0][0] for what, at, _ in log)
            pending += kept and never and p["reopen_days"] and (c.today - c.day(ends[0][0])).days <= p["reopen_days"]
        value = Fraction(100 * good, cases) if cases else None
    elif measure in ("error_rate", "ratio"):
        total = failed = Fraction(0)
        for e in c.events:
            mine = e["kind"] == "sample" and inside(when(e["occurred_at"])) or e["kind"] == "measurement" and e["data"].get("month") == key
            if mine and (not p.get("service") or e["data"].get("service", e["subject"]) == p["service"]):
                total += Fraction(e["data"]["total"])
                failed += Fraction(e["data"]["failed"])
        cases = total
        if total:
            value = 100 * failed / total if measure == "error_rate" else 100 - 100 * failed / total
    else:
        marks = [Fraction(e["data"]["value"]) for e in c.of("survey") if inside(when(e["occurred_at"]))]
        cases = len(marks)
        if marks and measure == "satisfaction":
            value = sum(marks) / len(marks)
        elif marks:
            value = Fraction(100 * sum(m >= Fraction(p["satisfied_from"]) for m in marks), len(marks))
    if value is None or cases < p.get("minimum_cases", 0):
        answer["status"] = "excused"  # nothing to measure
        return answer
    answer["measured"] = shown(value)
    at_most = p.get("at_most") or measure == "error_rate"
    short = value - target if at_most else target - value
    if short < 0 or short == 0 and not p.get("strict"):
        worst = target - Fraction(100 * (good - pending), cases) if pending else short
        answer["status"] = "met" if worst < 0 or worst == 0 and not p.get("strict") else "on_track"
        return answer
    answer["status"] = "breached"
    rule = p.get("credit")
    if not rule:
        return answer
    fees = c.fees(first, last, p.get("service"))
    if rule.get("per_step"):
        n = short / Fraction(rule["per_step"]["step"])
        raw = amount(rule["per_step"]["amount"]) * (ceiling(n) if rule["per_step"].get("count") == "started" else floor(n))
    else:
        if fees is None:
            answer["state"] = "needs_charge"
            return answer
        raw = fees * short * Fraction(rule["linear"]["percent_per_point"]) / 100
    _, paid = composed(rule, raw, fees, [])
    if paid is None:
        answer["state"] = "needs_charge"
    elif cents(paid):
        answer["amount"] = money(paid)
    return answer


# Samples: each minute, or interval, has its requests.


def samples(case):
    c = Clause(case)
    return [sampled(c, key) for key in c.keys]


def sampled(c, key):
    p, (first, last) = c.p, c.period(key)
    begin, end = c.midnight(first), c.over(last)
    kind, target = p["definition"], Fraction(p["target"])
    own, left_out = [], []
    for e in c.of("sample"):
        (left_out if e["data"].get("excluded") in p.get("exclusions", []) and e["data"].get("approved_by") else own).append(e)
    answer = {"down": "", "measured": "", "status": "", "amount": "", "state": ""}
    if kind == "score":
        points = number = Fraction(0)
        for e in own:
            at = when(e["occurred_at"])
            if not begin <= at < end or any(when(x["occurred_at"]) <= at < when(x["occurred_at"]) + MINUTE for x in left_out):
                continue
            n, d = Fraction(e["data"].get("total", "1")), e["data"]
            number += n
            if not p.get("fast_ms"):
                points += n * Fraction(d["value"])
            elif d.get("state") != "error":
                ms = Fraction(d["value"])
                points += n * (1 if ms <= p["fast_ms"] else Fraction(1, 2) if ms <= p["slow_ms"] else 0)
        if not number:
            answer["status"] = "excused"
            return answer
        value = 100 * points / number
    else:
        size = (p.get("sample_minutes") or (1 if kind == "threshold_minute" else 5)) * MINUTE
        cells, out = {}, set()  # the time of maintenance is out, whatever else was measured in it

        def of(e):
            at, n = when(e["occurred_at"]), 1
            if e["data"].get("end_at"):
                n = max(1, -(-(when(e["data"]["end_at"]) - at) // size))
            return (at - begin) // size, n

        for e in left_out:
            cell, n = of(e)
            out.update(cell + i for i in range(n))
        for e in own:
            cell, n = of(e)
            for i in range(n):
                d = e["data"]
                total = Fraction(d["total"]) / n if d.get("total") else None
                rate = Fraction(d["value"]) if total is None else 100 * Fraction(d["failed"]) / Fraction(d["total"]) if total else None
                cells.setdefault(cell + i, []).append((total, rate))
        rates = {}
        for cell, parts in cells.items():
            if not 0 <= cell < (end - begin) // size or cell in out:
                continue
            known = [(t, r) for t, r in parts if r is not None]
            if not known:
                continue  # no requests: up
            if all(t is not None for t, r in known):
                rates[cell] = sum(t * r for t, r in known) / sum(t for t, r in known)
            else:
                rates[cell] = sum(r for t, r in known) / len(known)
        if kind == "threshold_minute":
            limit = Fraction(p["error_threshold"])
            down = sorted(cell for cell, r in rates.items() if r > limit or r == limit and p.get("error_inclusive"))
            count, run = 0, []
            for cell in down + [None]:
                if run and cell != run[-1] + 1 if cell is not None else True:
                    if len(run) >= p.get("minimum_span_minutes", 0):
                        count += len(run)
                    run = []
                run.append(cell)
            answer["down"] = str(count)
            all_ = (end - begin) // MINUTE
            value = Fraction(100 * (all_ - count), all_)
        else:
            value = 100 - sum(rates.values()) / Fraction((end - begin) // size)
    answer["measured"] = shown(value)
    answer["status"] = "met" if value >= target else "breached"
    if answer["status"] == "breached" and p.get("tiers"):
        fees = c.fees(first, last, p["service"])
        if fees is None:
            answer["state"] = "needs_charge"
            return answer
        for row in p["tiers"]:
            if (not row.get("from") or value >= Fraction(row["from"])) and value < Fraction(row["below"]):
                raw = fees * Fraction(row["credit"]) / 100
                answer["amount"] = money(raw) if cents(raw) else ""
    return answer


JUDGES = {"delivery_schedule": deliveries, "recurring_duty": recurring, "conditional_duty": conditional, "credit_pool": pool, "service_level": level, "availability": samples}
for line in sys.stdin:
    given = json.loads(line)
    print(json.dumps(JUDGES[given["kind"]](given)))
