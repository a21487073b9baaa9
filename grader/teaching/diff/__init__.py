"""Two submissions of the same exercise beside each other: their text by function, and what they do."""
