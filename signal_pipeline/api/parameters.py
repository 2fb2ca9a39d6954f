"""Parameters that a route does not know are refused, where ignoring one would do or show more than was asked for."""

from __future__ import annotations

from fastapi import Request
from fastapi.routing import APIRoute

from signal_pipeline.api.problems import Problem


def only_known_parameters(request: Request) -> None:
    """As a dependency of a router. Problem 422 for others; their names may be anything, and are not quoted."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = [one.alias for one in route.dependant.query_params]
    if any(name not in known for name in request.query_params):
        names = f"those of this one are {', '.join(known)}" if known else "this one has none"
        raise Problem(422, "unknown_parameter", f"the query has a parameter that is not known; {names}")
