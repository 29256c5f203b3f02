"""Acts on a plan: starts dbt under the job's lease, and leaves the log closed behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from exec_logger import dbt, log
from exec_logger.errors import ExecLogError, Exit, NoLogError
from exec_logger.installing import install
from exec_logger.lease import lease
from exec_logger.liveness import CLOCK_SKEW, this_host
from exec_logger.planning import Plan, Planner, Wish
from exec_logger.records import CLOSED, Job
from exec_logger.restart import Action, planned
from exec_logger.session import Session

NOT_ALL_RAN = 1
"""Exit code where dbt was content, but left out what it was to run."""
NEWEST = 20
"""Among how many of the newest jobs ours has to be."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What was decided and, after a run, what came of it: the JSON of `execlog restart`."""

    decision: str
    reason: str
    job: dict[str, Any] | None = None
    attempt_no: int = 1
    """Of the coming run."""
    nodes: Sequence[str] = ()
    dropped: Sequence[str] = ()
    command: Sequence[str] = ()
    job_id: str | None = None
    exit_code: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def busy(reason: str) -> Report:
    return Report(Action.BUSY.value, reason, exit_code=int(Exit.BUSY))


def look(wish: Wish, tell: Tell) -> Report:
    """What a restart would do now. Changes nothing."""
    planner = Planner(wish)
    with Session(planner.target, read_only=True) as session:
        try:
            lease(session, lambda: planner.job_name(session.warehouse)).raise_if_held()
            plan = planner.plan(session.warehouse, planner.job_name(session.warehouse))
        except NoLogError as error:
            _require_auto_create(planner, error)
            plan = planner.first_build("there is no log table yet")
    _tell_notes(plan, tell)
    return _report(plan)


def act(wish: Wish, tell: Tell, *, dbt_stdout: int | None = None) -> Report:
    """Decides, runs dbt, and closes what died. `dbt_stdout` is a file descriptor for dbt's output, ours if none."""
    planner = Planner(wish)
    with Session(planner.target) as session:
        try:
            return _act(planner, session, tell, dbt_stdout)
        except NoLogError as error:  # dbt has not been started
            _require_auto_create(planner, error)
            session.close()
            tell("there is no log table yet; creating it.")
            install(planner.target, planner.dbt, planner.place_and_vars())
            return _act(planner, session, tell, dbt_stdout)


def _act(planner: Planner, session: Session, tell: Tell, dbt_stdout: int | None) -> Report:
    with lease(session, lambda: planner.job_name(session.warehouse)) as held:
        name = planner.job_name(session.warehouse)
        plan = planner.plan(session.warehouse, name)
        tell(f"{plan.decision.action.value}: {plan.decision.reason}.")
        _tell_notes(plan, tell)
        if not plan.command:
            return _report(plan)
        if plan.last and plan.last.job.status == "RUNNING":
            reason, ended_at = f"dbt died; {CLOSED} restart", plan.last.seen_at
            if not log.close_job(session.warehouse, plan.last.job, status="FAILED", reason=reason, ended_at=ended_at):
                raise ExecLogError(f"{plan.last.job.job_id} was alive, and has just moved on. Run this again later.", Exit.BUSY)
        tell(shown(plan.command))
        session.pause()
        own = _own_variables(plan, name)
        process = dbt.Dbt(
            plan.command, own, narrowed=not plan.nodes, stdout=dbt_stdout, inherited=held.inherited, before_start=held.share
        )  # fmt: skip
        with held.renewed():
            code = process.wait()
        return _finish(session, plan, process.pid, code, tell)


def shown(command: Sequence[str]) -> str:
    """A command line for people: long ones are cut, and the values of vars stay out of cron's mail."""
    import shlex

    words = ["…" if before == "--vars" else word for before, word in zip(("", *command), command, strict=False)]
    text = shlex.join(words)
    return text if len(text) <= 2000 else text[:2000] + " …"


def _own_variables(plan: Plan, name: str) -> dict[str, str | None]:
    """DBT_EXECLOG_*, which the package writes into the job's row."""
    retry = plan.decision.action is Action.SELECTIVE_RETRY
    return {
        "JOB": name,
        "RUN_TYPE": plan.decision.action.value,
        "RESTART_OF": plan.last.job.job_id if retry and plan.last else None,
        "ATTEMPT": str(plan.decision.attempt_no),
        "HOST": this_host(),
    }


def _finish(session: Session, plan: Plan, pid: int, code: int, tell: Tell) -> Report:
    try:
        job = _own_job(session, pid, plan.now - CLOCK_SKEW)
        if job and job.status == "RUNNING":
            reason = f"dbt ended with exit code {code} before the run was complete; {CLOSED} restart"
            log.close_job(session.warehouse, job, status="FAILED", reason=reason, ended_at=log.now(session.warehouse))
    except ExecLogError as error:
        tell(f"cannot read the log after the run: {error}")
        return _report(plan, exit_code=code)
    if job is None and code == 0:
        tell("dbt ended well, but the log has no row of this run. Check that the hooks of exec_logger are configured.")
        code = NOT_ALL_RAN if plan.nodes else code
    missing = sorted(_expected(plan) - set(planned(job))) if job and job.plan is not None else []
    if missing and code == 0:
        tell(f"dbt did not run all that was to be restarted: {', '.join(missing[:10])}. Check the selection above.")
        code = NOT_ALL_RAN
    return _report(plan, job_id=job.job_id if job else None, exit_code=code)


def _own_job(session: Session, pid: int, not_before: datetime) -> Job | None:
    """The row of the dbt that we started; process ids come again."""
    target = session.target
    newest = log.jobs(session.warehouse, NEWEST, project=target.project_name, target=target.target_name)
    own = [
        job
        for job in newest
        if (job.config.get("host"), job.config.get("pid")) == (this_host(), pid)
        and (job.started_at is None or job.started_at >= not_before)
    ]
    return log.job(session.warehouse, own[0].job_id) if own else None


def _expected(plan: Plan) -> set[str]:
    """dbt leaves unit tests out of its own plan."""
    return {unique_id for unique_id in plan.nodes if not unique_id.startswith("unit_test.")}


def _require_auto_create(planner: Planner, error: NoLogError) -> None:
    # as macros/settings.sql reads it
    if str(planner.target.settings.get("auto_create", True)).lower() not in ("true", "1", "yes", "on"):
        raise error


def _tell_notes(plan: Plan, tell: Tell) -> None:
    for note in plan.notes:
        tell(note)


def _report(plan: Plan, **after: Any) -> Report:
    action = plan.decision.action
    if action is Action.BUSY:
        after = {"exit_code": int(Exit.BUSY)}
    last = plan.last
    facts = last and {
        "id": last.job.job_id,
        "name": last.job.name,
        "status": last.job.status,
        "ended_at": f"{last.seen_at.isoformat()}Z",
        "age_seconds": max(0.0, (plan.now - last.seen_at).total_seconds()),
        "attempt_no": last.job.attempt_no,
    }
    reason, attempt_no = plan.decision.reason, plan.decision.attempt_no
    command = _without_secrets(plan)
    return Report(action.value, reason, facts or None, attempt_no, plan.nodes, plan.dropped, command, **after)


def _without_secrets(plan: Plan) -> Sequence[str]:
    """The command without the vars, if some of them are not even stored in the log."""
    hidden = plan.last.job.config.get("vars_hidden") if plan.last else None
    words = zip(("", *plan.command), plan.command, strict=False)
    return [("***" if hidden and before == "--vars" else word) for before, word in words]
