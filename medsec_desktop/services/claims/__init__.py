"""Claims, and the codes they are written in."""
