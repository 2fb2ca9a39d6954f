"""What identifies a person or a machine: mail, phone, card, account, addresses, home folders."""

from __future__ import annotations

from signal_pipeline.redaction.addresses import is_address_of_a_host, is_address_of_a_person, is_folder_of_a_person
from signal_pipeline.redaction.numbers import is_card, is_iban, is_imei, is_ipv6, is_phone, is_ssn
from signal_pipeline.redaction.rules.kept import HARDWARE, PHONES, kept
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import FIVE_NUMBERS, NUMBERS, VERSION, VERSION_NOT_ADDRESS
from signal_pipeline.redaction.tokens import CARD, EMAIL, IBAN, IMEI, IP, MAC, PHONE, SSN, USER, VALUE

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
RULES = (
    Rule(
        "email",
        r"[A-Za-z0-9._%+\x{80}-\x{effff}-]+(?:@|%40|\(at\)"
        r"|\[at\])(?:[A-Za-z0-9\x{80}-\x{effff}-]+\.)+[A-Za-z\x{80}-\x{effff}]{2,24}",
        EMAIL,
        ("a.b+c@example.com", "mail to x@sub.example.co.uk.", "x@example.com.log"),
        ("java.lang.Object@1a2b3c", "user@host", "@Override", "getty@tty1.service", "icon@2x.png"),
        ("@", "%40", "(at)", "[at]"),
        is_address_of_a_person,
        pseudonym=True,
        needs=(
            ".",
            "%@[(",
        ),
    ),
    Rule(
        "iban",
        r"(?i)\b(?P<v>[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)(?:\b|_)",
        IBAN,
        ("to DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"),
        ("DE88370400440532013000",),
        (),
        is_iban,
        gate=NUMBERS,
    ),
    Rule(
        "card",
        r"(?:^|[^0-9A-Za-z_.+\-]|[^_0-9]-)(?P<v>[2-8][0-9]{3}(?:[ -]?[0-9]{4}){2}[ -]?[0-9]{1,7}"
        r"|3[0-9]{3}[ -]?[0-9]{6}[ -]?[0-9]{4,5})(?:[^0-9A-Za-z_]|$)",
        CARD,
        ("card 4111 1111 1111 1111", "4012888888881881", "378282246310005"),
        ("4111111111111112", "1700000000000", "blk_4012888888881881"),
        (),
        is_card,
        repeat=True,
        gate=NUMBERS,
    ),
    Rule(
        "imei",
        r"(?:^|[^0-9A-Za-z_.\-]|[^_0-9]-)(?P<v>[0-9]{15}|[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9])(?:[^0-9A-Za-z_]|$)",
        IMEI,
        ("imei 490154203237518",),
        ("490154203237519",),
        (),
        is_imei,
        repeat=True,
        gate=NUMBERS,
    ),
    Rule(
        "ssn",
        r"(?:^|[^0-9A-Za-z_.\-]|[^0-9]-)(?P<v>[0-9]{3}-[0-9]{2}-[0-9]{4})(?:[^0-9A-Za-z\-]|$)",
        SSN,
        ("ssn 123-45-6789",),
        ("000-12-3456", "1123-45-6789"),
        ("-",),
        is_ssn,
        repeat=True,
        gate=NUMBERS,
        needs=("-",),
    ),
    Rule(
        "phone",
        r"(?:^|[^0-9A-Za-z_.+\-]|[A-Za-z]-)(?P<v>\+[1-9][0-9]{0,3}(?:[ ().\-]{0,2}[0-9]{2,5}){2,5}"
        r"|\+[1-9][0-9]{1,2}[ .-][0-9](?:[ .-][0-9]{2}){4}|\+[1-9][0-9]{0,2}[ -][0-9][ -][0-9]{3,4}[ -][0-9]{3,4}"
        r"|\+[1-9][0-9]{7,14}|\([0-9]{3}\) ?[0-9]{3}[ .-][0-9]{4}"
        r"|[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4})(?:[^0-9A-Za-z_\-]|$)",
        PHONE,
        (
            "call +49 170 1234567",
            "+14155552671",
            "+33 6 12 34 56 78",
            "+61 2 9876 5432",
            "(415) 555-2671",
            "415-555-2671",
        ),
        ("+0000 2015", "+1030 2015-01-02", "2015-07-29"),
        ("+", "-"),
        is_phone,
        kept=kept(PHONES),
        repeat=True,
        gate=NUMBERS,
        needs=("+-(",),
    ),
    Rule(
        "phone_named",
        r"(?i)\b(?:tel(?:ephone)?|(?:tele)?phone(?:[_ ]?n(?:umbe)?r?)?|mobile|msisdn"
        r"|fax)\\*[\"']?\s*[:=]\s*\\*[\"']?"
        r"(?P<v>[+(]?[0-9][0-9 ()./-]{5,18}[0-9])",
        PHONE,
        ("Tel: 0171 2345678", '"phone":"01712345678"'),
        ("telnet: 5", "phone: none"),
        ("tel", "phone", "mobile", "msisdn", "fax"),
        needs=(":=",),
    ),
    Rule(
        "ipv6",
        r"(?:^|[^0-9A-Za-z:.])(?P<v>(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{1,4}"
        r"|:)?)(?:[^0-9A-Za-z:]|$)",
        IP,
        ("from 2001:db8::1 port", "[fe80::1]:443", "2001:db8:0:1:2:3:4:5", "::ffff:10.1.2.3"),
        ("::ffff:127.0.0.1", "std::chrono", "a::b", "12:34:56", "Foo::bar"),
        ("::", ":"),
        lambda value: is_ipv6(value) and is_address_of_a_host(value),
        pseudonym=True,
        repeat=True,
        gate=NUMBERS,
        needs=(":",),
    ),
    Rule(
        "mac",
        r"\b(?P<v>[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5,}|[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5,}"
        r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?:\b|_)",
        MAC,
        ("eth0 00:1B:44:11:3A:B7", "00-1b-44-11-3a-b7", "001b.4411.3ab7"),
        ("12:34:56", "1234.5678"),
        (":", "-", "."),
        kept=kept(HARDWARE),
        gate=NUMBERS,
        needs=(":-.",),
    ),
    Rule(
        "ipv4_in_doubt",
        rf"(?:[^0-9A-Za-z.]|[^0-9]\.)?(?:{VERSION})[0-9.]*|(?:{FIVE_NUMBERS})[0-9.]*"
        rf"|(?:^|[^0-9A-Za-z.]|[^0-9]\.)(?P<v>{_OCTET}(?:\.{_OCTET}){{3}})(?:\b|_)",
        IP,
        ("OID 1.3.6.1.4.1 of 10.1.2.3", "version 1.2.3.4 at 10.1.2.3"),
        ("v1.2.3.4", "1.2.3.4.5", "256.1.1.1", "lib-1.2.3.4.jar", "version 1.2.3.4"),
        (".",),
        is_address_of_a_host,
        pseudonym=True,
        gate=VERSION_NOT_ADDRESS,
    ),
)

