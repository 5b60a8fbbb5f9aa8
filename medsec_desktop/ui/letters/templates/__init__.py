"""The templates of a practice on the screen: the list of them, and the panel that changes one."""
