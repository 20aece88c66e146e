"""What an application imports: `hub` makes calls by role, `life` is what begins with the first of them and ends."""

from llmhub.hub.hub import Hub

__all__ = ["Hub"]
