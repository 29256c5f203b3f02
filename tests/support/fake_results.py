"""Runs the package's hooks on results that no real run of dbt could give quickly: thousands of them, with any text in them."""

from __future__ import annotations

from typing import Any

from tests.support.project import Project, Run

MACRO = """
{% macro log_fake_results() %}
  {% set results = [] %}
  {% for status, message in fakes() %}
    {% set name = 'm' ~ loop.index0 %}
    {% do results.append({
      'node': {
        'unique_id': 'model.shop.' ~ name, 'name': name, 'package_name': 'shop', 'resource_type': 'model',
        'database': target.database, 'schema': target.schema, 'alias': name, 'version': none, 'depends_on': {'nodes': []},
        'config': {'materialized': 'view', 'pre-hook': [], 'post-hook': []},
      },
      'status': status, 'message': message, 'thread_id': 'Thread-1', 'execution_time': 1.5, 'failures': none,
      'adapter_response': {},
      'timing': [
        {'name': 'compile', 'started_at': '2024-01-01T10:00:00.000001Z', 'completed_at': '2024-01-01T10:00:00.5Z'},
        {'name': 'execute', 'started_at': '2024-01-01T10:00:00.5Z', 'completed_at': '2024-01-01T10:00:01.500001Z'},
      ],
    }) %}
  {% endfor %}
  {% call statement(auto_begin=true) %}select 1{% endcall %}
  {% for sql in [exec_logger.log_run_start(), exec_logger.log_run_end(results)] if sql.strip() %}
    {% call statement(auto_begin=true) %}{{ sql }}{% endcall %}
  {% endfor %}
  {% do adapter.commit() %}
{% endmacro %}
"""


def log_failures(project: Project, messages: list[str], **settings: Any) -> Run:
    """Logs failed models m0, m1, … with these messages."""
    return log_results(project, "[" + ", ".join(f"('error', {literal(message)})" for message in messages) + "]", **settings)


def log_results(project: Project, expression: str, **settings: Any) -> Run:
    """Logs the results of models m0, m1, … that a Jinja expression makes: a list of (status, message)."""
    project.write("macros/fakes.sql", f"{{% macro fakes() %}}{{{{ return({expression}) }}}}{{% endmacro %}}\n{MACRO}")
    variables = {"execlog_commands": ["run-operation"], **settings}
    return project.dbt("run-operation", "log_fake_results", "--vars", str(variables))


def literal(text: str) -> str:
    """A Jinja literal, every character escaped, so that neither Jinja nor a file's encoding can touch it."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'
