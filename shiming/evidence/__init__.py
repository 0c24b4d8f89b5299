"""证据核对: whether trail, seals, anchors and business rows agree."""