PLAIN_RULES = (
    Rule(
        "query_value",
        r"([?&#](?:amp;)?[A-Za-z_$][A-Za-z0-9_.$:%\[\]-]*=)(?P<v>(?:[^&\s\"'<>#|\\`{}]|&#)+)",
        VALUE,
        ("GET /x?id=5&name=bob HTTP/1.1", "https://h/cb#access_token=abc", "a=1&b=2"),
        ("what? yes = no", "a && b=2"),
        ("=",),
        columnar=True,
        gate=r"[?&#](?:amp;)?[A-Za-z_$][A-Za-z0-9_.$:%\[\]-]*=",
        unless="--BEGIN ",
        needs=(
            "=",
            "#&?",
        ),
    ),
    Rule(
        "home_path",
        r"((?:(?:^|[^A-Za-z0-9/._-]|file://|-[IL])(?:/export)?/(?:home|Users)\\{0,2}/)|(?:[A-Za-z]:|[\\/][a-z])?[\\/]+"
        r"(?i:users|documents and settings)\\+|(?:[A-Za-z]:|/mnt/[a-z])/+(?i:users)/+"
        r"|/[a-z]/Users/)(?P<v>[^\s/\\:\"'<>|,;()\[\]{}]+)",
        USER,
        (
            "/home/alice/app.py",
            r"C:\Users\Bob\x",
            "at /Users/carol/x.js",
            r"C:\\Users\\dave\\x",
            "/mnt/c/Users/eve/x",
            r"\/home\/alice\/x",
        ),
        ("/homepage/x", "https://h/home/page", "https://h/users/5", r"C:\Users\Public\x"),
        ("home", "users", "settings"),
        is_folder_of_a_person,
        columnar=True,
        gate=r"/home\\{0,2}/|/Users\\{0,2}/|(?i:users|documents and settings)[\\/]",
    ),
    Rule(
        "ipv4",
        rf"((?:^|[^0-9A-Za-z.]|[^0-9]\.))(?P<v>{_OCTET}(?:\.{_OCTET}){{3}}(?:\b|_))",
        IP,
        ("from 10.1.2.3:80", "/10.251.73.220:54106", "host 192.168.0.1.", "10.0.0.1 10.0.0.2", "10.0.0.1_50010"),
        ("v1.2.3.4", "256.1.1.1", "at 127.0.0.1:80", "0.0.0.0", "mask 255.255.255.0"),
        (".",),
        is_address_of_a_host,
        pseudonym=True,
        columnar=True,
        gate=r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
        unless=VERSION_NOT_ADDRESS,
        needs=(".",),
    ),
)
