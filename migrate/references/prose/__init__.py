"""Texts that people read: comments, documents, messages. Only what looks like a path, or like a call of helmfile, is found."""

from __future__ import annotations

from migrate.references.prose.calls import calls_in
from migrate.references.prose.own_name import OwnName, own_names
from migrate.references.prose.reading import Reading
from migrate.references.prose.tokens import mentions_in

__all__ = ["OwnName", "Reading", "calls_in", "mentions_in", "own_names"]
