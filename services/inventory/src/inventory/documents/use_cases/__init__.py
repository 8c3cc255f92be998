"""What can be done with stock documents."""
