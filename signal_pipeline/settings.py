"""Every setting, read from the environment once and validated with clear errors.

What belongs here: names, bounds, defaults, help. What does not: what a person may change for one run
(that is Dagster config), and knowledge such as masks or rules (those are tables in the domain).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.setting_names import wrong_names
from signal_pipeline.setting_rules import (
    addresses,
    given_path,
    key_prefix,
    kind_names,
    listening_address,
    named_path,
    own_secret,
    retention,
)

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({LOOPBACK, "localhost", "::1"})
ClusterAlgorithm = Literal["calibrated", "dbscan", "hdbscan", "agglomerative"]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
Secret = Annotated[SecretStr, Field(min_length=1), AfterValidator(own_secret)]
OptionalSecret = Annotated[SecretStr, AfterValidator(own_secret)] | None
Key = Annotated[SecretStr, Field(min_length=16), AfterValidator(own_secret)]
Addresses = Annotated[str, AfterValidator(addresses)]
GivenPath = Annotated[Path, BeforeValidator(given_path)]
Days = Annotated[float, AfterValidator(retention)]
NatsUrl = Annotated[str, StringConstraints(pattern=r"^(nats|tls|ws|wss)://", min_length=8), AfterValidator(addresses)]


class Settings(BaseSettings):
    """All settings; the environment variable is the field's name in upper case."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", hide_input_in_errors=True, frozen=True, case_sensitive=False
    )

    db_host: str = Field("127.0.0.1", min_length=1, description="Postgres host")
    db_port: int = Field(5432, ge=1, le=65535, description="Postgres port")
    db_name: Identifier = Field("signal_pipeline", description="the product's database")
    db_username: Identifier = Field("signal_pipeline", description="Postgres role")
    db_password: Secret = Field(description="password of the Postgres role")
    dagster_db_name: Identifier = Field("dagster", description="Dagster's own database on the same server")
    dagster_db_username: Identifier | None = Field(
        None, description="Postgres role that owns Dagster's database; not set means the product's"
    )
    dagster_db_password: OptionalSecret = Field(None, description="password of that role")

    nats_url: NatsUrl = Field(
        repr=False,
        description="NATS server, with the sensor's user and password if it requires them",
    )
    nats_producer_url: NatsUrl | None = Field(
        None, repr=False, description="the same as the user who may only send reports in; not set means NATS_URL"
    )
    nats_operator_url: NatsUrl | None = Field(
        None, repr=False, description="the same as the user who may change streams; not set means NATS_URL"
    )
    nats_stream: Identifier = Field("SIGNALS", description="JetStream stream for report.signals")
    nats_consumer: Identifier = Field("signal_pipeline", description="durable consumer of the sensor")
    nats_monitor_url: Addresses | None = Field(
        None,
        repr=False,
        pattern=r"^(https?|nats)://",
        description="NATS monitoring address, for the checks of its settings: http://, or nats:// with a user of the"
        " system account",
    )

    s3_endpoint: Addresses | None = Field(
        None, pattern=r"^https?://", description="S3 endpoint; not set means AWS's own"
    )
    s3_access_key: Secret = Field(description="S3 access key")
    s3_secret_key: Secret = Field(description="S3 secret key")
    s3_bucket: str = Field(
        "bug-repro-artifacts",
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="bucket of the files",
    )
    s3_region: str = Field("us-east-1", min_length=1, description="region that requests are signed for")

    frame_store: Literal["local", "s3"] = Field("local", description="where the assets' Parquet files are stored")
    frame_dir: GivenPath = Field(
        Path(".signal_pipeline/frames"), description="folder of the Parquet files when FRAME_STORE is local"
    )
    model_dir: GivenPath = Field(Path(".signal_pipeline/models"), description="folder of the exported model")
    embedding_runtime: Literal["onnx", "sentence-transformers", "endpoint"] = Field(
        "onnx",
        description="onnx runs the exported model; sentence-transformers is the reference; endpoint: at EMBEDDING_URL",
    )
    embedding_model: str = Field("all-MiniLM-L6-v2", min_length=1, description="model by name or path")
    embedding_url: Addresses | None = Field(
        None, pattern=r"^https?://", description="server with /v1/embeddings, for the runtime endpoint"
    )
    embedding_api_key: OptionalSecret = Field(None, description="key of that server, if it requires one")

    max_concurrent_tasks: int = Field(5, ge=1, le=1000, description="Dagster runs at once")
    fork_server: bool = Field(True, description="fork runs from a process that has its imports done (Linux)")
    temp_dir: GivenPath = Field(
        default_factory=lambda: Path(tempfile.gettempdir()),
        description="folder for files while they are read",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field("INFO", description="what is logged")

    cluster_algorithm: ClusterAlgorithm = Field(
        "calibrated",
        description="calibrated has guards against chains; dbscan, hdbscan, agglomerative are plain",
    )
    similarity_threshold: float | None = Field(
        None,
        gt=0,
        le=2,
        allow_inf_nan=False,
        description="cosine distance up to which signatures are joined; not set means 0.3, and for calibrated the"
        " radius that was calibrated",
    )
    min_samples_cluster: int = Field(2, ge=1, le=100, description="signatures that dbscan needs for a cluster")

    hold_reclusterings: bool = Field(
        False, description="a re-clustering waits for `signal-pipeline publish` before it becomes the current one"
    )
    slow_request_ms: float = Field(
        1_000.0,
        ge=1,
        le=3_600_000,
        allow_inf_nan=False,
        description="successful requests that took longer are also analysed on the timeline, ms",
    )
    slow_error_ms: float = Field(
        5_000.0,
        ge=1,
        le=3_600_000,
        allow_inf_nan=False,
        description="requests in HAR files that took longer are reported, if long for their report too, ms",
    )
    least_link_confidence: float = Field(
        0.5, gt=0, lt=1, allow_inf_nan=False, description="timeline links with less confidence are dropped"
    )

    redaction_key: Key = Field(
        description="key of the pseudonyms that keep equal values equal; keep it outside the database"
    )
    max_file_bytes: int = Field(
        2 * 1024**3, ge=1, le=2**40, description="largest file that is read, bytes after decompression"
    )
    max_read_seconds: float = Field(
        600.0, ge=1, le=86400, allow_inf_nan=False, description="longest that one file is read, seconds"
    )
    max_read_memory_mb: int = Field(
        2048, ge=512, le=2**20, description="memory for a file that is read in isolation after a crash, MiB"
    )
    temp_space_reserve_mb: int = Field(
        256, ge=0, le=2**20, description="free space to keep in TEMP_DIR; with less, runs wait, MiB"
    )

    intake_batch: int = Field(500, ge=1, le=1000, description="messages taken in one batch")
    intake_kinds: Annotated[str, AfterValidator(kind_names)] = Field(
        "", description="kinds of requests that this installation processes, comma-separated; not set means all"
    )
    reports_per_run: int = Field(200, ge=1, le=1000, description="reports of a backlog that share a run at most")
    intake_wait_seconds: float = Field(
        40.0, ge=0, le=50, allow_inf_nan=False, description="how long a tick waits for messages"
    )
    unknown_report_grace_seconds: float = Field(
        30.0,
        ge=0,
        le=86400,
        allow_inf_nan=False,
        description="a message may be this much earlier than its report",
    )
    lease_seconds: float = Field(
        60.0,
        ge=5,
        le=3600,
        allow_inf_nan=False,
        description="a run without a heartbeat for this long is taken over",
    )
    max_attempts: int = Field(4, ge=1, le=20, description="attempts at a report before it is dead")
    retry_delay_seconds: float = Field(
        5.0,
        ge=0,
        le=3600,
        allow_inf_nan=False,
        description="pause after the first failed attempt; 5 times as long after the second, then 25 times",
    )

    retention_days: Days = Field(
        0.0, ge=0, le=36500, allow_inf_nan=False, description="age at which reports are permanently deleted; 0 is never"
    )
    partitions_kept: int = Field(
        20_000,
        ge=100,
        le=100_000,
        description="newest reports that stay partitions in Dagster; the data of older ones stays",
    )
    run_events_days: Annotated[float, AfterValidator(retention)] = Field(
        30.0, ge=0, le=36500, allow_inf_nan=False, description="age at which a run loses its step events; 0 is never"
    )
    event_schemas: GivenPath | None = Field(
        None, description="folder of JSON Schemas of events; not set: the demo shop's"
    )
    event_rules: GivenPath | None = Field(None, description="TOML table of rules over events; not set: the demo shop's")

    window_seconds: int = Field(
        60, ge=1, le=86_400, description="length of the windows of time that traffic in captures is counted in, seconds"
    )
    max_windows_keep: int = Field(
        1_000,
        ge=1,
        le=1_000,
        description="newest windows of a report that are kept, and of earlier captures of its source that they are"
        " compared with",
    )

    runtime_settings_file: GivenPath | None = Field(
        None, description="TOML file with settings that take effect without a restart, such as lease_seconds = 90"
    )
    work_limits_file: GivenPath | None = Field(
        None, description="TOML file with limits of runs by kind of work, and sizes of their pods"
    )
    schedules_file: GivenPath | None = Field(
        None, description="TOML file with schedules of your own: cluster again, delete, process at given times"
    )
    drop_folder: GivenPath | None = Field(
        None, description="folder that `up` watches: files that are put there become reports; not set means none"
    )
    drop_folder_settle_seconds: float = Field(
        10.0,
        ge=0.1,
        le=86_400,
        allow_inf_nan=False,
        description="a file in the drop folder is submitted once it has not changed for this long, seconds",
    )
    capture_min_age_seconds: float = Field(
        30.0,
        ge=0,
        le=300,
        allow_inf_nan=False,
        description="the same for packet captures, which a capturing program writes in bursts, seconds",
    )

    api_host: Annotated[str, AfterValidator(listening_address)] = Field(
        "127.0.0.1", min_length=1, description="address that the API listens on; any but loopback needs tokens"
    )
    api_port: int = Field(8090, ge=1, le=65535, description="port of the API")
    api_hosts: str = Field("", description="names that the API may be called by beside loopback's, comma-separated")
    api_admin_token: Key | None = Field(
        None, description="a token that may do everything; not set means that loopback needs none"
    )
    api_tokens_file: Annotated[Path, BeforeValidator(named_path)] | None = Field(
        None, description="file with more tokens, as `signal-pipeline tokens` writes it"
    )
    api_requests_per_second: float = Field(
        100.0, gt=0, le=100_000, allow_inf_nan=False, description="requests of one client; more are answered by 429"
    )
    api_in_flight: int = Field(64, ge=1, le=10_000, description="requests at once; more are answered by 429")
    api_upload_bytes: int = Field(2 * 1024**3, ge=1, le=2**40, description="largest upload, bytes")
    api_reference_prefix: Annotated[str, AfterValidator(key_prefix)] = Field(
        "uploads/", min_length=1, max_length=200, description="objects of the bucket that a submission may refer to"
    )
    api_health_interval_seconds: float = Field(
        10.0, ge=1, le=60, allow_inf_nan=False, description="how often the API checks its dependencies, seconds"
    )
    api_url: Addresses | None = Field(
        None, pattern=r"^https?://", description="address of the API as people reach it, for links; not set means none"
    )
    dagster_url: Addresses | None = Field(
        None, pattern=r"^https?://", description="address of the Dagster UI, for links to it; not set means no links"
    )

    @property
    def database_url(self) -> str:
        """The product's database as a libpq keyword string (safe for any character in a password)."""
        return self._conninfo(self.db_name, self.db_username, self.db_password.get_secret_value())

    @property
    def dagster_database_url(self) -> str:
        return self._conninfo(self.dagster_db_name, *self.dagster_login)

    @property
    def dagster_login(self) -> tuple[str, str]:
        """Role and password for Dagster's database."""
        if self.dagster_db_username is None:
            return self.db_username, self.db_password.get_secret_value()
        own = self.dagster_db_password
        return self.dagster_db_username, "" if own is None else own.get_secret_value()

    def _conninfo(self, database: str, user: str, password: str) -> str:
        from psycopg.conninfo import make_conninfo

        return make_conninfo(
            "",
            host=self.db_host,
            port=self.db_port,
            dbname=database,
            user=user,
            password=password,
            application_name="signal_pipeline",
            connect_timeout=10,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
        )


def load_settings(**overrides: Any) -> Settings:
    """The settings from the environment (and .env); SettingsInvalid names each variable that is wrong, also one whose
    name is that of a removed setting or, in .env, almost that of a setting."""
    lines = list(wrong_names(Settings.model_fields, os.environ, DotEnvSettingsSource(Settings).env_vars))
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        lines += [
            f"{'.'.join(str(part) for part in problem['loc']).upper()}: {_wording(problem)}"
            for problem in error.errors(include_input=False, include_url=False)
        ]
    if lines:
        raise SettingsInvalid(
            "the settings cannot be used:\n  "
            + "\n  ".join(lines)
            + "\nSee .env.example for every name and its bounds."
        ) from None
    return settings


def _wording(problem: ErrorDetails) -> str:
    if problem["type"] == "missing":
        return "is not set and has no default"
    if problem["type"] == "too_short":
        return f"needs at least {problem['ctx']['min_length']} characters"
    message = problem["msg"].removeprefix("Value error, ")
    return message[0].lower() + message[1:]
