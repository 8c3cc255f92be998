"""What there is to keep stock of, and where: items, sites and warehouses."""
