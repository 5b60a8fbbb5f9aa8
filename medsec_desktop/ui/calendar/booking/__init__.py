"""Booking a visit, and what becomes of one: the pane, the cards, the pinboard."""
