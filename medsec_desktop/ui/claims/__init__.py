"""The tab where visits become claims and claims become money."""
