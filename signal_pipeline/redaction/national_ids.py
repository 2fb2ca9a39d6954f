"""Check digits of numbers that states give to people. Pure functions on single candidates, one for each country."""

from __future__ import annotations

from signal_pipeline.redaction.numbers import luhn


def _digits(value: str) -> list[int]:
    return [int(c) for c in value if "0" <= c <= "9"]


def _weighted(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def _is_day(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def is_cpf(value: str) -> bool:
    """Brazil: eleven digits, two check digits."""
    digits = _digits(value)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    first = _weighted(digits[:9], tuple(range(10, 1, -1))) * 10 % 11 % 10
    second = _weighted(digits[:10], tuple(range(11, 1, -1))) * 10 % 11 % 10
    return digits[9:] == [first, second]


def is_cnpj(value: str) -> bool:
    """Brazil, companies: fourteen digits, two check digits."""
    digits = _digits(value)
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(digits) != 14 or len(set(digits)) == 1:
        return False
    rests = (_weighted(digits[:12], weights[1:]) % 11, _weighted(digits[:13], weights) % 11)
    return digits[12:] == [0 if rest < 2 else 11 - rest for rest in rests]


def is_nino(value: str) -> bool:
    """United Kingdom: prefixes that are given out; there is no check digit."""
    prefix = value[:2].upper()
    return (
        prefix[0] not in "DFIQUV"
        and prefix[1] not in "DFIQUVO"
        and prefix not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ")
    )


def is_dni(value: str) -> bool:
    """Spain: DNI and NIE, a letter by the rest of 23."""
    core = value.upper().replace("-", "").replace(" ", "").replace(".", "")
    if core[:1] in "XYZ":
        core = str("XYZ".index(core[0])) + core[1:]
    return core[:-1].isdigit() and core[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[int(core[:-1]) % 23]


def is_curp(value: str) -> bool:
    """Mexico: eighteen characters, the last a check digit."""
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    core = value.upper()
    if not _is_day(int(core[6:8]), int(core[8:10])):
        return False
    total = sum(alphabet.index(char) * (18 - place) for place, char in enumerate(core[:17]))
    return core[17] == str(-total % 10)


def is_pesel(value: str) -> bool:
    """Poland: a date of birth whose month tells the century, and a check digit."""
    digits = _digits(value)
    if len(digits) != 11 or not _is_day((digits[2] * 10 + digits[3]) % 20, digits[4] * 10 + digits[5]):
        return False
    return -_weighted(digits[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == digits[10]


def is_nir(value: str) -> bool:
    """France: 97 less the rest of 97; Corsica's letters count as 19 and 18."""
    core = "".join(c for c in value.upper() if c.isalnum()).replace("2A", "19").replace("2B", "18")
    return len(core) == 15 and core.isdigit() and 97 - int(core[:13]) % 97 == int(core[13:])


def is_ahv(value: str) -> bool:
    """Switzerland: thirteen digits as EAN has them."""
    digits = _digits(value)
    return len(digits) == 13 and -_weighted(digits[:12], (1, 3) * 6) % 10 == digits[12]


def is_luhn(value: str) -> bool:
    """Canada, Sweden: the last digit is Luhn's, and the digits are not all the same."""
    return len(set(_digits(value))) > 1 and luhn(value)


def is_sin(value: str) -> bool:
    """Canada: three groups by Luhn. Three numbers of a byte each, apart by spaces, are a colour."""
    groups = value.split()
    return is_luhn(value) and (len(groups) == 1 or any(int(group) > 255 for group in groups))


def is_personnummer(value: str) -> bool:
    """Sweden: a date of birth, three digits and Luhn's."""
    digits = _digits(value)[-10:]
    return _is_day(digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]) and luhn("".join(map(str, digits)))


_MULTIPLIED = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043",
    "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def is_aadhaar(value: str) -> bool:
    """India: twelve digits by Verhoeff."""
    digits, state = _digits(value), 0
    for place, digit in enumerate(reversed(digits)):
        state = int(_MULTIPLIED[state][int(_PERMUTED[place % 8][digit])])
    return len(digits) == 12 and digits[0] > 1 and state == 0


def is_hetu(value: str) -> bool:
    """Finland: a date, a sign for the century, three digits and a character by the rest of 31."""
    if not _is_day(int(value[2:4]), int(value[:2])):
        return False
    return value[10].upper() == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(value[:6] + value[7:10]) % 31]


def is_chinese_id(value: str) -> bool:
    """China: eighteen characters, a date of birth in them, the last a check digit or X."""
    digits = _digits(value[:17])
    if not _is_day(digits[10] * 10 + digits[11], digits[12] * 10 + digits[13]):
        return False
    total = _weighted(digits, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return value[17].upper() == "10X98765432"[total % 11]


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def is_codice_fiscale(value: str) -> bool:
    """Italy: sixteen characters, the last by the rest of 26."""
    total = 0
    for place, char in enumerate(value[:15].upper(), start=1):
        number = int(char) if char.isdigit() else ord(char) - ord("A")
        total += _ODD[number] if place % 2 else number
    return value[15].upper() == chr(ord("A") + total % 26)


def is_belgian(value: str) -> bool:
    """Belgium: a date, three digits and 97 less the rest of 97, with a 2 before them for births since 2000."""
    core = "".join(map(str, _digits(value)))
    return len(core) == 11 and int(core[9:]) in (97 - int(core[:9]) % 97, 97 - int("2" + core[:9]) % 97)


def is_rut(value: str) -> bool:
    """Chile: a check character by the rest of 11."""
    core = value.upper().replace(".", "").replace("-", "")
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(core[:-1])))
    return core[-1] == "0123456789K0"[-total % 11]


def is_cuit(value: str) -> bool:
    """Argentina: a check digit by the rest of 11."""
    digits = _digits(value)
    return len(digits) == 11 and -_weighted(digits[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 == digits[10]


def is_korean(value: str) -> bool:
    """South Korea: a date of birth, then seven digits, the last a check digit."""
    digits = _digits(value)
    if not _is_day(digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]):
        return False
    return (11 - _weighted(digits[:12], (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == digits[12]
