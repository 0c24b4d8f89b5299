"""个人端: registration and 我的."""
