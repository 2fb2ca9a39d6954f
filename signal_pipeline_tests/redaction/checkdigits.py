"""Makes numbers whose check digits hold, for canaries. Written apart from the code under test."""

from __future__ import annotations


def luhn_completed(digits: str) -> str:
    """The digits with a Luhn check digit behind them."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return digits + str(-total % 10)


def iban(country: str, account: str) -> str:
    """The account number of a country as an IBAN."""
    as_number = "".join(str(int(char, 36)) for char in account + country + "00")
    return f"{country}{98 - int(as_number) % 97:02d}{account}"
