"""The calendar painted: the time grid, the month, the agenda, and the little month."""
