"""Running unattended: locks, kills, full disks, records."""
