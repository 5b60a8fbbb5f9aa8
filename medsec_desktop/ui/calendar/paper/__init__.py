"""The calendar printed and exported."""
