"""Pages on the phone: 立即注册, the own face, 考勤 by face."""
