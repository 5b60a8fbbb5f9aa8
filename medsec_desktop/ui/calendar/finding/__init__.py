"""The search for free times."""
