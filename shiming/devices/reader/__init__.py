"""The ID card reader: frames of the SAM_A module, text and photo of the card, and the cycle find, select, read."""
