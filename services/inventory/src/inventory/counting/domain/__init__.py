"""The rules of counting: what a line holds, what the books held then, and who may decide."""
