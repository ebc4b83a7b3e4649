"""Verbs of training, filled in below as they land."""

from banmian.data.command import Verb

VERBS: dict[str, Verb] = {}
