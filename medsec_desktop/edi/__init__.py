"""X12 text and nothing else: segments, envelopes and what they hold."""
