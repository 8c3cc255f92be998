"""Stocktakes: what is on the shelf is counted, compared with the books, and put right."""
