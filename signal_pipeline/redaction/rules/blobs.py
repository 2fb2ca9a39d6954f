"""The last resort: long runs that look like key material and that no other row has named."""

from __future__ import annotations

from signal_pipeline.redaction.checks import is_base64_with_slashes, is_blob, is_slashed_blob
from signal_pipeline.redaction.rules.kept import RUNS, kept
from signal_pipeline.redaction.rules.rule import Rule
from signal_pipeline.redaction.rules.shapes import SPELLED_TEXT, UNREST
from signal_pipeline.redaction.tokens import BLOB

HASH_PLACE = (
    r"(?:sha256|overlay2|containers|_base|objects/[0-9a-f]{2}|(?:containerd|docker|cri-o):/)/|"
    r"\b(?:TRACE|DEBUG|INFO|WARN|ERROR) +\[[A-Za-z0-9_.-]*,|\b(?i:buildid)\[sha1\]=|"
    r"\breq-[0-9a-f-]{36}(?: [0-9a-f]{32})? |"
    r"(?:^|\s)-- |/(?:blob|commits?|tree|raw|blame|archive)/|(?:^|\s)/(?:etc|usr|var|opt|lib|boot)/[^\s]+ |"
    r"\b(?:MD5|SHA[0-9-]+|BLAKE2[bs]?|RMD160) ?\([^()\r\n]*\) ?= ?|"
    r"(?i:\b(?:commit|revision|rev|head|checked out|checkout|cherry-pick|revert|parent|b3"
    r"|x-cloud-trace-context|image|container|layer|sandbox|sha-?(?:1|256|384|512)?|md5"
    r"|digest|checksum|etag|hash|build[ _-]?id|git"
    r"|trace[ _-]?id|span[ _-]?id|parent[ _-]?id|request[ _-]?id|message[ _-]?id|invocation[ _-]?id|boot[ _-]?id|correlation[ _-]?id|x-request-id|traceparent)"
    r"\\*[\"']?(?:[\s:=@(-]{1,3}| is now at | id )\\*[\"']?(?:[0-9]{2}-)?)"
)
"""What comes before a hash that is no secret."""

HASH_POSITION = f"(?:{HASH_PLACE})$"

RULES = (
    Rule(
        "packed",
        r"(?:^|[^A-Za-z0-9+/_-]|%(?:25)*20)(?P<v>H4sI(?:[A-Za-z0-9+/_-]|%(?:25)*2[BbFf]){6,}(?:=|%(?:25)*3[Dd]){0,2})",
        BLOB,
        ("body H4sIAAAAAAACA/3/AAAA not read", "H4sIAAAAAAACA%252F3%252BAAAA"),
        ("H4sI",),
        ("h4si",),
    ),
    Rule(
        "spelled",
        rf"(?P<v>{SPELLED_TEXT})",
        BLOB,
        (
            "body =70=61=73=73=77=6F=72=64=3D",
            r"got \160\141\163\163\167\157\162\144\075",
            "0010 70 61 73 73 77 6f 72 64 3d 68 75 6e",
        ),
        ("buckets 20 25 30 35 40 45 50 55 60 65 70 75", "=20=20"),
        check=lambda value: any(character in "abcdefABCDEF=\\" for character in value),
        needs=(" =\\",),
    ),
    Rule(
        "key_in_base64",
        r"(?:^|[^A-Za-z0-9+/=:_-])(?P<v>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?:[^A-Za-z0-9+/=]|$)",
        BLOB,
        ("peer aB/cD+eF" + "gH1iJ2kL3mN4oP5qR6sT7uV8wX9yZ0ab" + "A0= is gone",),
        ("sha256-abc=",),
        ("=",),
        kept=kept(RUNS),
        needs=("=",),
    ),
    Rule(
        "base64_with_slashes",
        r"(?:^|[^A-Za-z0-9+/_.-])(?P<v>[A-Za-z0-9+]{1,}/[A-Za-z0-9+/]{20,}={0,2})",
        BLOB,
        ("x Q7/kZP0aB3xYv9LmNq7Zk2P+0aBcD1eF2gH3",),
        ("/usr/lib/x86_64-linux-gnu/python3/lib", "com/example/app/Http2ConnectionHandlerV3"),
        ("/",),
        is_base64_with_slashes,
        kept=kept(RUNS),
        gate=UNREST,
        needs=("/",),
    ),
    Rule(
        "blob",
        r"[A-Za-z0-9+_-]{20,}={0,2}",
        BLOB,
        (
            "x " + "q7Zk" * 2 + "P0aB3xYv9LmN",
            "d41d8cd98f00b204e9800998ecf8427e",
            "/v1/9f86d081884c7d659a2feaa0/x",
            "up-ca59771be860267fb9908fa59926035212a01817.har",
        ),
        (
            "BlockManagerMasterEndpoint",
            "commit d41d8cd98f00b204e9800998ecf8427e",
            "550e8400-e29b-41d4-a716-446655440000",
            "test_that_the_cache_is_closed",
            "Slf4jLoggingAuditTrailManager",
            "child_tidptr=0x7f5516bc1910",
        ),
        check=is_blob,
        not_after=HASH_POSITION,
        kept=kept(RUNS),
        gate=UNREST,
    ),
    Rule(
        "blob_slashed",
        r"[A-Za-z0-9+/_-]{20,}={0,2}",
        BLOB,
        ("x q7ZkP0a/B3xYv9L/mNq7Zk2P+0aB",),
        ("/usr/lib/x86_64-linux-gnu/python3/lib", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
        ("/",),
        check=is_slashed_blob,
        not_after=HASH_POSITION,
        kept=kept(RUNS),
        gate=UNREST,
    ),
)
