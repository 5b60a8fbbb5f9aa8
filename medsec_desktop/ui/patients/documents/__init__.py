"""Documents on the screen: in a file, opened, on their way in, and waiting to be sorted."""
