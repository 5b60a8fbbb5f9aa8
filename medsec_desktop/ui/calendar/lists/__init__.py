"""Lists to work off: who waits, who is recalled, who is to confirm, whose doctor is away."""
