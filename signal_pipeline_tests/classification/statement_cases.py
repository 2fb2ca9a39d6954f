"""Lines of one statement of a program, and the template that they become; and lines of different statements."""

from __future__ import annotations

from typing import NamedTuple


class Statement(NamedTuple):
    """Lines of one statement of a program."""

    name: str
    lines: tuple[str, ...]
    template: str


class Statements(NamedTuple):
    """Lines that are each of a statement of their own."""

    name: str
    lines: tuple[str, ...]


ONE_STATEMENT: tuple[Statement, ...] = (
    Statement(
        "a quoted text is a value, whatever it holds",
        ('hook "warm up" finished by "lib.Cache"', 'hook "flush all, then stop" finished by "jobs"'),
        'hook "<*>" finished by "<*>"',
    ),
    Statement(
        "quotes hold quotes of the other kind",
        ("""parsed "it's" as a word""", """parsed "don't" as a word"""),
        'parsed "<*>" as a word',
    ),
    Statement(
        "escaped quotes end nothing",
        (r'sent "a \"b\" c" to the printer', r'sent "x" to the printer'),
        'sent "<*>" to the printer',
    ),
    Statement(
        "dicts of Python, empty and full",
        ("loaded options {} from defaults", "loaded options {'a': u'b', 'c': [None, 'x']} from defaults"),
        "loaded options {<*>} from defaults",
    ),
    Statement(
        "JSON with other keys",
        ('got answer {"ok": true} late', 'got answer {"error": {"code": "E7"}, "ok": false} late'),
        "got answer {<*>} late",
    ),
    Statement(
        "lists and argument lists",
        ("calling ['ls', '-l'] as child", "calling [] as child", "calling ['tar', 'xf', 'a b.tar'] as child"),
        "calling [<*>] as child",
    ),
    Statement(
        "sets and maps of Scala",
        ("assigned replicas Set() to shelf", "assigned replicas Set(one, two) to shelf"),
        "assigned replicas Set(<*>) to shelf",
    ),
    Statement(
        "objects as they print themselves, or nothing",
        ("starting with origin=None, depth=3", "starting with origin=Feed{name=a, size=big}, depth=4"),
        "starting with origin=<*>, depth=<NUM>",
    ),
    Statement(
        "Go's structs and pointers",
        ("applied &{Name:web Ports:[80]} to host", "applied &{Name:db Ports:[]} to host"),
        "applied &{<*>} to host",
    ),
    Statement(
        "HTTP methods before what they ask for",
        tuple(f"routing {method} /items/all to shelf" for method in ("GET", "POST", "DELETE", "PUT")),
        "routing <*> <PATH> to shelf",
    ),
    Statement(
        "media types",
        ("client accepts */* for the list", "client accepts application/json for the list"),
        "client accepts <*> for the list",
    ),
    Statement(
        "command lines behind a label",
        (
            "Starting child process: tar --create -f backup.tar home",
            "Starting child process: sudo mount -o ro disk",
            "Starting child process: uname",
            "Starting child process: rsync -a here there",
        ),
        "Starting child process: <*>",
    ),
    Statement(
        "settings behind a label",
        tuple(
            f"Runtime property:{setting}"
            for setting in (
                "user.lang=en",
                "vendor=Some Company",
                "home=",
                "file.encoding=UTF-8",
                "os=Linux",
                "tmp=/x/y",
            )
        ),
        "Runtime property:<*>=<*>",
    ),
    Statement(
        "settings without a label, many of them",
        tuple(f"option_{chr(97 + i)}{chr(98 + i)} = {'on' if i % 2 else '[]'}" for i in range(24)),
        "<*>=<*>",
    ),
    Statement(
        "lists of any length without brackets",
        ("moved parts aa-1, bb-2 to disk", "moved parts cc-3 to disk", "moved parts aa-1,bb-2,cc-3,dd-4 to disk"),
        "moved parts <*> to disk",
    ),
    Statement(
        "what is repeated with its words",
        (
            "quorum of node-1 0xff <ok> node-2 0xfe <ok> reached",
            "quorum of node-1 0xff <ok> node-2 0xfe <ok> node-3 0xfd <ok> node-4 0xfc <ok> reached",
        ),
        "quorum of <*> reached",
    ),
    Statement(
        "many fields, not always the same",
        (
            "stale " + ", ".join(f"{key}={key}x" for key in ("a", "b", "c", "d", "e", "f", "g", "h", "i")),
            "stale " + ", ".join(f"{key}={key}y" for key in ("a", "b", "d", "e", "f", "g", "h", "i", "j", "k")),
        ),
        "stale <*>",
    ),
    Statement(
        "headers, in any order",
        (
            "answer has Content-Type: text/plain Content-Length: 5 X-Trace-Id: abc",
            "answer has Content-Length: 5 X-Cache-Hit: no Content-Type: text/html Keep-Alive: yes",
        ),
        "answer has <*>",
    ),
    Statement(
        "a size that is told twice, or once",
        ("closed, 512 bytes sent", "closed, 20480 bytes (20.0 KB) sent"),
        "closed, <SIZE> sent",
    ),
    Statement(
        "short hosts with a port",
        ("dialing img.example.cn:443 again", "dialing api.example.io:8443 again", "dialing 10.0.0.7:80 again"),
        "dialing <*>:<PORT> again",
    ),
    Statement(
        "a field that is empty, or full",
        ("left room=, seat=4 for good", "left room=12, seat=5 for good"),
        "left room=<*>, seat=<NUM> for good",
    ),
    Statement(
        "bare hosts with a port, beside one that is known",
        ("relay:25 gave up after three tries", "mail.example.org:25 gave up after three tries"),
        "<*>:<*> gave up after three tries",
    ),
    Statement(
        "what Python's loggers put behind a message",
        (
            'Lock "a" taken by "b" inner /usr/lib/python3/lock.py:271',
            'Lock "c" taken by "d" _guarded /usr/lib/python3/lock.py:184',
        ),
        'Lock "<*>" taken by "<*>"<*>',
    ),
    Statement(
        "a name before brackets, of which there are three",
        tuple(f"Authorizing store:{name}()" for name in ("get_item", "put_item", "drop_item")),
        "Authorizing store:<*>()",
    ),
    Statement(
        "a connection's name of several parts, of any number",
        (
            "feed:store:10.0.0.7:8080.3@@:17:04:05 woke up late",
            "feed:shelf@@:17:04:06 woke up late",
        ),
        "feed:<*> woke up late",
    ),
    Statement(
        "statements of SQL behind a label",
        (
            "Executing slow query: select name from parts where id = 7",
            "Executing slow query: INSERT INTO carts (owner, total) VALUES (1, 2)",
            "Executing slow query: drop table old_parts",
            "Executing slow query: update carts set total = 3",
        ),
        "Executing slow query: <*>",
    ),
    Statement(
        "names of the program's own, of which there are three",
        tuple(f"Check {name} left 3 of 5 shelves" for name in ("OpenHours", "FreeSpace", "maxWeight")),
        "Check <*> left <NUM> of <NUM> shelves",
    ),
    Statement(
        "leading dots belong to neither name nor value",
        ("cache line....................7", "cache line....................0xff"),
        "cache line....................<*>",
    ),
)

