{#- dbt renders it for every node, in a context of its own that has neither the adapter, the graph nor the arguments of the invocation. So
    the name of a job that its selection gives is read from the command line, where that is short and says it all; else it is null: the
    log has it. The JSON text is without any asterisk, so that none can end the comment, and the last one of a statement begins it; and
    without a percent sign, which a seed would take for a place to fill in. -#}
{% macro query_comment(node) %}
  {%- set given = env_var('DBT_EXECLOG_JOB', '') or var('exec_logger', {}).get('execlog_job_name') or var('execlog_job_name', none) -%}
  {%- set command = flags.INVOCATION_COMMAND or '' -%}
  {%- if not given and command | length < 2000 and not modules.re.search('\\s(retry|--empty|--sample)\\b', command) -%}
    {%- set selected = {'select': [], 'exclude': [], 'selector': [], 'resource-type': [], 'exclude-resource-type': []} -%}
    {%- set shorts = {'s': 'select', 'm': 'select', 'model': 'select', 'models': 'select'} -%}
    {%- set option = {} -%}
    {%- for word in command.split() -%}
      {%- if word.startswith('-') -%}
        {%- set name = word.split('=')[0].lstrip('-') -%}
        {%- set name = shorts.get(name, name.replace('-types', '-type')) -%}
        {%- do option.update({'name': name}) -%}
        {%- if '=' in word and name in selected -%}{%- do selected[name].append(word.split('=', 1)[1]) -%}{%- endif -%}
      {%- elif option.name in selected -%}
        {%- do selected[option.name].append(word) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- set words = [flags.WHICH] -%}
    {%- for name, values in selected.items() if values -%}{%- do words.extend(['--' ~ name] + values) -%}{%- endfor -%}
    {%- set given = words | join(' ') -%}
  {%- endif -%}
  {%- set comment = {
    'app': 'exec_logger', 'invocation_id': invocation_id, 'node_id': node.unique_id if node else none,
    'job_name': given if given and given | length <= 500 else none,
  } -%}
  {{- tojson(comment).replace('*', '\\u002a').replace('%', '\\u0025') -}}
{% endmacro %}
