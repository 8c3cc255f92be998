"""Reads invoices: bytes in, fields with their confidence and place out.

It knows no database, no HTTP and no setting. What is heavy or dangerous in it runs in a process of
its own (`python -m invoice_reading`), which `sandbox` starts with bounds on time and memory;
`gate` and `model` are light, and the only parts that anybody else imports.
"""
