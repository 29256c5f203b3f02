{#- What the hooks of one invocation share: settings, log table, plan, and what was written so far. dbt 1.x hands every hook the same
    `graph` dict, so the state is made once and kept there under the invocation's id; elsewhere (dbt 2.x) each hook makes it anew
    and `shared` is false. Keys:
      active          whether this invocation is logged
      settings, words, relation, columns   settings() and log_table()
      plan            the unique_ids that dbt set out to run, ours left out; none where dbt does not say (dbt retry)
      job_id          PROCESS_STEP_ID of the job
      not_before      no row of this invocation was inserted before this time, whatever the clocks say: a day before dbt started
      first_builds    unique_id → true for incremental models that did not exist when the run started
      started         unique_id → true for nodes whose start row was written
      job_written     whether the job's start row was written
      failures        the statuses that count as failed
      problems        what the warehouse answered to writes that failed: [{what, message}] -#}
{% macro run_state() %}
  {%- set known = graph.get('exec_logger') -%}
  {%- if known and known.invocation_id == invocation_id -%}{{ return(known) }}{%- endif -%}
  {%- set settings = exec_logger.settings() -%}
  {%- set which = flags.WHICH or invocation_args_dict.which -%}
  {%- set plan = [] -%}
  {%- for unique_id in selected_resources | sort -%}
    {%- if unique_id.split('.')[1] != 'exec_logger' -%}{%- do plan.append(unique_id) -%}{%- endif -%}
  {%- endfor -%}
  {%- set state = {
    'invocation_id': invocation_id,
    'which': which,
    'shared': dbt_version.startswith('1.'),
    'active': settings.enabled and which in settings.commands and not (selected_resources and not plan),
    'settings': settings,
    'plan': plan if selected_resources else none,
    'job_id': 'JOB_' ~ invocation_id,
    'not_before': exec_logger.utc_text(run_started_at - modules.datetime.timedelta(days=1)),
    'first_builds': {},
    'started': {},
    'job_written': false,
    'failures': ['FAILED', 'PARTIAL_SUCCESS'],
    'problems': [],
  } -%}
  {%- if state.active -%}{%- do state.update(exec_logger.log_table(settings)) -%}{%- endif -%}
  {%- if state.shared -%}{%- do graph.update({'exec_logger': state}) -%}{%- endif -%}
  {{ return(state) }}
{% endmacro %}
