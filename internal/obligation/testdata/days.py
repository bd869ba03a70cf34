"""Days, months and sums for the judges beside this file: counted one by one, and rounded half up."""
from datetime import date, timedelta
from fractions import Fraction

ONE = timedelta(days=1)
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def cents(value):
    """Half up, away from zero."""
    scaled = abs(value) * 100
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 100)


def money(value):
    value = cents(value)
    sign = "-" if value < 0 else ""
    whole = abs(value) * 100
    return "%s%d.%02d" % (sign, whole // 100, whole % 100)


def last_of_month(d):
    first = d.replace(day=1)
    while first.month == d.month:
        first += ONE
    return first - ONE


def months_on(d, n):
    """The same day n months on, or the last of a shorter month."""
    index = d.year * 12 + d.month - 1 + n
    first = date(index // 12, index % 12 + 1, 1)
    return min(first + ONE * (d.day - 1), last_of_month(first))


class Days:
    def __init__(self, holidays, closed=("sat", "sun")):
        self.holidays = {date.fromisoformat(x) for x in holidays}
        self.closed = closed

    def business(self, d):
        return NAMES[d.weekday()] not in self.closed and d not in self.holidays

    def following(self, d):
        while not self.business(d):
            d += ONE
        return d

    def preceding(self, d):
        while not self.business(d):
            d -= ONE
        return d

    def rolled(self, d, how):
        if how == "following":
            return self.following(d)
        if how == "preceding":
            return self.preceding(d)
        if how == "modified_following":
            on = self.following(d)
            return on if on.month == d.month else self.preceding(d)
        return d

    def later(self, d, n):
        while n > 0:
            d += ONE
            n -= self.business(d)
        return d

    def earlier(self, d, n):
        while n > 0:
            d -= ONE
            n -= self.business(d)
        return d
