"""Charge capture on screen."""
