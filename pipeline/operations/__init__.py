"""What is done to a site as a whole: one writer, nights, what monitoring asks, erasure."""
