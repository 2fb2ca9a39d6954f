"""Months as languages other than English write them."""

from __future__ import annotations

OTHER_MONTHS = (
    ("janv", "Jan"), ("ene", "Jan"), ("gen", "Jan"), ("févr", "Feb"), ("fev", "Feb"), ("mär", "Mar"), ("mars", "Mar"),
    ("marz", "Mar"), ("avr", "Apr"), ("abr", "Apr"), ("mai", "May"), ("mag", "May"), ("mei", "May"), ("juin", "Jun"),
    ("giu", "Jun"), ("juil", "Jul"), ("lug", "Jul"), ("août", "Aug"), ("ago", "Aug"), ("sept", "Sep"), ("set", "Sep"),
    ("okt", "Oct"), ("out", "Oct"), ("ott", "Oct"), ("dez", "Dec"), ("déc", "Dec"), ("dic", "Dec"),
)  # fmt: skip
"""Beginnings of the months in German, French, Spanish, Italian, Portuguese and Dutch, where English has others."""
OTHER_MONTH = "(?i:" + "|".join(written for written, _ in OTHER_MONTHS) + ")[a-zéû]*"
