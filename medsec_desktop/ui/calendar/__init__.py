"""The calendar on screen: the day, the booking pane beside it, and the way through the days."""
