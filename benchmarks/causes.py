"""One problem or five: causes found in reports whose fault is known, beside plain rules in the same run.

Reading all reports takes some minutes the first time; frames are kept by the version of the readers. The shop runs for
some minutes.

    python -m benchmarks.causes [--quick] [--seed N]
"""

from __future__ import annotations

import argparse

from benchmarks import causes_background, causes_mixed, causes_shop, causes_single, causes_speed, causes_storms
from benchmarks.causes_data import labelled_reports
from benchmarks.causes_ranking import solve
from benchmarks.result import Figure, write_result

QUICK = 12
"""Reports of each system that are read with --quick."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} reports of each system")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of reports that are put into one")
    arguments = parser.parse_args()
    most = QUICK if arguments.quick else None
    found: dict[str, Figure] = {}
    openstack = [(report, solve(report.entries)) for report in labelled_reports("openstack", most)]
    usual = causes_single.usual_signatures([report for report, _ in openstack])
    for part, held_out in (("dev", False), ("held_out", True), ("all", None)):
        chosen = [(report, solved) for report, solved in openstack if held_out in (None, report.is_held_out)]
        found |= causes_single.figures(part, chosen, usual)
        traced = [report for report, _ in chosen if report.truth["in_trace"] == "exact"]
        found |= causes_mixed.figures(part, traced, seed=arguments.seed)
    trains = [(report, solve(report.entries)) for report in labelled_reports("trainticket", most)]
    found |= causes_background.figures(trains)
    found |= causes_storms.figures() | causes_shop.figures() | causes_speed.figures()
    write_result("causes", found)


if __name__ == "__main__":
    main()
