"""One version for everything that reads files; it goes up when a reader gives other entries for the same bytes."""

PARSERS_VERSION = "2026.11.1"
# Changelog
# 2026.11  HAR and log readers, stack traces of all listed languages
# 2026.11.1  times of day without a date, request ids beside trace ids, b3 headers
