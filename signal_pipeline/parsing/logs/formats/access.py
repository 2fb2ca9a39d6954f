"""Access logs: Apache, nginx, Jetty, Tomcat, Varnish, uWSGI, load balancers, proxies. Not here: their error
logs.
"""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.log_format import LogFormat
from signal_pipeline.parsing.logs.formats.stamps import Stamp

STAMPS: tuple[Stamp, ...] = (
    Stamp(
        "gin",
        r"(?P<time>[0-9]{4}/[0-9]{2}/[0-9]{2} - [0-9]{2}:[0-9]{2}:[0-9]{2})",
        ("%Y/%m/%d - %H:%M:%S",),
        "2024/03/01 - 10:00:00",
    ),
    Stamp(
        "access-slashes",
        r"(?P<time>[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<zone>[+-][0-9]{4})",
        ("%m/%d/%Y:%H:%M:%S", "%d/%m/%Y:%H:%M:%S"),
        "06/25/2021:11:19:31 -0000",
    ),
)

_REQUEST = r'"{method} (?P<url>[^" ]*)(?: [^"]*)?"'
_ODD_REQUEST = r'"(?:[^"\\]|\\.)*"'

FORMATS: tuple[LogFormat, ...] = (
    LogFormat(
        "access-combined",
        rf"[^ \[\"{{]+ [^\[\"{{]*\[{{stamp}}\] +{_REQUEST} +{{status}} +(?:[0-9]+|-)",
        (
            '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /shop HTTP/1.0" 404 2326',
            (
                '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /shop HTTP/1.0" 200 2326 '
                '"https://a.example/" "Mozilla/5.0"'
            ),
            'shop.example:443 192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /cart HTTP/1.1" 500 12 "-" "curl/8"',
        ),
        ("apache", "access-slashes"),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "access-combined",
        rf"[^ \[\"{{]+ [^\[\"{{]*\[{{stamp}}\] +(?:[^ \"]+ )?(?:{_REQUEST}|{_ODD_REQUEST}) +{{status}} +(?:[0-9]+|-)",
        ('192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "\\x16\\x03" 400 226 "-" "-"',),
        ("apache",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "haproxy",
        (
            r"(?:[A-Z][a-z]{2} +[0-9]+ [0-9:]+ [^ ]+ haproxy\[[0-9]+\]: )?[0-9a-fA-F.:]+:[0-9]+ "
            r"\[{stamp}\] (?P<component>[^ ]+ [^ ]+) (?:-?[0-9]+/){2,4}\+?(?P<duration_ms>-?[0-9]+) "
            r"(?:{status}|-1) \+?[0-9]+ [^\"]*\"(?:{method} (?P<url>[^\" ]*)[^\"]*|[^\"]*)\"?.*"
        ),
        (
            "Nov 14 22:45:27 test haproxy[760]: 192.0.2.1:58444 [14/Nov/2015:22:45:25.439] main "
            "app/app1 1939/0/1/0/1940 403 5168 - - ---- "
            '3/3/0/0/0 0/0 "GET / HTTP/1.1"',
        ),
        ("apache",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "haproxy",
        r"[0-9a-fA-F.:]+:[0-9]+ \[{stamp}\] (?P<component>[^ /]+/[^ :]+): ",
        ("192.0.2.1:50033 [28/Feb/2025:02:43:10.123] frontend/backend: SSL handshake failure",),
        ("apache",),
        levels="none",
    ),
    LogFormat(
        "elb",
        (
            rf"(?:(?:http|https|h2|grpcs?|wss?|tls) )?{{stamp}} [^ ]+ [^ ]+ [^ ]+ -?[0-9.]+ "
            rf"(?P<duration_s>-?[0-9.]+) -?[0-9.]+ (?:{{status}}|-) [^ ]+ [0-9]+ [0-9]+ "
            rf"(?:{_REQUEST}|{_ODD_REQUEST})"
        ),
        (
            (
                "2015-11-17T05:45:24.077255Z prod 192.0.2.1:40909 10.0.0.1:443 0.000031 0.009511 0.000029 "
                '200 200 0 415 "GET https://a.example/b HTTP/1.1" "agent" A TLS'
            ),
        ),
        ("iso",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "envoy",
        (
            r'\[{stamp}\] "(?:{method} (?P<url>[^" ]*)[^"]*|[^"]*)" (?P<status>[0-9]{1,3}) [^ ]+ (?:[^ "]+ '
            r'|"[^"]*" )*?[0-9]+ [0-9]+ (?P<duration_ms>[0-9]+).*'
        ),
        ('[2024-03-01T10:00:00.123Z] "GET /cart HTTP/1.1" 503 UF 0 91 12 - "-" "curl/8" "id" "shop" "10.0.0.1:80"',),
        ("iso",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "uwsgi",
        (
            r"\[pid: {pid}\|app: [^|]*\|req: [^\]]*\] [^ ]+ \([^)]*\) \{[^}]*\} \[{stamp}\] {method} "
            r"(?P<url>[^ ]+) => generated [0-9]+ bytes in (?:(?P<duration_ms>[0-9]+) "
            r"msecs|(?P<duration_us>[0-9]+) micros) \([^ ]+ {status}\).*"
        ),
        (
            "[pid: 88185|app: 0|req: 1/1] 192.0.2.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 "
            "2016] POST /cart => generated 47 bytes in 129 "
            "msecs (HTTP/1.1 200) 9 headers in 378 bytes (1 switches on core 0)",
        ),
        ("ctime",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "uvicorn-access",
        r'[A-Z]+: +[^ ]+:[0-9]+ - "{method} (?P<url>[^" ]+)[^"]*" {status}.*',
        ('INFO:     127.0.0.1:50000 - "GET /cart HTTP/1.1" 500 Internal Server Error',),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "gin",
        (
            r"\[GIN\] {stamp} \| *{status} \| *(?:(?P<duration_ms>[0-9.]+)ms|(?P<duration_us>[0-9.]+)µs|(?P"
            r"<duration_s>[0-9.]+)s|[^|]*) *\| *[^|]* *\| *{method} +\"(?P<url>[^\"]*)\".*"
        ),
        ('[GIN] 2024/03/01 - 10:00:00 | 500 |     12.3ms |       192.0.2.1 | GET      "/cart"',),
        ("slash-ymd", "gin"),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "morgan-dev",
        r"{method} (?P<url>/[^ ]*) {status} (?P<duration_ms>[0-9.]+) ms - (?:[0-9]+|-)\s*$",
        ("GET /cart 500 12.345 ms - 1024",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "squid",
        r"{stamp} +(?P<duration_ms>[0-9]+) [^ ]+ [A-Z_]+/{status} [0-9]+ {method} (?P<url>[^ ]+) .*",
        ("1386543323.000      4 192.0.2.1 TCP_DENIED/403 4099 GET http://a.example/b - HIER_NONE/- text/html",),
        ("epoch-s",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "django-access",
        rf"\[{{stamp}}\] {_REQUEST} {{status}} (?:[0-9]+|-)\s*$",
        ('[01/Mar/2024 10:00:00] "GET /cart HTTP/1.1" 500 12345',),
        ("apache",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "s3-access",
        rf"[0-9a-f]{{4,}} [^ ]+ \[{{stamp}}\] [^ ]+ [^ ]+ [^ ]+ [A-Z]+\.[A-Z._]+ [^ ]+ (?:{_REQUEST}|-) {{status}} .*",
        (
            (
                "79a59df9 mybucket [01/Mar/2024:10:00:00 +0000] 192.0.2.1 79a5 3E57 REST.GET.OBJECT a.txt "
                '"GET /a.txt HTTP/1.1" 404 NoSuchKey 12 - 3 2 "-" "S3Console/0.4" -'
            ),
        ),
        ("apache",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "iis-w3c",
        (
            r"{stamp} (?:[0-9A-Za-z_\-]+ )?(?:[^ ]+ )?[0-9a-fA-F.:]+ {method} (?P<url>/[^ ]*) [^ ]+ [0-9]+ "
            r"[^ ]+ [^ ]+ [^ ]+ (?:[^ ]+ )?(?:[^ ]+ )?{status} [0-9]+ [0-9]+(?: [0-9]+)*? "
            r"(?P<duration_ms>[0-9]+)\s*$"
        ),
        ("2024-03-01 10:00:00 10.0.0.1 GET /cart id=1 443 - 192.0.2.1 Mozilla/5.0 - 500 0 0 12",),
        ("iso",),
        levels="status",
        kind="access",
    ),
    LogFormat(
        "access-iso",
        r'{stamp} [^ ]+ [^ ]+ {method} "?(?P<url>/[^" ]*)"? (?:-?[0-9]+ )?{status} (?:[0-9]+|-).*',
        ('2013-02-11T06:43:36 192.0.2.1 - GET "/client/" -1 404 5778 "-" "Mozilla/5.0"',),
        ("iso",),
        levels="status",
        kind="access",
    ),
)
