"""What stands on the grid besides visits: notes, holds, blocks, and saved views."""
