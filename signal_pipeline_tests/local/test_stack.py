"""The three servers, real ones: what they let in, what they write down, and where they listen."""

import socket
import stat
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.ports import DEFAULT_PORTS, is_free, random_ports
from signal_pipeline.local.stack import LocalStack
from signal_pipeline_tests.local.clients import nats_answers, s3_client

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """In a folder that is hard on careless programs: quotes, spaces, and longer than a socket's path may be."""
    home = tmp_path_factory.mktemp("home") / "a b \"c\" 'd' ünï,x" / ("long" * 30) / "state"
    with LocalStack(home, with_dagster=False, ports=random_ports(), environment={}) as running:
        yield running


def processes(stack: LocalStack) -> list[psutil.Process]:
    leaders = [psutil.Process(stack.part(name).pid) for name in stack.part_names()]
    return [process for leader in leaders for process in (leader, *leader.children(recursive=True))]


def test_settings_lead_to_servers_that_answer(stack):
    settings = stack.settings()
    for url in (settings.database_url, settings.dagster_database_url):
        with psycopg.connect(url) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert nats_answers(settings.nats_url)
    s3_client(settings).head_bucket(Bucket=settings.s3_bucket)


def test_the_role_is_no_superuser_and_has_its_extensions_everywhere(stack):
    with psycopg.connect(stack.settings().database_url, autocommit=True) as connection:
        found = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
        connection.execute("create database another")
        connection.execute("create extension if not exists vector")
    assert found == (False,)
    with psycopg.connect(stack.settings().database_url, dbname="another") as connection:
        assert connection.execute("select '[1,2]'::vector").fetchone() == ("[1,2]",)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("listen_addresses", "127.0.0.1"),
        ("password_encryption", "scram-sha-256"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ],
)
def test_postgres_runs_with(stack, name, value):
    with psycopg.connect(stack.settings().database_url) as connection:
        assert connection.execute("select current_setting(%s)", [name]).fetchone() == (value,)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_postgres_refuses_a_wrong_password(stack, password):
    for user in ("signal_pipeline", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(stack.settings().database_url, user=user, password=password)


def test_values_do_not_reach_the_log_of_postgres(stack):
    with psycopg.connect(stack.settings().database_url, autocommit=True) as connection:
        connection.execute("create temp table t (a int primary key, b text not null, check (b <> 'planted-check'))")
        connection.execute("insert into t values (424242, 'x')")
        for statement, values in (
            ("select %s::text::int", ["planted-cast"]),
            ("insert into t values (424242, %s)", ["planted-unique"]),
            ("insert into t values (1, %s)", ["planted-check"]),
            ("select 'planted-literal'::json", None),
            ("planted-syntax", None),
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(statement, values)
    log = (stack.folder.logs / "postgres.log").read_text()
    assert "database system is ready" in log
    assert "planted" not in log
    assert "424242" not in log


def test_nats_refuses_without_or_with_a_wrong_password(stack):
    place = urlsplit(stack.settings().nats_url)
    assert not nats_answers(f"nats://{place.hostname}:{place.port}")
    assert not nats_answers(f"nats://{place.username}:wrong@{place.hostname}:{place.port}")


def test_s3_refuses_wrong_keys_and_unsigned_requests(stack):
    from botocore.exceptions import ClientError

    settings = stack.settings()
    s3_client(settings).put_object(Bucket=settings.s3_bucket, Key="a", Body=b"secret")
    for keys in ({"access": "other"}, {"secret": "wrong"}):
        with pytest.raises(ClientError):
            s3_client(settings, **keys).list_buckets()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{settings.s3_endpoint}/{settings.s3_bucket}/a")
    assert refused.value.code == 403
    refused.value.close()


def test_nobody_listens_but_on_loopback(stack):
    addresses = {
        connection.laddr.ip
        for process in processes(stack)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_only_ports_of_the_table_are_used(stack):
    ports = {
        connection.laddr.port
        for process in processes(stack)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert ports <= set(stack.ports.values())


def test_no_secret_is_on_a_command_line_or_in_a_log(stack):
    secrets = [
        value
        for name, value in stack.environment().items()
        if name in ("DB_PASSWORD", "S3_SECRET_KEY", "REDACTION_KEY", "NATS_URL")
    ]
    secrets.append(urlsplit(stack.settings().nats_url).password)
    shown = "\n".join(" ".join(process.cmdline()) for process in processes(stack))
    shown += "\n".join(log.read_text(errors="replace") for log in stack.folder.logs.iterdir())
    assert not [secret for secret in secrets if secret in shown]


def test_files_with_secrets_are_private(stack):
    for name in (
        "secrets.json",
        "run/stack.json",
        "nats/nats.conf",
        "s3/identities.json",
        "s3/security.toml",
        "s3/node.key",
    ):
        assert stat.S_IMODE((stack.folder.root / name).stat().st_mode) == 0o600
    assert not list(stack.folder.postgres.glob("*password*"))


def test_a_second_stack_in_the_folder_is_told_so_and_harms_nothing(stack):
    with (
        pytest.raises(LocalServerFailed, match="already runs"),
        LocalStack(stack.folder.root, with_dagster=False, environment={}),
    ):
        pass
    assert nats_answers(stack.settings().nats_url)


def test_a_server_that_exists_is_used(stack, tmp_path):
    environment = {"NATS_URL": stack.settings().nats_url, "DB_HOST": "", "S3_BUCKET": "mine"}
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment=environment) as other:
        assert sorted(other.part_names()) == ["postgres", "s3"]
        assert other.settings().nats_url == stack.settings().nats_url
        assert other.settings().nats_monitor_url is None
        s3_client(other.settings()).head_bucket(Bucket="mine")


def test_taken_default_ports_are_avoided(tmp_path):
    """Somebody listens on each of them, whether we or a stack of a person at this machine."""
    listeners = []
    for port in DEFAULT_PORTS.values():
        if is_free(port):
            listeners.append(socket.create_server(("127.0.0.1", port)))
    try:
        with LocalStack(tmp_path, with_dagster=False, environment={}) as other:
            assert not set(other.ports.values()) & set(DEFAULT_PORTS.values())
            assert nats_answers(other.settings().nats_url)
    finally:
        for listener in listeners:
            listener.close()


def test_data_survives_a_restart_on_other_ports(tmp_path):
    with LocalStack(tmp_path, with_dagster=False, ports=random_ports(), environment={}) as first:
        settings = first.settings()
        s3_client(settings).put_object(Bucket=settings.s3_bucket, Key="a", Body=b"kept")
        with psycopg.connect(settings.database_url) as connection:
            connection.execute("create table kept as select 7 as seven")
    # Of the two choices of sixteen ports each, some may be the same by chance.
    others = next(ports for ports in iter(random_ports, {}) if not set(ports.values()) & set(first.ports.values()))
    with LocalStack(tmp_path, with_dagster=False, ports=others, environment={}) as second:
        settings = second.settings()
        assert s3_client(settings).get_object(Bucket=settings.s3_bucket, Key="a")["Body"].read() == b"kept"
        with psycopg.connect(settings.database_url) as connection:
            assert connection.execute("select seven from kept").fetchone() == (7,)


def test_settings_that_cannot_be_are_said_before_anything_starts(tmp_path):
    from signal_pipeline.errors import SettingsInvalid

    environment = {"DB_HOST": "db.example.org"}
    with (
        pytest.raises(SettingsInvalid, match="DB_PASSWORD"),
        LocalStack(tmp_path, with_dagster=False, environment=environment),
    ):
        pass
    assert not Path(tmp_path / "run" / "stack.json").exists()
