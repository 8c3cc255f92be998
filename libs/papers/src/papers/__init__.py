"""Documents on paper: labels with QR codes, and pages to sign."""
