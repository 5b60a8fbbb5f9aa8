"""Every screen and every printed page as a picture: `python -m tests.pictures OUT`."""
