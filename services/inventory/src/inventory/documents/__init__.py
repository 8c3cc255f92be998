"""Stock documents: one life cycle for everything that moves stock by hand."""
