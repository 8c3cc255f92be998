"""The HTTP edge every service has: problems, tokens, claims, one transaction per command."""
