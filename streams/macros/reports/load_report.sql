{% macro prepare_load_report() %}
  {%- set settings = exec_logger_streams.stream_settings() -%}
  {%- set source, target_model = ref(settings.dcf_source_model), ref(settings.dcf_target_model) -%}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set medium, high = settings.dcf_medium_quality | float, settings.dcf_high_quality | float -%}
    {%- set count = '(select count(*) from ' ~ source ~ ' where %s)' -%}
    {%- set minutes = exec_logger_streams.load_minutes(state) -%}
    {{- exec_logger_streams.sql_object(state, {
      'stream_name': exec_logger_streams.sql_value(state, settings.stream_name),
      'processing_date': exec_logger_streams.instance_value(state, 'prcs_date'),
      'load_summary': exec_logger_streams.sql_object(state, {
        'total_records_processed': 'source_record_count',
        'records_loaded_successfully': exec_logger_streams.loaded_count(state, target_model),
        'average_data_quality_score': 'avg_data_quality',
        'load_duration_minutes': minutes,
        'load_completion_status': 'load_execution_status',
      }),
      'quality_metrics': exec_logger_streams.sql_object(state, {
        'high_quality_records': count.replace('%s', 'data_quality_score >= ' ~ high),
        'medium_quality_records': count.replace('%s', 'data_quality_score >= ' ~ medium ~ ' and data_quality_score < ' ~ high),
        'low_quality_records': count.replace('%s', 'data_quality_score < ' ~ medium),
      }),
      'performance_metrics': exec_logger_streams.sql_object(state, {
        'warehouse_utilized': exec_logger_streams.sql_value(state, settings.dcf_load_warehouse),
        'credits_consumed': exec_logger_streams.get_credits_consumed(),
        'throughput_records_per_minute':
          'cast(source_record_count / greatest(' ~ minutes ~ ', 1.0) as decimal(18, 2))',
      }),
    }) -}}
  {%- endif -%}
{% endmacro %}

{% macro send_load_completion_report() %}
  {%- if execute -%}
    {%- set state = exec_logger_streams.stream_state() -%}
    {%- set stream = state.settings.stream_name -%}
    {%- do log('Load completion report generated and queued for delivery', info=true) -%}
    {{- exec_logger_streams.sql_insert(state.tables.dcf_t_notifications, {
      'notification_type': "'LOAD_COMPLETION_REPORT'",
      'strm_id': exec_logger_streams.stream_id(state, stream),
      'strm_name': exec_logger_streams.sql_value(state, stream),
      'prcs_inst_id': exec_logger_streams.instance_id(stream),
      'invocation_id': exec_logger_streams.sql_value(state, invocation_id),
      'notification_content': 'report_data',
      'notification_status': "'PENDING'",
      'created_ts': exec_logger_streams.sql_now(state),
      'attempt_cnt': 0,
    }, 'from ' ~ this) -}}
  {%- endif -%}
{% endmacro %}
