"""Two files side by side: made one, and taken apart again."""
