"""Exchange rates: one for each currency and period, set by finance."""
