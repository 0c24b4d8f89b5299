"""Simulated reader with invented cards: SAM_A on a pseudo-terminal and the four bridges on local ports.

For tests, demonstrations and training.
"""
