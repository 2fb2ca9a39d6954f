"""Makes numbers whose check digits hold, for canaries. Written apart from the code under test."""

from __future__ import annotations


def luhn_completed(digits: str) -> str:
    """The digits with a Luhn check digit after them."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        number = int(char) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return digits + str(-total % 10)


def iban(country: str, account: str) -> str:
    """The account number of a country as an IBAN."""
    as_number = "".join(str(int(char, 36)) for char in account + country + "00")
    return f"{country}{98 - int(as_number) % 97:02d}{account}"


def weighted_digit(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of the digits times their weights."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def cpf(digits: str) -> str:
    """Nine digits as a Brazilian CPF, with dots and dash."""
    for start in (10, 11):
        rest = weighted_digit(digits, tuple(range(start, 1, -1))) * 10 % 11
        digits += str(rest % 10)
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def dni(number: int) -> str:
    """A Spanish DNI of at most eight digits."""
    return f"{number:08d}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def nie(first: str, number: int) -> str:
    """A Spanish NIE of X, Y or Z and at most seven digits."""
    return f"{first}{number:07d}{'TRWAGMYFPDXBNJZSQVHLCKE'[('XYZ'.index(first) * 10_000_000 + number) % 23]}"


def pesel(digits: str) -> str:
    """Ten digits, a date first, as a Polish PESEL."""
    return digits + str(-weighted_digit(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def nir(digits: str) -> str:
    """Thirteen digits as a French NIR, in its usual groups."""
    whole = f"{digits}{97 - int(digits) % 97:02d}"
    return " ".join((whole[0], whole[1:3], whole[3:5], whole[5:7], whole[7:10], whole[10:13], whole[13:]))


def ahv(digits: str) -> str:
    """Nine digits as a Swiss AHV number."""
    whole = "756" + digits
    whole += str(-weighted_digit(whole, (1, 3) * 6) % 10)
    return f"{whole[:3]}.{whole[3:7]}.{whole[7:11]}.{whole[11:]}"


_MULTIPLIED = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043",
    "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def aadhaar(digits: str) -> str:
    """Eleven digits as an Indian Aadhaar number (Verhoeff), in groups of four."""
    state = 0
    for place, digit in enumerate(reversed(digits), start=1):
        state = int(_MULTIPLIED[state][int(_PERMUTED[place % 8][int(digit)])])
    whole = digits + "0432156789"[state]
    return f"{whole[:4]} {whole[4:8]} {whole[8:]}"


def hetu(birthday: str, century: str, number: int) -> str:
    """A Finnish HETU of a date ddmmyy, the sign of the century and a number of three digits."""
    return f"{birthday}{century}{number:03d}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(f'{birthday}{number:03d}') % 31]}"


def curp(first: str) -> str:
    """Seventeen characters as a Mexican CURP."""
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(alphabet.index(char) * (18 - place) for place, char in enumerate(first))
    return first + str(-total % 10)


def bsn(digits: str) -> str | None:
    """Eight digits as a Dutch BSN; None where they cannot be one."""
    last = weighted_digit(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return None if last == 10 else digits + str(last)


def chinese_id(first: str) -> str:
    """Seventeen digits as a Chinese resident identity number."""
    total = weighted_digit(first, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return first + "10X98765432"[total % 11]


def codice_fiscale(first: str) -> str:
    """Fifteen characters as an Italian codice fiscale."""
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    total = 0
    for place, char in enumerate(first, start=1):
        value = int(char) if char.isdigit() else ord(char) - ord("A")
        total += odd[value] if place % 2 else value
    return first + chr(ord("A") + total % 26)
