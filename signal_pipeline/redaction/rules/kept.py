"""What looks like a secret and is none, by its form or by what stands around it: a candidate inside one stays.

One table per kind of rule. A row has a name, a pattern and an example, which a test runs. Where a form could hide a
secret, the row asks for its surroundings too. Rows of RUNS stand within one word, see `redaction.runs`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """A harmless form. The example is kept as a whole."""

    name: str
    pattern: str
    example: str


_FROM = r"(?:^|[^A-Za-z0-9])"
_TO = r"(?:[^A-Za-z0-9]|$)"
_VERSION = r"(?:[0-9]{1,3}:)?[0-9]+(?:\.[0-9]+){1,4}(?:[-+~][a-z0-9.+~-]{1,40})?"
_PROCESSOR = r"(?:amd64|arm64|armhf|armel|i386|ppc64el|riscv64|s390x|mips64el|all|any)"
_IDENTIFIER = r"[0-9]{1,2}_?[A-Za-z_]{3}"

RUNS = (
    Kept(
        "checksum_line",
        r"(?:^|\s)(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}) [ *](?:\./|/)?[A-Za-z0-9_@+-][^\s]*[./][^\s]+(?:\s|$)",
        "d41d8cd98f00b204e9800998ecf8427e  usr/share/doc/bash/copyright",
    ),
    Kept(
        "ulid",
        rf"{_FROM}(?:[a-z]{{2,12}}_)?01(?:[0-9A-HJKMNP-TV-Z]{{24}}|[0-9a-hjkmnp-tv-z]{{24}}){_TO}",
        "01HF7YAT00ABCDEFGHJKMNPQRS",
    ),
    Kept("amazon_trace", rf"{_FROM}1-[0-9a-f]{{8}}-[0-9a-f]{{24}}{_TO}", "Root=1-5759e988-bd862e3fe1be46a994272793"),
    Kept("cloudflare_ray", rf"{_FROM}[0-9a-f]{{16}}-[A-Z]{{3}}{_TO}", "7d2f4c5b6a7e8f90-FRA"),
    Kept(
        "go_pseudo_version",
        rf"[0-9a-z.]*-(?:0\.)?[0-9]{{14}}-[0-9a-f]{{12}}{_TO}",
        "lib v0.0.0-20240115123456-9fceb02d0ae5",
    ),
    Kept(
        "unit_of_a_device",
        r"dev-(?:disk|mapper)-by[A-Za-z0-9\\_.-]*",
        "systemd-fsck@dev-disk-by-uuid-5D1B-2F3C.service",
    ),
    Kept(
        "subresource_integrity",
        rf"{_FROM}sha(?:256-[A-Za-z0-9+/]{{43}}=|384-[A-Za-z0-9+/]{{64}}|512-[A-Za-z0-9+/]{{86}}==)",
        "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
    ),
    Kept("go_sum", rf"{_FROM}h1:[A-Za-z0-9+/]{{43}}=", "h1:4T3A3vQp2mK7ZC6lYcJxX1N8w5e0r9s2U7b1d3f5g7I="),
    Kept(
        "ssh_fingerprint",
        rf"{_FROM}SHA256:[A-Za-z0-9+/]{{43}}{_TO}",
        "SHA256:uNiVztksCsDhcc0u9e8BrrQ2i8gk5sT9dXqPz3mYw7E",
    ),
    Kept(
        "mangled_cpp",
        rf"{_FROM}?_{{1,3}}Z(?:[NTSGLK]|[0-9])[A-Za-z0-9_]*{_IDENTIFIER}[A-Za-z0-9_.$]*",
        "_ZN4acme7orderng13OrderProcessor7processERKNS_5OrderE",
    ),
    Kept("mangled_rust", rf"{_FROM}?_R[NIMXYC][A-Za-z0-9_]*{_IDENTIFIER}[A-Za-z0-9_.$]*", "_RNvCs1234_7mycrate3foo"),
    Kept("mangled_swift", rf"\$[sS]{_IDENTIFIER}[A-Za-z0-9_]*", "$s4main3FooC3baryyFTm"),
    Kept(
        "nix_store",
        r"/nix/store/[0-9a-z]{32}-[A-Za-z0-9+._?=-]*",
        "/nix/store/5f3r1q0k9w8m7v6c5x4z3a2s1d0f9g8h-curl-8.4.0",
    ),
    Kept(
        "hashed_asset",
        r"[._-][0-9a-f]{8,64}(?:\.(?:chunk|bundle|min|module|esm|modern|legacy))*\.(?:[cm]?js|css|wasm|woff2?|ttf|svg|png|jpe?g|webp)"
        rf"(?:\.map)?{_TO}",
        "main.9f86d081884c7d659a2f.bundle.js",
    ),
    Kept(
        "windows_package",
        rf"[0-9]+(?:\.[0-9]+){{3}}_(?:x64|x86|arm64|arm|neutral)_[A-Za-z~-]*_[0-9a-z]{{13}}{_TO}",
        "22310.1401.4.0_x64__8wekyb3d8bbwe",
    ),
)
"""For runs that look like key material."""

NAMED = (
    Kept(
        "public_key_token", rf"(?i){_FROM}publickeytoken\s*=\s*[0-9a-f]{{16}}{_TO}", "PublicKeyToken=30ad4fe6b2a6aeed"
    ),
    Kept(
        "counted_tokens",
        r"(?i)tokens(?:_?[a-z]+)?\\*[\"']?\s*[:=]\s*[0-9]{1,9}(?:[^0-9A-Za-z.]|$)",
        '"max_tokens": 4096',
    ),
    Kept(
        "counted_secrets",
        rf"(?i){_FROM}(?:(?:credential|password|secret|cookie|session|key|signature)s\s*[:=]\s*[0-9]{{1,3}}"
        r"|assertions\s*[:=]\s*[0-9]{1,9})(?:[^0-9A-Za-z.]|$)",
        "loaded credentials: 3",
    ),
    Kept(
        "failed_assertion",
        rf"(?i){_FROM}(?:(?:failing|failed|internal|debug|runtime|static) assertion\s*:\s*\S+"
        r"|assertion\s*:\s*[a-z_]+(?:[\s;,.)]|$)|err_assertion\]\s*:\s*\S+)",
        "Failing assertion: ret",
    ),
    Kept(
        "sentence_about_a_token",
        rf"(?i){_FROM}(?:token|session|cookie|signature)\s*:\s*(?:(?:the|this|your) )?(?:session|token|user|account|signature|key|jwt|cookie|client)"
        r" (?:has|have|is|was|does|did|must|can|could|cannot|may|not) ",
        "Error validating access token: Session has expired on Monday",
    ),
    Kept(
        "key_of_a_store",
        rf"(?i){_FROM}(?:cache|routing|partition|primary|foreign|sort|shard|object|s3|redis|row|message|group|map|dict"
        rf"|config|unique|index|lookup|translation|i18n|locale|property|settings?|sorting|range)[ _-]?key\\*[\"']?"
        rf"\s*[:=]\s*[^\s\"']*",
        "cache key: product:list:page:3",
    ),
    Kept(
        "key_of_a_file",
        rf"(?i){_FROM}key\\*[\"']?\s*[:=]\s*(?:[a-z0-9_.-]+/)+[a-z0-9_.-]+\.[a-z]{{2,5}}(?:[^A-Za-z0-9/+=]|$)",
        "Key: images/2026/11/hero.png",
    ),
    Kept(
        "debian_package",
        rf"[a-z0-9+.-]:{_PROCESSOR}(?:[^A-Za-z0-9.-]|$)|[_:]{_VERSION}_{_PROCESSOR}(?:\.u?deb)?{_TO}",
        "install xauth:amd64 <none> 1:1.1.2-1",
    ),
    Kept(
        "credential_of_a_unit",
        r"\b(?:Load|Import|Condition|Assert)Credential(?:Encrypted)?=\|?!?[a-z0-9_.*-]+(?::/[^\s]*)?(?:\s|$)",
        "LoadCredential=sysusers.extra",
    ),
    Kept("pin_of_a_package", r"\bPin: (?:origin|release|version)(?:\s|$)", "Pin: origin deb.nodesource.com"),
    Kept(
        "pinned_version",
        r"(?i)\bpin(?:ned)?: [a-z0-9_.-]+(?:==|>=|<=|~=)[0-9][0-9.]*(?:\s|$)",
        "pin: numpy==1.26.4",
    ),
    Kept("named_placeholder", r"\s=\s?:[a-z_]+(?:[\s,;)]|$)", "UPDATE users SET token = :token WHERE id = :id"),
    Kept("access_key_of_a_page", r"\b(?i:accesskey)=\\*[\"'][A-Za-z0-9]\\*[\"']", '<a accesskey="n" href="x.html">'),
    Kept(
        "variable",
        r"[:=]\s*\\*[\"']?(?:\$\(\S*|\$\{[A-Za-z_][A-Za-z0-9_.]*(?::?\?[^{}\r\n]*|:-?)?\}[^\s\"'A-Za-z0-9]*|\$[A-Z_]{3,}(?:/[^\s\"']*)?"
        r"|%[sdvqr](?:\\n)?[^\sA-Za-z0-9]*)(?:[\s\"';]|$)",
        "export DB_PASSWORD=${VAULT_DB_PASSWORD}",
    ),
    Kept(
        "placeholder_in_a_comment",
        r"(?i:(?:^|\s)[#;]+ ?[a-z0-9_.-]+\s*[:=]\s*[\"']?(?:secret|password|passwd|change[_-]?(?:me|it)|your[a-z_-]*|example"
        r"|my[a-z_-]*|x{3,}|foo|bar|foobar|none|\.{3})[\"']?(?:\s|$))",
        "#BindPasswd: secret",
    ),
    Kept(
        "database_of_names",
        r"\b(?:passwd|shadow|group)(?:_compat)?:\s+(?:files|compat|db|sss|ldap|nis|winbind|systemd)(?:\s|$)",
        "passwd:         files systemd",
    ),
    Kept(
        "stack_of_modules",
        r"\bpassword\s+(?:-?(?:required|requisite|sufficient|optional|include|substack)|\[[a-z_]+=[^\]\s]*)(?:\s|$)",
        "password\trequisite\t\t\tpam_deny.so",
    ),
    Kept("port_of_a_service", r"[a-z](?:\t+| +)[0-9]{1,5}/(?:tcp|udp|sctp|dccp)(?:\s|$)", "kpasswd\t\t464/tcp"),
    Kept(
        "ticket_number",
        rf"(?i){_FROM}ticket(?:[_ ]?(?:id|no|number))?\s*[:=#]\s*#?(?:(?-i:[A-Z]{{2,10}})-)?"
        r"[0-9]{1,7}(?:[^0-9A-Za-z.-]|$)",
        "ticket: PAY-12345",
    ),
)
"""For values after the names of secrets."""

PROSE = (
    Kept("file_of_accounts", r"/etc/[a-z./-]*pass[a-z-]*(?:\s+\S+){1,4}", "in /etc/passwd to avoid a warning"),
    Kept(
        "name_of_a_secret",
        rf"(?i){_FROM}secrets? [\"'`](?-i:[a-z0-9](?:[a-z0-9./-]*[a-z0-9])?)[\"'`]"
        r" (?:not found|already exists|does not exist|doesn't exist|is forbidden|in (?:the )?namespace|of type)",
        "secret 'shop/db-credentials' not found",
    ),
    Kept(
        "path_of_a_secret",
        rf"(?i){_FROM}secrets? (?-i:[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9.-]*)(?:[^A-Za-z0-9._/-]|$)",
        "couldn't find key token in Secret kube-system/default-token-x7z2p",
    ),
    Kept("version_of_a_package", rf"\({_VERSION}\)", "Setting up dbus-user-session (1.14.10-1~deb12u1) ..."),
    Kept(
        "name_of_a_release",
        rf"{_FROM}secrets? (?:[a-z]+[0-9]{{0,3}}\.){{3,}}[a-z]+[0-9]{{0,3}}(?:[^A-Za-z0-9.]|$)",
        "secret sh.helm.release.v1.shop.v12",
    ),
)
"""For values that a sentence announces."""

PHONES = (Kept("monotonic_clock", rf"{_FROM}m=\+[0-9]+\.[0-9]+", "m=+120.123456789"),)

HARDWARE = (
    Kept(
        "time_with_colons",
        rf"(?i){_FROM}(?:time|clock|timestamp)\s*[:=]?\s*(?:[0-9]{{2}}:){{5,}}[0-9]{{2}}",
        "time 12:34:56:78:90:12",
    ),
)


def kept(*tables: tuple[Kept, ...]) -> str:
    """One pattern for a rule."""
    return "|".join(f"(?:{row.pattern})" for rows in tables for row in rows)
