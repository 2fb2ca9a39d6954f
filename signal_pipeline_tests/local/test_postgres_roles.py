"""Two roles, each with its own database: neither reads the other's, and what an earlier version made is handed over."""

import json

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.stack import DAGSTER_DATABASE, DATABASE, LocalStack

pytestmark = pytest.mark.slow
ADDED = ("postgres_dagster", "nats_producer", "nats_operator")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("roles")


def test_a_folder_of_the_version_before_is_handed_over(home):
    """As it was: one role owned both databases, and the secrets knew neither Dagster's role nor NATS's users."""
    with LocalStack(home, with_dagster=False, ports=random_ports(), environment={}) as stack:
        secrets = json.loads(stack.folder.secrets_file.read_text())
        place = {"host": "127.0.0.1", "port": stack.ports["postgres"], "autocommit": True}
        superuser = {"user": "postgres", "password": secrets["postgres_superuser"]}
        with psycopg.connect(dbname=DAGSTER_DATABASE, **place, **superuser) as connection:
            connection.execute("alter database dagster owner to signal_pipeline")
            connection.execute("grant all on database dagster to public")
        product = {"user": "signal_pipeline", "password": secrets["postgres"]}
        with psycopg.connect(dbname=DAGSTER_DATABASE, **place, **product) as connection:
            connection.execute("create type state as enum ('new', 'old')")
            connection.execute("create table runs (id bigserial primary key, state state)")
            connection.execute("insert into runs (state) values ('old')")
        with psycopg.connect(dbname=DATABASE, **place, **product) as connection:
            connection.execute("create table reports as select 7 as seven")
            connection.execute("create database shop")
        stack.folder.secrets_file.write_text(
            json.dumps({name: value for name, value in secrets.items() if name not in ADDED})
        )
    with LocalStack(home, with_dagster=False, ports=random_ports(), environment={}) as stack:
        settings = stack.settings()
        kept = json.loads(stack.folder.secrets_file.read_text())
        assert {name: kept[name] for name in secrets if name not in ADDED} == {
            name: value for name, value in secrets.items() if name not in ADDED
        }
        assert set(ADDED) <= set(kept)
        with psycopg.connect(settings.dagster_database_url) as connection:
            connection.execute("insert into runs (state) values ('new')")
            connection.execute("alter table runs add column note text")
            assert connection.execute("select count(*) from runs").fetchone() == (2,)
        with psycopg.connect(settings.database_url) as connection:
            assert connection.execute("select seven from reports").fetchone() == (7,)
            connection.execute("alter table reports add column note text")
        owners = owners_of_databases(settings)
        assert (owners[DATABASE], owners["shop"], owners[DAGSTER_DATABASE]) == ("signal_pipeline",) * 2 + ("dagster",)


@pytest.fixture(scope="module")
def settings(home):
    with LocalStack(home, with_dagster=False, ports=random_ports(), environment={}) as stack:
        yield stack.settings()


def owners_of_databases(settings):
    with psycopg.connect(settings.database_url) as connection:
        return dict(connection.execute("select datname, pg_get_userbyid(datdba) from pg_database").fetchall())


def test_no_role_reaches_the_other_s_database(settings):
    for url, other in ((settings.database_url, DAGSTER_DATABASE), (settings.dagster_database_url, DATABASE)):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(make_conninfo(url, dbname=other))


def test_no_role_has_the_other_s_password(settings):
    password = settings.db_password.get_secret_value()
    assert settings.dagster_login[1] != password
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(make_conninfo(settings.dagster_database_url, password=password))


def test_no_role_can_make_itself_more(settings):
    for url in (settings.database_url, settings.dagster_database_url):
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute(
                "select rolsuper or rolcreaterole or rolreplication or rolbypassrls from pg_roles"
                " where rolname = current_user"
            ).fetchone()
            assert row == (False,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("copy (select 1) to program 'true'")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select pg_read_file('postgresql.conf')")
    with (
        psycopg.connect(settings.database_url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"create database copy_of_runs template {DAGSTER_DATABASE}")
