"""The dagster.yaml of an instance with the pooled storage; %s is the address of its database."""

YAML = """\
storage:
  custom:
    module: signal_pipeline.orchestration.pooled_storage
    class: PooledPostgresStorage
    config: {postgres_url: "%s"}
telemetry: {enabled: false}
"""
