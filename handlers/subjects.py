"""Every subject that has handlers."""

from types import ModuleType

from handlers import (
    barriers,
    commitments,
    conversations,
    digests,
    directory,
    drafts,
    endings,
    gives,
    home,
    inputs,
    milestones,
    owner_settings,
    pauses,
    people,
    plans,
    progress,
    pulses,
    quiet,
    reasons,
    settings,
    steps,
    workspaces,
)

SUBJECTS: tuple[ModuleType, ...] = (
    barriers,
    commitments,
    conversations,
    digests,
    directory,
    drafts,
    endings,
    gives,
    home,
    inputs,
    milestones,
    owner_settings,
    pauses,
    people,
    plans,
    progress,
    pulses,
    quiet,
    reasons,
    settings,
    steps,
    workspaces,
)
"""Modules with a `register(router)`; the composition root calls each."""
