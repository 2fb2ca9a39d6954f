"""Check digits and ranges of numbers that identify people and machines. Pure functions on single candidates."""

from __future__ import annotations

import ipaddress
import re


def luhn(value: str) -> bool:
    """The digits of the value end in a valid Luhn check digit."""
    digits = [int(c) for c in value if "0" <= c <= "9"]
    doubled = sum(sum(divmod(2 * d, 10)) for d in digits[-2::-2])
    return len(digits) > 1 and (sum(digits[-1::-2]) + doubled) % 10 == 0


_ISSUERS = re.compile(
    r"(?:4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)"
    r"[0-9]{12}"
    r"|3[47][0-9]{13}|3(?:0[0-5]|[689][0-9])[0-9]{11}|35[0-9]{14}"
    r"|(?:6011|65[0-9]{2}|64[4-9][0-9]|62[0-9]{2})[0-9]{12,15}"
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3]|60[0-9]{2}|8[12][0-9]{2})[0-9]{12})"
)


def is_card(value: str) -> bool:
    """A payment card number: issuer prefix with its length, and Luhn check digit."""
    digits = "".join(c for c in value if "0" <= c <= "9")
    return _ISSUERS.fullmatch(digits) is not None and len(set(digits)) > 1 and luhn(digits)


_REPORTING_BODIES = ("01", "35", "44", "45", "49", "50", "51", "52", "53", "54", "86", "91", "98", "99")


def is_imei(value: str) -> bool:
    """A device number: 15 digits with a known first pair and a Luhn check digit."""
    digits = "".join(c for c in value if "0" <= c <= "9")
    return len(digits) == 15 and digits.startswith(_REPORTING_BODIES) and luhn(digits)


# Lengths of the countries that issue the number, from the SWIFT registry.
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FO GL NL FI", 19: "MK SI", 20: "AT BA EE KZ LT LU XK MN", 21: "CH CR HR LI LV",
        22: "BG BH DE GB GE IE ME RS", 23: "AE GI IL IQ OM TL SO", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST", 26: "IS TR", 27: "FR GR IT MC MR SM BI DJ", 28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip


def is_iban(value: str) -> bool:
    """A bank account number: length of its country, and mod 97 is 1."""
    compact = "".join(value.split()).upper()
    if len(compact) != _IBAN_LENGTHS.get(compact[:2]) or not compact.isascii():
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def is_ssn(value: str) -> bool:
    """A US social security number of a range that is issued."""
    area, group, serial = value[:3], value[4:6], value[7:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_ipv6(value: str) -> bool:
    """An IPv6 address, not `Class::method`: it parses and holds a digit."""
    if len(value) > 45 or not any(c.isdigit() for c in value):
        return False
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return True


def is_phone(value: str) -> bool:
    """8 to 15 digits that are not an offset followed by a date."""
    digits = sum(c.isdigit() for c in value)
    return 8 <= digits <= 15 and re.match(r"\+[0-9]{4}[ \-]", value) is None
