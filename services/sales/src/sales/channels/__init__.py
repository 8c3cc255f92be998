"""By which way orders come in, and how long goods are held for those of each."""
