"""What quality loads, locks and keeps."""
