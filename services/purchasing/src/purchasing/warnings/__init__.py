"""Warnings: what somebody must act upon, shown to those it is addressed to."""
