"""Keeps what inspections have decided; nothing of it is ever changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from inventory.quality.domain.inspection import Inspection
from inventory.quality.tables import inspection, inspection_part


async def add(
    session: AsyncSession,
    given: Inspection,
    recorded_by: str,
    document_id: UUID | None,
    at: datetime,
) -> None:
    """Keep an inspection with its parts."""
    place, findings = given.place, given.findings
    key = {"site_id": place.site_id, "inspection_id": given.inspection_id}
    row = {
        "warehouse_id": place.warehouse_id,
        "item_id": place.item_id,
        "batch_id": place.batch_id,
        "source": given.source,
        "inspected_at": findings.inspected_at,
        "inspector": findings.inspector,
        "sample_size": findings.sample_size,
        "findings": findings.text,
        "attachments": list(findings.attachments),
        "document_id": document_id,
        "recorded_by": recorded_by,
        "recorded_at": at,
    }
    await session.execute(insert(inspection).values(key | row))
    parts = [
        {
            **key,
            "part_no": number,
            "decision": part.decision,
            "quantity": part.quantity,
            "reason": part.reason,
            "serials": list(part.serials),
        }
        for number, part in enumerate(given.parts, start=1)
    ]
    await session.execute(insert(inspection_part), parts)
