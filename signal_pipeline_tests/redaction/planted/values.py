"""How planted values are made: random from a seed, valid in form. Nothing here knows the redaction rules."""

from __future__ import annotations

import base64
import gzip
import random
import string
from collections.abc import Callable

from signal_pipeline_tests.redaction import checkdigits as check

Make = Callable[[random.Random], str]
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def run(rng: random.Random, alphabet: str, size: int) -> str:
    """So many characters of the alphabet."""
    return "".join(rng.choice(alphabet) for _ in range(size))


def digits(rng: random.Random, size: int) -> str:
    """So many digits, the first not a zero."""
    return rng.choice("123456789") + run(rng, string.digits, size - 1)


def password(rng: random.Random) -> str:
    """What a person or a generator might choose: small letters, letters and digits, or symbols too."""
    form = rng.randrange(3)
    if form == 0:
        return run(rng, string.ascii_lowercase, 12)
    if form == 1:
        return run(rng, string.ascii_letters, 5) + run(rng, ALNUM, 6) + run(rng, string.digits, 2)
    return run(rng, ALNUM, 6) + rng.choice("!#$%*") + run(rng, ALNUM, 6)


def token(rng: random.Random) -> str:
    """A short token of letters and digits in both cases."""
    return run(rng, ALNUM, 9) + run(rng, string.digits, 2) + run(rng, string.ascii_letters, 5)


def long_token(rng: random.Random) -> str:
    return run(rng, ALNUM, 40)


def wireguard_key(rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(32)).decode()


def gzipped(rng: random.Random) -> str:
    """A text of random words, gzipped and in base64."""
    words = " ".join(run(rng, string.ascii_lowercase, 7) for _ in range(9))
    return base64.b64encode(gzip.compress(words.encode(), mtime=0)).decode()


def _date(rng: random.Random) -> tuple[int, int, int]:
    return rng.randint(50, 99), rng.randint(1, 12), rng.randint(1, 28)


def _pesel(rng: random.Random) -> str:
    year, month, day = _date(rng)
    return check.pesel(f"{year:02d}{month:02d}{day:02d}{run(rng, string.digits, 4)}")


def _hetu(rng: random.Random) -> str:
    year, month, day = _date(rng)
    return check.hetu(f"{day:02d}{month:02d}{year:02d}", "-", rng.randint(2, 899))


def _nir(rng: random.Random) -> str:
    year, month, _ = _date(rng)
    return check.nir(f"{rng.choice('12')}{year:02d}{month:02d}{rng.randint(1, 95):02d}{digits(rng, 6)}")


def _curp(rng: random.Random) -> str:
    year, month, day = _date(rng)
    letters = string.ascii_uppercase
    name = f"{rng.choice(letters)}{rng.choice('AEIOU')}{run(rng, letters, 2)}"
    consonants = run(rng, "BCDFGHJKLMNPQRSTVWXYZ", 3)
    return check.curp(
        f"{name}{year:02d}{month:02d}{day:02d}{rng.choice('HM')}{rng.choice(('DF', 'JC', 'NL'))}{consonants}0"
    )


def _nino(rng: random.Random) -> str:
    number = digits(rng, 6)
    first = f"{rng.choice('ABCEGHJKLMPRSTWXYZ')}{rng.choice('ABCEHJKLMPRSTWXYZ')}"
    return f"{first} {number[:2]} {number[2:4]} {number[4:]} {rng.choice('ABCD')}"


def _sin(rng: random.Random) -> str:
    whole = check.luhn_completed(rng.choice("1245679") + run(rng, string.digits, 7))
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def _personnummer(rng: random.Random) -> str:
    year, month, day = _date(rng)
    whole = check.luhn_completed(f"{year:02d}{month:02d}{day:02d}{run(rng, string.digits, 3)}")
    return f"{whole[:6]}-{whole[6:]}"


