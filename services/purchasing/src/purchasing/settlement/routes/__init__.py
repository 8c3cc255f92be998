"""HTTP: the portal of suppliers, disputes, accruals and the rates of VAT."""
