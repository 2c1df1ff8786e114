"""How long tests wait for what Slack would not wait for."""

ACK = 20.0
"""Seconds. Slack gives 3, but a machine that others share may stop us for longer; how fast we are
is for the benchmarks to say, and that the local Slack counts seconds for `tests/playground`."""
