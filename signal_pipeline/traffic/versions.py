"""Versions of what is made of flows."""

TRAFFIC_VERSION = 2
"""1: computed when read. 2: stored; windows compared with those of earlier captures; alerts about DNS and windows."""

PROTOCOLS_VERSION = 2
"""Of the shipped forest. 2: services that first data name."""
