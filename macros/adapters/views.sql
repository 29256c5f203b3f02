{#- The words that only the views need: a dict of format strings, apart from dialect() so that a logging run never reads them.
    view_sql() fills in (a, b, c). A path is `name.name`, `name[0].name` or `[0].name`; what is not there is null.
      text, integer, number, boolean, json   the value at path (b) of the JSON column (a)
      json_array, json_text, scalar   whether (a) is an array; (a) as JSON text, null for a JSON null; the text of the JSON scalar (a)
      elements        joins the elements of the JSON array (a), as element_ (value, index), index from 0
      members         joins the members of the object (a), as member_ (key, value)
      array           aggregates (a), ordered by (b), to a JSON array
      object          the function that makes a JSON object of names and values
      joined          aggregates the texts (a), (b) between them, ordered by (c)
      replaced        (a) with (c) where the regular expression (b) matches
      time            the text (a) as a timestamp; null where it is none
      seconds         from timestamp (a) to (b), a number
      now, days_ago   the time in UTC; (a) days before it
      time_text, from_json   dialect()'s
      kept            makes a CTE that is joined be worked out once, where the planner may think otherwise -#}
{% macro view_sql(word, a='', b='', c='') %}
  {#- while dbt parses, nobody reads what it would cost to write -#}
  {%- if not execute -%}{{ return('') }}{%- endif -%}
  {%- set words = adapter.dispatch('view_words', 'exec_logger')() -%}
  {%- set values = {
    'path': ('.' if b and not b.startswith('[')) ~ b, 'list': b.replace('[', '.').replace(']', '').split('.') | select | join(','),
    'now': words.now, 'a': a, 'b': b, 'c': c, 'text': a, 'time': a,
  } -%}
  {{ return(exec_logger.filled(words[word] if word in words else exec_logger.dialect()[word], values)) }}
{% endmacro %}

{% macro duckdb__view_words() %}
  {%- set words = {
    'text': "nullif(%(a)s ->> '$%(path)s', '')",
    'integer': "cast(try_cast(%(a)s ->> '$%(path)s' as double) as bigint)",
    'number': "try_cast(%(a)s ->> '$%(path)s' as double)",
    'boolean': "coalesce(%(a)s ->> '$%(path)s' = 'true', false)",
    'json': "(%(a)s -> '$%(path)s')",
    'json_array': "coalesce(json_type(%(a)s) = 'ARRAY', false)",
    'json_text': "nullif(cast(%(a)s as varchar), 'null')",
    'scalar': "(%(a)s ->> '$')",
    'elements': " cross join lateral (select unnest(list_) as value, generate_subscripts(list_, 1) - 1 as index"
      ~ " from (select %(a)s -> '$[*]' as list_) as lists_) as element_",
    'members': ' cross join lateral (select key_ as key, %(a)s -> key_ as value'
      ~ ' from (select unnest(json_keys(%(a)s)) as key_) as keys_) as member_',
    'array': 'to_json(list(%(a)s order by %(b)s))',
    'object': 'json_object',
    'joined': "string_agg(%(a)s, '%(b)s' order by %(c)s)",
    'replaced': "regexp_replace(%(a)s, '%(b)s', '%(c)s', 'g')",
    'time': 'try_cast(%(a)s as timestamp)',
    'seconds': 'extract(epoch from (%(b)s - %(a)s))',
    'now': 'make_timestamp(epoch_us(now()))',
    'days_ago': "%(now)s - interval '%(a)s days'",
    'kept': ' materialized',
  } -%}
  {{ return(words) }}
{% endmacro %}

{% macro postgres__view_words() %}
  {%- set words = {
    'text': "nullif(%(a)s #>> '{%(list)s}', '')",
    'integer': "case jsonb_typeof(%(a)s #> '{%(list)s}') when 'number' then (%(a)s #>> '{%(list)s}')::numeric::bigint end",
    'number': "case jsonb_typeof(%(a)s #> '{%(list)s}') when 'number' then (%(a)s #>> '{%(list)s}')::double precision end",
    'boolean': "coalesce(%(a)s #>> '{%(list)s}' = 'true', false)",
    'json': "(%(a)s #> '{%(list)s}')",
    'json_array': "coalesce(jsonb_typeof(%(a)s) = 'array', false)",
    'json_text': "nullif(cast(%(a)s as varchar), 'null')",
    'scalar': "(%(a)s #>> '{}')",
    'elements': ' cross join lateral (select value, ordinality - 1 as index from jsonb_array_elements('
      ~ "case jsonb_typeof(%(a)s) when 'array' then %(a)s end) with ordinality) as element_",
    'members': " cross join lateral jsonb_each(case jsonb_typeof(%(a)s) when 'object' then %(a)s end) as member_",
    'array': 'jsonb_agg(%(a)s order by %(b)s)',
    'object': 'jsonb_build_object',
    'joined': "string_agg(%(a)s, '%(b)s' order by %(c)s)",
    'replaced': "regexp_replace(%(a)s, '%(b)s', '%(c)s', 'g')",
    'time': "case when %(a)s ~ '^[0-9]{4}-[0-9][0-9]-[0-9][0-9][ T][0-9:]{8}([.][0-9]+)?$' then cast(%(a)s as timestamp) end",
    'seconds': 'extract(epoch from (%(b)s - %(a)s))::double precision',
    'now': "now() at time zone 'utc'",
    'days_ago': "%(now)s - interval '%(a)s days'",
    'kept': ' materialized',
  } -%}
  {{ return(words) }}
{% endmacro %}

{% macro snowflake__view_words() %}
  {%- set words = {
    'text': "nullif(get_path(%(a)s, '%(b)s')::varchar, '')",
    'integer': "try_cast(get_path(%(a)s, '%(b)s')::varchar as double)::bigint",
    'number': "try_cast(get_path(%(a)s, '%(b)s')::varchar as double)",
    'boolean': "coalesce(get_path(%(a)s, '%(b)s')::varchar = 'true', false)",
    'json': "get_path(%(a)s, '%(b)s')",
    'json_array': 'coalesce(is_array(%(a)s), false)',
    'json_text': "nullif(to_json(%(a)s), 'null')",
    'scalar': "trim(%(a)s::varchar, '\"')",
    'elements': ", lateral flatten(input => %(a)s) as element_",
    'members': ', lateral flatten(input => %(a)s) as member_',
    'array': 'array_agg(%(a)s) within group (order by %(b)s)',
    'object': 'object_construct_keep_null',
    'joined': "listagg(%(a)s, '%(b)s') within group (order by %(c)s)",
    'replaced': "regexp_replace(%(a)s, '%(b)s', '%(c)s')",
    'time': 'try_cast(%(a)s as timestamp_ntz)',
    'seconds': "timestampdiff('microsecond', %(a)s, %(b)s) / 1000000",
    'now': 'sysdate()::timestamp_ntz',
    'days_ago': "dateadd('day', -%(a)s, %(now)s)",
    'kept': '',
  } -%}
  {{ return(words) }}
{% endmacro %}
