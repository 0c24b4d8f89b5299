"""Shiming 实名: real-name management of workers on building sites."""

__version__ = "0.1.0"
