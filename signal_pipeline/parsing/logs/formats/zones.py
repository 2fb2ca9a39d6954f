"""How far the zones that logs name are from UTC."""

from __future__ import annotations

ZONE_MINUTES: dict[str, int] = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "SAST": 120, "MSK": 180, "PKT": 300, "IST": 330, "WIB": 420, "HKT": 480, "SGT": 480, "AWST": 480, "JST": 540,
    "KST": 540, "ACST": 570, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "BRT": -180, "ART": -180,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
    "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
"""Zone names as logs print them, in minutes east of UTC. IST is read as India, CST as North America."""
