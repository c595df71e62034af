"""Intents and audit records for tests."""

from octomil_tui.engine.audit import AuditRecord
from octomil_tui.engine.journal import Intent
from octomil_tui.engine.whoami import Whoami

AT = 1_781_666_011.0
"""2026-06-17T03:13:31Z."""

SERVICE = "https://api.octomil.test/v1"

INTENT = Intent(
    id="9c1e2f3a-0b1c-4d2e-8f3a-4b5c6d7e8f90",
    at=AT,
    service=SERVICE,
    org="acme-edge",
    model_id="mdl_1",
    model_name="phi-4-mini",
    from_version="1.1.0",
    to_version="1.0.0",
    group="staging",
    group_id="grp_1",
    reason="answers are wrong",
    devices=124,
    plan="f960",
    active_rollout_id="4127",
    key_fingerprint="0a1b2c3d",
)

WHOAMI = Whoami(user="mara", sudo_user=None, ssh_host="192.0.2.7", pid=4711, version="0.1.0")

RECORD = AuditRecord(
    whoami=WHOAMI,
    api_host="api.octomil.test",
    key_fingerprint="0a1b2c3d",
    action="rollback.accepted",
    scope="fleet",
    model="phi-4-mini",
    from_version="1.1.0",
    to_version="1.0.0",
    reason="answers are wrong",
    intent_id=INTENT.id,
    status=202,
    outcome="rolling_back",
    at=AT,
)
