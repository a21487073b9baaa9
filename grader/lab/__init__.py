"""What checks are written with: programs, clients, the kernel's view, deadlines, a transcript."""
