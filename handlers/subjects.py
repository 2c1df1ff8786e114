"""Every subject that has handlers."""

from types import ModuleType

from handlers import commitments, inputs, progress

SUBJECTS: tuple[ModuleType, ...] = (
    commitments,
    inputs,
    progress,
)
"""Modules with a `register(router)`; the composition root calls each."""
