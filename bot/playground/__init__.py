"""A local Slack for tests, the demo and benchmarks. Strict where Slack is strict.

See README.md next to this file for how to start it, drive it and make it fail.
"""

from .delivery import Delivery
from .drivers import UserDriver
from .faults import Fault, Faults
from .forms import CannotDo, FormIncomplete
from .log import CallLog, CallRecord
from .model import (
    App,
    Change,
    Channel,
    Installation,
    Json,
    Message,
    SlackError,
    SlackUser,
    StoredFile,
    Team,
    View,
)
from .readable import Reader
from .server import Playground
from .signed import sign
from .workspace import Sent, Workspace
from .world import World

__all__ = [
    "App",
    "CallLog",
    "CallRecord",
    "CannotDo",
    "Change",
    "Channel",
    "Delivery",
    "Fault",
    "Faults",
    "FormIncomplete",
    "Installation",
    "Json",
    "Message",
    "Playground",
    "Reader",
    "Sent",
    "SlackError",
    "SlackUser",
    "StoredFile",
    "Team",
    "UserDriver",
    "View",
    "Workspace",
    "World",
    "sign",
]
