"""The Web API methods, one file per family; importing this package registers them all."""

from . import chat, conversations, files, misc, users, views

__all__ = ["chat", "conversations", "files", "misc", "users", "views"]
