"""migrate: one proven `helmfile/` tree out of scattered helmfiles."""

__version__ = "0.1.0"
