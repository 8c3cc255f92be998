"""What stock is worth: moving weighted averages, from posted facts in ledger order."""