def _bsn(rng: random.Random) -> str:
    while (made := check.bsn(digits(rng, 8))) is None:
        pass
    return made


def _chinese_id(rng: random.Random) -> str:
    year, month, day = _date(rng)
    return check.chinese_id(f"110105{1900 + year}{month:02d}{day:02d}{run(rng, string.digits, 3)}")


def _codice_fiscale(rng: random.Random) -> str:
    letters = "BCDFGHLMNPRSTVZ"
    year, _, day = _date(rng)
    return check.codice_fiscale(f"{run(rng, letters, 6)}{year:02d}{rng.choice('ABCDEHLMPRST')}{day:02d}H501")


NATIONAL_IDS: dict[str, Make] = {
    "cpf": lambda rng: check.cpf(digits(rng, 9)),
    "nino": _nino,
    "nino_compact": lambda rng: _nino(rng).replace(" ", ""),
    "dni": lambda rng: check.dni(rng.randint(10_000_000, 99_999_999)),
    "nie": lambda rng: check.nie(rng.choice("XYZ"), rng.randint(1_000_000, 9_999_999)),
    "curp": _curp,
    "pesel": _pesel,
    "nir": _nir,
    "nir_compact": lambda rng: _nir(rng).replace(" ", ""),
    "ahv": lambda rng: check.ahv(digits(rng, 9)),
    "sin": _sin,
    "aadhaar": lambda rng: check.aadhaar(rng.choice("23456789") + run(rng, string.digits, 10)),
    "hetu": _hetu,
    "personnummer": _personnummer,
    "chinese_id": _chinese_id,
    "codice_fiscale": _codice_fiscale,
}

NAMED_IDS: dict[str, tuple[str, Make]] = {
    "cpf_bare": ("CPF", lambda rng: check.cpf(digits(rng, 9)).replace(".", "").replace("-", "")),
    "sin_bare": ("SIN", lambda rng: _sin(rng).replace("-", "")),
    "aadhaar_bare": ("Aadhaar", lambda rng: check.aadhaar("4" + run(rng, string.digits, 10)).replace(" ", "")),
    "bsn": ("BSN", _bsn),
    "passport": ("passport", lambda rng: run(rng, string.ascii_uppercase, 2) + digits(rng, 7)),
    "tax_id": ("Steuer-ID", lambda rng: digits(rng, 11)),
}
"""Known by the name before them only."""


def numbered(form: str) -> Make:
    """A telephone number: each 9 of the form is any digit, all else stays."""
    return lambda rng: "".join(rng.choice("23456789") if char == "9" else char for char in form)


PHONES: dict[str, Make] = {
    "phone_trunk": numbered("+44 (0)20 9999 9999"),
    "phone_trunk_spaced": numbered("+49 (0) 170 9999999"),
    "phone_trunk_dashed": numbered("+41 (0)44-999-99-99"),
    "phone_french": numbered("06 99 99 99 99"),
    "phone_french_dots": numbered("01.99.99.99.99"),
    "phone_british": numbered("020 9999 9999"),
    "phone_british_mobile": numbered("07911 999999"),
    "phone_german_slash": numbered("0171/9999999"),
    "phone_german_brackets": numbered("(030) 99999999"),
    "phone_brazilian": numbered("(11) 99999-9999"),
    "phone_swedish": numbered("070-999 99 99"),
    "phone_dutch": numbered("06-99999999"),
    "phone_russian": numbered("8 (999) 999-99-99"),
    "phone_american": numbered("1-499-999-9999"),
    "phone_american_dots": numbered("499.999.9999"),
    "phone_australian": numbered("(02) 9999 9999"),
    "phone_japanese": numbered("090-9999-9999"),
    "phone_swiss": numbered("044 999 99 99"),
}


def address(rng: random.Random) -> str:
    """A mail address; `planted` writes it in some disguise."""
    return f"{run(rng, string.ascii_lowercase, 9)}@{run(rng, string.ascii_lowercase, 8)}.example"
