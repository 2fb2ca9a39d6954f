"""Shapes that several rows share as their gate: cheap patterns, wider than the rows behind them."""

from __future__ import annotations

from signal_pipeline.redaction.rules.names import STEMS

_CHANGE = r"(?:[0-9][A-Za-z]|[A-Za-z][0-9]|[A-Z][A-Z][a-z]|[a-z][A-Z][A-Z])"
UNREST = r"[A-Za-z0-9+/_=-]*".join((_CHANGE, _CHANGE, _CHANGE))
"""A run in which letters, digits and cases change as often as in key material; no identifier of words has it."""

PADDED = r"[A-Za-z0-9+/_-]{11}={1,2}(?:[^A-Za-z0-9=]|$)"
ENCODED_RUN = f"{UNREST}|{PADDED}"
"""What base64 of a text looks like; short ones only when they are padded."""

SPELLED_TEXT = (
    r"(?:=[2-7][0-9A-F]){8,}|(?:\\+[01][0-7]{2}){8,}|(?:^|[^0-9A-Za-z])(?:[2-7][0-9A-Fa-f] ){9,}[2-7][0-9A-Fa-f]"
)
"""Text of which each character is written as a number, as quoted-printable, in octal or in a dump."""

HEX_CHARACTER = "(?:[2-7][0-9A-Fa-f]|0[9AaDd])"
HEX_TEXT = rf"(?:^|[^0-9A-Fa-f]){HEX_CHARACTER}{{10}}|{SPELLED_TEXT}"
"""Text in hexadecimal digits: the bytes of ASCII, tabs and line ends among them."""

WIDE_HEX_TEXT = r"(?:[2-7][0-9A-Fa-f]00){8}|(?:00[2-7][0-9A-Fa-f]){8}"
"""The same in UTF-16."""

NUMBERED_BYTE = r"(?:0x[2-7][0-9A-Fa-f]|3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]|0[01]{7})"
NUMBERED_TEXT = rf"{NUMBERED_BYTE}(?:(?:, ?| ){NUMBERED_BYTE}){{9}}"
"""Text as a list of the numbers of its bytes: hexadecimal, decimal, binary."""

_OF_85 = r"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]"
_SIGN_OF_85 = r"[!#$%&*;<>?@^`{|}~]"
BASE85_TEXT = (
    rf"<~[!-u]{{10,}}~>|[0-9A-Za-z]{_SIGN_OF_85}{_OF_85}{{0,24}}[0-9A-Za-z]{_SIGN_OF_85}{_OF_85}{{0,24}}[0-9A-Za-z]"
)
"""What base85 looks like: signs between letters and digits; asked of longer runs only, see `BASE85_RUN`."""
BASE85_RUN = rf"<~[!-u]{{10,}}~>|{_OF_85}{{15,}}"

BASE32_TEXT = r"(?:^|[^A-Za-z0-9])[A-Z2-7]{16}"

NUMBERS = "|".join(
    (
        r"(?:^|[^A-Za-z0-9])[A-Za-z]{2}[0-9]{2} ?[A-Za-z0-9]{4} ?[A-Za-z0-9]{4} ?[0-9]{3}",
        r"(?:^|[^0-9A-Za-z_.-]|[^_0-9]-)[2-8][0-9]{3}(?:[ -]?[0-9]{4}[ -]?[0-9]{4}|[ -]?[0-9]{6}[ -]?[0-9]{4})",
        r"(?:^|[^0-9A-Za-z_.-]|[^_0-9]-)[0-9]{15}(?:[^0-9]|$)|[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]",
        r"[0-9]{3}-[0-9]{2}-[0-9]{4}",
        r"\+[1-9][0-9 ().-]{7}|\([0-9]{3}\) ?[0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{4}",
        r"::[0-9A-Fa-f]{1,4}(?:[^0-9A-Za-z_]|$)|[0-9A-Fa-f]{1,4}::(?:[^A-Za-z_]|$)|(?:[0-9A-Fa-f]{1,4}:){5}",
        r"(?:[0-9A-Fa-f]{2}-){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
    )
)
"""What the rows for cards, accounts, phones, devices and hardware addresses need."""

NAMED = rf"(?i:(?:{'|'.join(STEMS)})[a-z0-9_.-]*\\*[\"'`\])]*\s*[=:])"
"""The name of a secret before a separator."""

_FOUR = r"[0-9]+(?:\.[0-9]+){3}"
VERSION = "|".join(
    (
        r"[0-2](?:\.[0-9]+){5,}|\biso(?:\.[0-9]+){4,}",
        rf"[A-Za-z][-_]{_FOUR}(?:[._-](?:jar|war|tar|tgz|zip|gz|whl|rpm|deb|dll|so|exe|msi|el|x86|x64|amd|arm|win|linux|mac"
        r"|neutral|setup|py[0-9]|cp[0-9]|SNAPSHOT|RELEASE|GA|Final)|-[0-9]|:[A-Z][A-Za-z]+\.)",
        rf"(?i:version|release|build|[^a-z]ver)[\"':=/\s]{{1,3}}{_FOUR}",
        rf"{_FOUR}[-+~.](?i:rc|alpha|beta|dev|build|snapshot|pre|post|final|ga|release|hotfix|patch)",
        rf"\.so\.{_FOUR}|~~{_FOUR}|[0-9]+(?:\.[0-9]+){{3}}\.0",
        rf"/[A-Za-z][A-Za-z0-9_]*-{_FOUR}/",
        rf"[a-z0-9_-](?:>=|<=|~=|-[a-z0-9_]+==){_FOUR}",
        rf"(?i:upgrad(?:e|ed|ing)|downgrad(?:e|ed|ing)|updat(?:e|ed|ing))(?: [A-Za-z0-9_.-]+)? from {_FOUR} to {_FOUR}",
        rf"but you have (?:[A-Za-z0-9_.-]+ )?{_FOUR}",
        r"(?i:successfully (?:un)?installed) [A-Za-z0-9 ._-]+",
        rf"(?i:releases?|versions?|builds?|cellar/[a-z0-9_-]+|application|packages?)[/\\]{_FOUR}[/\\]",
        r"\b(?i:oid|extension|[a-z]*usage|[a-z]*constraints|[a-z]*identifier) ?[(:=]* ?[0-2](?:\.[0-9]+){3}",
        rf"\b(?i:section|chapter|clause|paragraph|table|figure|step|rule)s? {_FOUR}",
    )
)
"""Versions, object identifiers and numbers of sections that hold four numbers with dots."""

FIVE_NUMBERS = r"[0-9]+(?:\.[0-9]+){4}"
VERSION_NOT_ADDRESS = f"{FIVE_NUMBERS}|{VERSION}"
"""Four numbers with dots that are no address, or may not be."""
