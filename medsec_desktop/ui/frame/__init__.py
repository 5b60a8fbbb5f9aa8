"""The window around the five tabs: its doors, its keys, its lock, its help."""
