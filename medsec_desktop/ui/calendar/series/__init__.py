"""Visits that repeat, made and changed together."""
