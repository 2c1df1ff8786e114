"""Every subject that has handlers."""

from types import ModuleType

SUBJECTS: tuple[ModuleType, ...] = ()
"""Modules with a `register(router)`; the composition root calls each."""
