"""Paper: how each kind is printed, what waits to be printed again, labels and envelopes."""
