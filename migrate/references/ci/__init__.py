"""Pipelines: their steps are shell, their filters are patterns."""
