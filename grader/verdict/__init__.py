"""From checks to the one result."""
