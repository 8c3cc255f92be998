"""Deliveries over HTTP: proof, paper, scans and links."""

from sales.deliveries.routes import links, papers, photos, scans

ROUTERS = [
    papers.router,
    photos.steps,
    photos.queries_router,
    scans.commands,
    links.commands,
    links.signing,
]
