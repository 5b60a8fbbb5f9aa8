"""Claims: what one is, and the rules it has to pass before it leaves."""
