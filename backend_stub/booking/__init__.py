"""Times and appointments: what is free, who holds or has booked it, and the video visit."""
