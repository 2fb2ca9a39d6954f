"""One version for what joins entries; it goes up when the same entries give another timeline."""

TIMELINE_VERSION = "2026.11"
# Changelog
# 2026.11  ids, clocks by voting, evidence in log-odds, first causes
