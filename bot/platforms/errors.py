"""What every platform may answer besides what a send can come to."""

from jobs.messenger import Rejected, Unreachable


class ReceivedElsewhere(Unreachable):
    """Another program asks for this bot's updates, or they go to another address."""


class MessageGone(Rejected):
    """The message to edit was deleted, may no longer be edited, or is no text."""