DIFFERENT_STATEMENTS: tuple[Statements, ...] = (
    Statements(
        "what is shut down is named by the program, not by a value",
        tuple(f"Shutting down the {what}" for what in ("mail queue", "search index", "web server", "job runner")),
    ),
    Statements(
        "two words are no evidence", ("session opened by client Updater.", "session opened by client Servicing.")
    ),
    Statements("names before a number", ("slot:3 is empty again", "shelf:3 is empty again")),
    Statements("versions are no settings", tuple(f"lib{chr(97 + i)} == {i}.0.1" for i in range(3))),
    Statements("functions by name", ("[job: 7] allocate_all()", "[job: 7] release_all()", "[job: 7] get_all()")),
    Statements(
        "sentences behind one label",
        (
            "storage engine: cannot open the journal",
            "storage engine: journal replay finished",
            "storage engine: checkpoint took too long",
            "storage engine: read only from now on",
        ),
    ),
    Statements("none in a sentence", ("Failed none for the guest account", "Failed password for the guest account")),
    Statements(
        "fields whose keys stay", ("auth failure; uid=0 tty=ssh host=", "auth failure; uid=0 tty=ssh host= user=")
    ),
    Statements("an apostrophe opens nothing", ("can't open the door, won't try", "can't close the door, won't try")),
    Statements(
        "exceptions by name",
        tuple(f"gave up on the shelf after {name} today" for name in ("IOException", "TimeoutError", "AccessFault")),
    ),
    Statements("fields by name", ("shelf:3 left:4 after the count", "shelf:3 taken:4 after the count")),
    Statements(
        "what is told behind a value under one label", ("took: 7 ms", "took: 7 ms, reading", "took: 9 ms, then stopped")
    ),
    Statements("leading dots and few names", ("cache depth.....7", "cache width.....7")),
    Statements("parentheses in a sentence", ("VM moved (live migration)", "VM moved (cold migration)")),
)
