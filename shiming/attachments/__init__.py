"""Papers of a person: uploads that resume, the list of attachments, 社保缴费证明 with its age [004]."""
