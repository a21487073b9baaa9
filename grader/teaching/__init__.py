"""What turns solutions into teaching material."""
