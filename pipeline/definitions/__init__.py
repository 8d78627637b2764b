"""What specialists write, as types: instruments, factors, norms, screens, sites."""
