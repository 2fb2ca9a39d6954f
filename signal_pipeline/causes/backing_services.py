"""Databases, caches and brokers by what programs call them: the client's library names what it could not reach."""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

BACKING_SERVICES: tuple[Phrase, ...] = (
    Phrase("redis", r"\bredis\w*|\bvalkey\b|\bjedis\w*|\blettuce\b", "redis.exceptions.ResponseError: MISCONF"),
    Phrase("postgres", r"\bpostgres\w*|\bpsycopg\w*|\basyncpg\b|\bnpgsql\w*|\bpg \w+|\bpgbouncer\b",
           "psycopg2.OperationalError: server closed the connection unexpectedly"),
    Phrase("mysql",
           r"\bmysql\w*|\bmariadb\w*|\binnodb\b|\bpymysql\b", "MySQLdb.OperationalError: (2006, 'gone')"),
    Phrase("mongo", r"\bmongo\w*|\bpymongo\b", "MongoServerError: not primary"),
    Phrase("kafka",
           r"\bkafka\w*|\bconfluent\b", "org.apache.kafka.common.errors.TimeoutException: no metadata"),
    Phrase("rabbit", r"\brabbit\w*|\bamqp\w*|\bpika\b", "pika.exceptions.AMQPConnectionError"),
    Phrase("elastic", r"\belastic\w*|\bopensearch\w*", "elasticsearch.exceptions.ConnectionTimeout"),
    Phrase("memcached", r"\bmemcached?\w*", "pymemcache: memcached did not answer"),
    Phrase("zookeeper", r"\bzookeeper\w*|\bzkclient\b", "ZooKeeper session expired"),
    Phrase("etcd", r"\betcd\w*", "etcdserver: request timed out"),
    Phrase("nats", r"\bnats\b|\bjetstream\b", "nats: no servers available for connection"),
    Phrase("cassandra", r"\bcassandra\w*|\bscylla\w*", "cassandra.cluster.NoHostAvailable"),
)  # fmt: skip
"""Patterns for normalised text, of a client's error as of the name of the server's file."""
_KINDS = tuple((row.name, re2.compile(row.pattern)) for row in BACKING_SERVICES)
_ANY = re2.compile(any_of(BACKING_SERVICES))
MAX_TEXT_CHARS = 4_000


def backing_services_in(text: str) -> frozenset[str]:
    """Their names, in a normalised text."""
    head = text[:MAX_TEXT_CHARS]
    if not _ANY.search(head):
        return frozenset()
    return frozenset(name for name, pattern in _KINDS if pattern.search(head))
