"""Code versions of the assets, put together from the versions of the tables and models behind them."""

from __future__ import annotations

from signal_pipeline.classification.classify import CLASSIFICATION_VERSION
from signal_pipeline.classification.generalise import GENERALISE_VERSION
from signal_pipeline.classification.texts import TEXT_VERSION
from signal_pipeline.clustering.settings import VERSION as CLUSTERING_VERSION
from signal_pipeline.embedding.export import RECIPE
from signal_pipeline.pipeline.reader_version import PARSING_VERSION
from signal_pipeline.stack_traces.version import STACK_TRACES_VERSION
from signal_pipeline.traffic.versions import PROTOCOLS_VERSION, TRAFFIC_VERSION

MANIFEST_CODE = "1"
TRAFFIC_CODE = f"{TRAFFIC_VERSION}/protocols-{PROTOCOLS_VERSION}"
# Of assets that a step makes beside its own.
CODE_BESIDE = {"flows": TRAFFIC_CODE, "traffic_windows": TRAFFIC_CODE, "traffic_alerts": TRAFFIC_CODE}
PARSING_CODE = PARSING_VERSION
CLASSIFICATION_CODE = f"{CLASSIFICATION_VERSION}/{GENERALISE_VERSION}/traces-{STACK_TRACES_VERSION}"
EMBEDDING_CODE = f"{TEXT_VERSION}/onnx-{RECIPE}"
CLUSTERING_CODE = str(CLUSTERING_VERSION)
