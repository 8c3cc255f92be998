"""Work with scanners at a warehouse's door: devices, sessions, and what was scanned in them."""
