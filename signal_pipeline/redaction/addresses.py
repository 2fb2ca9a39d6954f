"""Which addresses say who somebody is, and which name a part of a system. Pure functions on single candidates."""

from __future__ import annotations

import ipaddress
import re

_OWN_PORT = re.compile("::1:[0-9]{1,5}")
"""The own host and a port, without the brackets between them."""
_UNITS = "service socket timer mount automount swap target slice scope path device"
_FILES = (
    "png jpg jpeg gif svg webp avif ico bmp tif tiff css js mjs cjs jsx ts tsx map html htm json jsonl ndjson har"
    " log txt out err xml yaml yml csv tsv gz tgz bz2 xz zst zip tar 7z jar war ear exe dll pdf mp3 mp4 wav ttf otf"
    " woff sql conf cfg ini lock bak tmp pem crt 0 1 2 3 4 5 6 7 8 9"
)
FILE_EXTENSIONS = frozenset(_FILES.split())
_NO_DOMAINS = (FILE_EXTENSIONS - {"zip"}) | frozenset(_UNITS.split())
"""Ends of names that are no domains on the internet: unit types of systemd, extensions of files."""


def is_address_of_a_person(value: str) -> bool:
    """Mail goes to it: not to `user@1021.service`, `icon@2x.png` and `git@example.com`, which is how repositories are
    named, but `x@example.com.log` holds an address."""
    if value.startswith("git@"):
        return False
    labels = value.rsplit("@", 1)[-1].split(".")
    if labels[-1].lower() not in _NO_DOMAINS:
        return True
    return len(labels) > 2 and len(labels[-2]) > 1 and labels[-2].isalpha() and labels[-2].lower() not in _NO_DOMAINS


_SHARED_FOLDERS = frozenset(
    (
        *("public", "default", "default user", "all users", "shared"),
        # Accounts of services and of images, which no person has.
        *(
            "www",
            "www-data",
            "web",
            "node",
            "app",
            "apps",
            "git",
            "nginx",
            "apache",
            "httpd",
            "tomcat",
            "postgres",
            "mysql",
        ),
        *(
            "oracle",
            "hadoop",
            "kafka",
            "elasticsearch",
            "jenkins",
            "runner",
            "gitlab-runner",
            "circleci",
            "travis",
            "vsts",
        ),
        *("buildbot", "builder", "ubuntu", "ec2-user", "vagrant", "vscode", "codespace", "linuxbrew", "nobody"),
    )
)


def is_folder_of_a_person(name: str) -> bool:
    """A folder below the homes that is named after an account."""
    return name.lower() not in _SHARED_FOLDERS


def is_address_of_a_host(value: str) -> bool:
    """An address that tells one host from another: not the own host, not any host, no mask and no broadcast.

    What is left says where something happened on each machine alike, and a reader needs it.
    """
    address = _parsed(value)
    if _OWN_PORT.fullmatch(value) is not None:
        return False
    if address is None or address.is_loopback or address.is_unspecified:
        return False
    return address.version == 6 or not _is_mask(int(address))


def canonical_address(value: str) -> str:
    """One spelling of an address, so that equal addresses have equal marks."""
    return str(_parsed(value) or value)


def _parsed(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(value.rstrip("_"))
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _is_mask(number: int) -> bool:
    """Ones and then zeros only, from 255.0.0.0 to the broadcast address."""
    rest = ~number & 0xFFFFFFFF
    return rest < 1 << 24 and rest & (rest + 1) == 0
