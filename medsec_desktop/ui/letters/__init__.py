"""The Letters tab: the archive of letters filed, and the panel that writes one."""
