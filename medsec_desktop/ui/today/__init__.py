"""The tab a day begins with."""
