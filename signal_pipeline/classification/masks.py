"""The ordered table of masks: which parts of a message vary, and the token that stands for each.

Patterns are Rust regexes (linear time) and are applied in table order. How they are applied to columns
is in `template.py`; which numbers are codes that must be kept is in `kept_codes.py`.
"""

from __future__ import annotations

from signal_pipeline.classification.kept_codes import KEPT_NAMES, KEPT_NUMBERS, KEPT_VERSIONS, alternation
from signal_pipeline.classification.line_masks import LINE_MASKS
from signal_pipeline.classification.mask import BOUNDARY, HEX, LABEL, TOKEN, Mask
from signal_pipeline.classification.word_exclusion import any_word_except

MASKS_VERSION = "2026-11-30.2"
# Changelog
# 2026-11-30.2  lines of C++ sources (`pool.cc:54`) are no hosts with a port
# 2026-11-30  quotes are paired as they were opened; short hosts with a port; a size told twice is one
# 2026-11-24.2  hosts and devices by their numbers, ids and numbers of more kinds; states are no values
# 2026-11-24  the digits before "Failed" or "Too Many" are a status only when they are a number of their own
# 2026-11-22.2  places in files are no hosts; quoted words that are announced as values; "of user"
# 2026-11-22  first table

MASKS: tuple[Mask, ...] = (
    *LINE_MASKS,
    # From here on a number may have one digit or many.
    Mask("redaction_token", r"<([A-Z][A-Z_]*):[0-9A-Za-z_.:-]+>", "<${1}>", "sent <KEY:github>"),
    Mask(
        "url",
        rf"{BOUNDARY}[A-Za-z][A-Za-z0-9+.-]*://(?:[^\s\"'<>()\[\]{{}},;|]|{TOKEN})+",
        "<URL>",
        "GET https://example.org/a?b=1 failed",
    ),
    Mask(
        "http_request",
        r"\"(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT|PROPFIND) [^\"]*\"",
        '"${1} <PATH>"',
        '"GET /v2/servers/detail HTTP/1.1" status: 200',
    ),
    Mask(
        "email", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", "<EMAIL>", "to ada@example.org"
    ),
    Mask(
        "host",
        rf"(?i)(?:<HEX>\.|{BOUNDARY})(?:(?:{LABEL}\.)+(?:com|net|org|edu|gov|mil|biz|local|internal"
        rf"|localdomain|lan|corp|arpa)"
        rf"|(?:{LABEL}\.){{2,}}(?:info|io|a[certu]|b[egrz]|c[ahlnoz]|d[ek]|e[esu]|f[ir]|hk|hu|i[elnr]"
        rf"|jp|k[rz]|lt|lv|m[xy]|n[loz]"
        rf"|p[eklt]|r[ou]|s[egk]|t[hrw]|u[aks]|v[en]|za))(:[0-9]|[^A-Za-z0-9_.:-]|\.?$|[.:] )",
        "<HOST>${1}",
        "cannot resolve db.example.org",
    ),
    Mask(
        "user_quoted",
        r"""(?i)\b(user(?:name)?|login|account|customer|tenant|member)( ?:?=? ?)(?:'[^'\n]*'|"[^"\n]*")""",
        "${1}${2}<USER>",
        'password authentication failed for user "ada"',
    ),
    Mask(
        "host_with_port",  # the port tells that the short name is no file and no property
        rf"(?i){BOUNDARY}(?:{LABEL}\.)+(?:com|net|org|edu|gov|biz|info|io|dev|app|asia|xyz|top|site|online|cloud|shop|club|live"
        rf"|mobi|tech|local|internal|lan|corp|a[ceiltu]|b[egryz]|c[ahlnoz]|d[ek]|e[esu]|f[imr]|g[gr]|h[kru]|i[elnrt]|jp|k[rz]"
        rf"|l[tuv]|m[exy]|n[loz]|p[ekt]|r[ou]|s[egk]|t[hovrw]|u[aks]|v[en]|za):[0-9]+",
        "<HOST>:<PORT>",
        "img.example.cn:443 refused",
    ),
    Mask("localhost", rf"(?i){BOUNDARY}localhost(?:\.localdomain)?{BOUNDARY}", "<HOST>", "on localhost:8080"),
    Mask(
        "user_named",
        r"(?i)(\b(?:(?:invalid|illegal|unknown|for|by|as|from|of) user|password for(?: (?:invalid|illegal) user)?"
        r"|authentication failures for|logged in as) +|\b(?:user(?:name)?|logname|ruser)[=:])[^\s,;()<>\"'\[\]=:]+",
        "${1}<USER>",
        "Invalid user admin from 10.0.0.1",
    ),
    Mask(
        "date_iso",
        rf"{BOUNDARY}[0-9]{{1,4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,4}}"
        rf"(?:[T _:,-]{{1,2}}[0-9]{{1,2}}:[0-9]{{1,2}}(?::[0-9]{{1,2}})?"
        rf"(?:[.,][0-9]+)?(?: ?[AaPp][Mm])?(?: ?(?:Z|[+-][0-9]{{1,2}}:?[0-9]{{1,2}}|UTC|GMT){BOUNDARY})?"
        rf"(?:\[[A-Za-z/_]+\])?)?",
        "<DATE>",
        "at 2024-03-01T12:00:00.123Z",
    ),
    Mask(
        "date_words",
        rf"(?i){BOUNDARY}(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
        rf"(?:[0-9]{{1,2}}[ /-])?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*[ /-]+[0-9]{{1,4}}"
        rf"(?:, [0-9]{{1,4}}(?:,? at)?,? [0-9]{{1,2}}:[0-9]{{1,2}}(?::[0-9]{{1,2}})?(?: ?[ap]m)?)?"
        rf"(?:[ :,]+(?:[0-9]{{1,2}}:[0-9]{{1,2}}(?::[0-9]{{1,2}})?|[0-9]{{4}}))*(?: ?(?:Z"
        rf"|[+-][0-9]{{1,4}}|UTC|GMT|[ECMP][SD]T){BOUNDARY})?(?: [0-9]{{1,4}}{BOUNDARY})?",
        "<DATE>",
        "since Thu Jun 09 06:07:05 2005",
    ),
    Mask("mac", rf"{BOUNDARY}{HEX}{{1,2}}(?:[:-]{HEX}{{1,2}}){{5}}{BOUNDARY}", "<MAC>", "from 00:1b:44:11:3a:b7"),
    Mask(
        "ipv6",
        rf"{BOUNDARY}{HEX}{{1,4}}(?::{HEX}{{1,4}}){{5,7}}{BOUNDARY}"
        rf"|{BOUNDARY}{HEX}{{0,3}}[0-9]{HEX}{{0,3}}(?::{HEX}{{1,4}}){{0,6}}::(?:{HEX}{{1,4}}:){{0,6}}{HEX}{{0,4}}"
        rf"|::(?:ffff:)?[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}|::1{BOUNDARY}",
        "<IP>",
        "peer fe80::1ff:fe23:4567:890a",
    ),
    Mask(
        "version_named",
        r"(?i)\b((?:version|release|ver|revision)(?: |: ?|=|/))v?[0-9]+(?:\.[0-9]+)+(?:[-+][0-9A-Za-z.]+)?",
        "${1}<VERSION>",
        "wcp.dll version 0.0.0.6 loaded",
    ),
    Mask("ipv4", rf"{BOUNDARY}[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}{BOUNDARY}", "<IP>", "from 10.251.91.84"),
    Mask(
        "file_place",
        rf"{BOUNDARY}([A-Za-z0-9_][A-Za-z0-9_.-]*\.(?:[cm]?[jt]sx?|vue|svelte|html?|css|json|map|wasm|png|jpe?g|gif|svg|webp|ico"
        rf"|woff2?|py|rb|php|java|kt|scala|go|rs|cs|cc?|cpp|hh?|hpp|swift|dart|exs?)):[0-9]+(?::[0-9]+)?{BOUNDARY}",
        "${1}:<NUM>",
        "product-0005.png:1 Failed to load resource",
    ),
    Mask("ip_port", r"(<IP>|<HOST>|<URL>)(\]?):[0-9]+", "${1}${2}:<PORT>", "10.251.91.84:50010"),
    Mask(
        "time",
        rf"{BOUNDARY}[0-9]{{1,3}}:[0-9]{{1,2}}(?::[0-9]{{1,2}})?(?:[.,][0-9]+)?{BOUNDARY}",
        "<TIME>",
        "at 12:30:45.123",
    ),
    Mask(
        "host_port",
        rf"{BOUNDARY}[a-z]+(?:-[a-z0-9]+)*(?:-[0-9]+|[0-9]+)(?:\.[a-z0-9-]+)*:[0-9]{{1,5}}{BOUNDARY}",
        "<HOST>:<PORT>",
        "connect to db-1:5432",
    ),
    Mask(
        "host_field",
        r"(?i)\b((?:r?host(?:name)?|peer|remote(?:_?(?:addr|host|ip))?|(?:src|dst|source"
        r"|dest)(?:_?(?:addr|host|ip))?|server_?name)=)"
        r"[^\s,;()\"']+",
        "${1}<HOST>",
        "rhost=n219076184117.example.hk",
    ),
    Mask(
        "path_windows",
        rf"(?:[A-Za-z]:|\\\\[A-Za-z0-9._-]+)[\\/](?:(?:(?:[^\s\\/:*?\"<>|,;()\[\]]|{TOKEN})+"
        r"|Program Files(?: \(x86\))?|Documents and Settings|Common Files)[\\/])*"
        rf"(?:[^\s\\/:*?\"<>|,;()\[\]]|{TOKEN})*",
        "<PATH>",
        r"open C:\Windows\System32\drivers\etc\hosts",
    ),
    Mask(
        "path_unix",
        rf"(?:~|\.{{1,2}}|{BOUNDARY}[A-Za-z0-9_-]+)?(?:/(?:[A-Za-z0-9_.@%+$=~-]|{TOKEN})+){{2,}}/?",
        "<PATH>",
        "cannot open /var/lib/app/data.json",
    ),
    Mask("path_root", r"(^|[\s\"'=(\[:,])/(?:[A-Za-z0-9_.@%+$=~-]|<[A-Z]+>)+", "${1}<PATH>", "reading /data.json"),
    Mask(
        "size",
        rf"(?i){BOUNDARY}[0-9]+(?:\.[0-9]+)? ?(?:[kmgtp]i?b|(?-i:B|[KMGT]i?)|bytes?|[kmgtp]i?bytes|[kmgt]b?/s"
        rf"|pages?){BOUNDARY}",
        "<SIZE>",
        "free 366.3 MB",
    ),
    Mask("size_repeated", r"<SIZE> \(<SIZE>\)", "<SIZE>", "sent 1200 bytes (1.17 KB)"),
    Mask(
        "duration_iso",
        rf"{BOUNDARY}P(?:[0-9]+D)?T(?:[0-9]+(?:\.[0-9]+)?[HMS])+{BOUNDARY}",
        "<DURATION>",
        "timeout PT1M30S",
    ),
    Mask(
        "duration_short",
        rf"{BOUNDARY}(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s){BOUNDARY}",
        "<DURATION>",
        "took 1m30.5s",
    ),
    Mask(
        "duration",
        rf"(?i){BOUNDARY}[0-9]+(?:\.[0-9]+)? ?(?:ns|us|µs|ms|msecs?|s|secs?|seconds?|milliseconds?"
        rf"|microseconds?|(?-i:m|h)|min|mins|minutes?|hrs?|hours?|days?){BOUNDARY}",
        "<DURATION>",
        "after 30000 ms",
    ),
    Mask(
        "pod",
        rf"{BOUNDARY}([a-z][a-z0-9]*(?:-(?:[a-z0-9]+|<NUM>))*?)-(?:<HEX>|[0-9a-f]{{4,10}})-[a-z0-9]{{4,5}}{BOUNDARY}",
        "${1}-<HEX>",
        "pod web-7d9f8b6c5-x2x4z",
    ),
    Mask(
        "pod_of_set",  # the alphabet of such names has no vowels, so no word ends like this
        rf"{BOUNDARY}([a-z][a-z0-9]*(?:-[a-z0-9]+)*)-[bcdfghjklmnpqrstvwxz024-9]{{5}}{BOUNDARY}",
        "${1}-<HEX>",
        "pod fluentd-x2x4z",
    ),
    Mask(
        "short_hex",
        rf"{BOUNDARY}(?:[0-9]+[a-f]+[0-9]+[a-f]+[0-9a-f]*|[a-f]+[0-9]+[a-f]+[0-9]+[0-9a-f]*){BOUNDARY}",
        "<HEX>",
        "at a64f9b2",
    ),
    Mask(
        "boolean",
        r"([^=]= ?|:)(?:true|false|null|nil|none|True|False|None|TRUE|FALSE|NULL)(?-u:\b)",
        "${1}<BOOL>",
        "retry=false",
    ),
    Mask("percent", rf"{BOUNDARY}[0-9]+(?:\.[0-9]+)? ?%", "<NUM>%", "at 97.5 %"),
    Mask(
        "base64",
        r"[A-Za-z0-9+/]{20,}={1,2}([^A-Za-z0-9=]|$)",
        "<BLOB>${1}",
        "body TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQ=",
    ),
    Mask("mixed_run", rf"{BOUNDARY}(?:[A-Za-z]+[0-9]+){{4,}}[A-Za-z0-9]*{BOUNDARY}", "<BLOB>", "key aB3dE5fG7hI9"),
    Mask("number_swiss", rf"{BOUNDARY}[0-9]+(?:['’][0-9]+)+(?:\.[0-9]+)?{BOUNDARY}", "<NUM>", "price 1'234'567.89"),
    Mask(
        "quoted_value",
        r"""(= ?)(?:"[^"]*"|'[^']*')""",
        "${1}<STR>",
        'tag="View Lock"',
    ),
    Mask(
        "quoted_words",
        r"""(?i)\b((?:for|of|named|called|titled|matching|like|query|term|phrase|search|keyword|title|name)[:=]? ?)"""
        r"""(?:"[^\s"\n][^"\n]* [^"\n]*[^\s"\n]"|'[^\s'\n][^'\n]* [^'\n]*[^\s'\n]')""",
        "${1}<STR>",
        "no results for 'linen lamp'",
    ),
    # Quotes are paired as they were opened, so those without a number are matched too, and put back.
    Mask(
        "quoted_with_number",
        r"""(^|[^0-9A-Za-z_"'])((?:[uUbBrR]{1,2})?(?:"(?:[^"\n\\0-9]|\\[^0-9])*"|'(?:[^'\n\\0-9]|\\[^0-9])*'))"""
        r"""|(^|[^0-9A-Za-z_"'])(?:[uUbBrR]{1,2})?(?:"(?:[^"\n\\]|\\.)*"|'(?:[^'\n\\]|\\.)*')""",
        "${1}${3}${2}<STR>",
        "task 'attempt_2015_m_0001' lost",
    ),
    Mask("quoted_without_number", r"([\"'])<STR>", "${1}", 'flag "force"<STR> set'),
    Mask("number_grouped", rf"{BOUNDARY}[0-9]+(?:\.[0-9]+)+,[0-9]+{BOUNDARY}", "<NUM>", "price 1.234.567,89"),
    Mask(
        "version",
        rf"{BOUNDARY}v?[0-9]+(?:\.[0-9]+){{2,}}(?:[-+.][A-Za-z0-9]+)*{BOUNDARY}",
        "<VERSION>",
        "driver 1.22.3-rc1",
        keep=alternation(KEPT_VERSIONS),
    ),
    Mask("exponent", rf"{BOUNDARY}[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]+{BOUNDARY}", "<NUM>", "loss 1.5e-7"),
    Mask("number_hex", rf"{BOUNDARY}[0-9]+[a-f]+[0-9]*{BOUNDARY}", "<HEX>", "slot 0ff"),
    Mask("number_unit", rf"{BOUNDARY}[0-9]+(?:[.,][0-9]+)*([A-Za-z]{{1,3}}){BOUNDARY}", "<NUM>${1}", "temperature 43C"),
    Mask(
        "number",
        rf"{BOUNDARY}[0-9]+(?:[.,_][0-9]+)*(?:[eE][+-]?[0-9]+)?{BOUNDARY}",
        "<NUM>",
        "retry 3 of 5",
        keep=alternation(KEPT_NUMBERS + KEPT_VERSIONS),
    ),
    Mask("underscore_number", r"_0", "_<NUM>", "blk_17"),
    Mask(
        "word_with_number",
        rf"(?:([A-Z][a-z]+)[0-9]{{4,}}|((?:{BOUNDARY}|_){any_word_except(KEPT_NAMES)})[0-9]{{3,}}){BOUNDARY}",
        "${1}${2}<NUM>",
        "no answer from storage442",
    ),
    Mask(
        "numbered_thing",
        rf"(?i){BOUNDARY}((?:thread|worker|node|host|server|pool|executor|task|job|process|proc|cpu|core|shard|replica|pod|vm"
        r"|instance|client|user|slot|disk|rack|stage|piece|partition|broker|peer|queue|channel|port|bus|slave|master"
        r"|storage|web|app|db|cache|proxy|gateway|switch|router|agent|runner|interface|device|volume|raid|eth|en|ens|eno"
        r"|wlan|wl|awdl|utun|tun|tap|bond|veth|br|docker|scsi|nvme|sd|tty|ttyS|pts|loop|dm|ata|usb|gpu|session|request"
        r"|attempt|region|zone|line|row|column|block|chunk|segment|bucket)[_-]?)[0-9]+",
        "${1}<NUM>",
        "worker12",
    ),
    Mask("empty_brackets", r"([A-Za-z0-9>,:] )\(\)", "${1}(<EMPTY>)", "connection from 10.0.0.1 () at noon"),
    Mask("number_list", r"<NUM>(?:, ?<NUM>)+|<NUM>(?: <NUM>){2,}", "<NUM>", "[1, 2, 3]"),
    Mask("id_list", r"([A-Za-z]+_<NUM>)(?:(?:, ?| )[A-Za-z]+_<NUM>)+", "${1}", "blk_1 blk_2 blk_3"),
    Mask(
        "address_list",
        r"((?:<IP>|<HOST>)(?::<PORT>)?)(?:(?:, ?| )(?:<IP>|<HOST>)(?::<PORT>)?)+",
        "${1}",
        "10.0.0.1, 10.0.0.2",
    ),
    Mask("text_list", r"(<STR>|<PATH>|<UUID>|<HEX>)(?:(?:, ?| )(?:<STR>|<PATH>|<UUID>|<HEX>))+", "${1}", "'a1', 'b2'"),
    Mask("spaces", r"[ \t]{2,}", " ", "a  b"),
    Mask("signed", r"([\s=:(\[,])[-+<~](<NUM>|<SIZE>|<DURATION>|<TIME>)", "${1}${2}", "offset -17"),
)
