"""What the services say to each other: envelope, topics, and the events of each producer."""
