"""The board as a page for people: from what is said at a moment to HTML."""
