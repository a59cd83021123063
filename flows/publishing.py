"""The end of a night: the audit, the published copy, the quality page. A violation stops publishing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flows.context import RunContext, open_run
from flows.home import RunFailed
from flows.ledger import noted
from flows.linking import link_events
from flows.proposing import propose_edits
from flows.published import note_published
from flows.settings import Settings
from reports.quality import Repairs, render_quality
from warehouse import read
from warehouse.audit import run_checks
from warehouse.publish import publish as publish_copy


def audit(context: RunContext) -> None:
    """Run the warehouse's checks; raises RunFailed, naming them, when one returns a row."""
    violations = run_checks(context.warehouse)
    context.counts["violations"] = len(violations)
    if violations:
        named = "; ".join(f"{violation.check}: {violation.row_id} {violation.detail}" for violation in violations[:5])
        raise RunFailed(f"{len(violations)} violations, nothing was published: {named}")


def publish(context: RunContext) -> Path:
    """Note the event ids in the ledger, then put a read-only copy of the warehouse in the place of the last one."""
    note_published(context)
    publish_copy(context.warehouse, context.home.published)
    return context.home.published


def write_quality_page(context: RunContext) -> Path:
    """Write the night's quality page, with the edits of the catalogue that the attempts so far propose."""
    night = date.fromisoformat(context.night)
    proposal = propose_edits(context.settings, context.warehouse, context.clock())
    if proposal.reasons:
        context.counts["proposed_edits"] = len(proposal.reasons)
    page = render_quality(
        context.night,
        read.validations(context.warehouse, night),
        read.rejections(context.warehouse, night),
        Repairs(proposal.diff, proposal.reasons, proposal.by_hand),
    )
    path = context.home.quality / f"{context.night}.html"
    path.write_text(page, encoding="utf-8")
    return path


def publish_again(settings: Settings) -> Path:
    """Link, audit and publish the warehouse as it is; return the published file."""
    with open_run("publish", settings) as context:
        noted(context, "link", link_events)
        audit(context)
        return publish(context)
