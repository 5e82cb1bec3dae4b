// Generated from semconv/registry by `npm run generate`; do not edit.

/**
 * When the last signed checkpoint of an audit log was received, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_AUDIT_LOG_CHECKPOINT_TIME = 'afn.audit_log.checkpoint.time' as const

/** Options of the instrument `afn.audit_log.checkpoint.time`. */
export const METRIC_OPTIONS_AFN_AUDIT_LOG_CHECKPOINT_TIME = {
  unit: 's',
  description: 'When the last signed checkpoint of an audit log was received, in seconds since 1970.',
}

/**
 * Copies of entries of the audit log that the Collector received.
 * counter, unit {record}.
 */
export const METRIC_AFN_AUDIT_LOG_ENTRIES = 'afn.audit_log.entries' as const

/** Options of the instrument `afn.audit_log.entries`. */
export const METRIC_OPTIONS_AFN_AUDIT_LOG_ENTRIES = {
  unit: '{record}',
  description: 'Copies of entries of the audit log that the Collector received.',
  valueType: 0,
}

/**
 * What may be spent in the day, week or month that the label `period` names.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_AMOUNT = 'afn.budget.amount' as const

/** Options of the instrument `afn.budget.amount`. */
export const METRIC_OPTIONS_AFN_BUDGET_AMOUNT = {
  unit: '{value}',
  description: 'What may be spent in the day, week or month that the label `period` names.',
}

/**
 * What the present period of a budget is likely to cost at its end. Absent while too little is known.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_FORECAST = 'afn.budget.forecast' as const

/** Options of the instrument `afn.budget.forecast`. */
export const METRIC_OPTIONS_AFN_BUDGET_FORECAST = {
  unit: '{value}',
  description: 'What the present period of a budget is likely to cost at its end. Absent while too little is known.',
}

/**
 * What of a budget is spent in the present period, at the exchange rate of each day, credits taken off.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_SPENT = 'afn.budget.spent' as const

/** Options of the instrument `afn.budget.spent`. */
export const METRIC_OPTIONS_AFN_BUDGET_SPENT = {
  unit: '{value}',
  description: 'What of a budget is spent in the present period, at the exchange rate of each day, credits taken off.',
}

/**
 * The highest threshold of a budget that is reached, as a part of the amount; 0 while none is.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_THRESHOLD = 'afn.budget.threshold' as const

/** Options of the instrument `afn.budget.threshold`. */
export const METRIC_OPTIONS_AFN_BUDGET_THRESHOLD = {
  unit: '{value}',
  description: 'The highest threshold of a budget that is reached, as a part of the amount; 0 while none is.',
}

/**
 * Requests of one minute that a rule of Cloudflare's applied to.
 * gauge, unit {event}.
 */
export const METRIC_AFN_CLOUDFLARE_FIREWALL_EVENTS = 'afn.cloudflare.firewall.events' as const

/** Options of the instrument `afn.cloudflare.firewall.events`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_FIREWALL_EVENTS = {
  unit: '{event}',
  description: "Requests of one minute that a rule of Cloudflare's applied to.",
}

/**
 * Changes of health checks of Cloudflare's in one minute.
 * gauge, unit {event}.
 */
export const METRIC_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS = 'afn.cloudflare.health_check.events' as const

/** Options of the instrument `afn.cloudflare.health_check.events`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS = {
  unit: '{event}',
  description: "Changes of health checks of Cloudflare's in one minute.",
}

/**
 * How long ago the newest minute ended that was read.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_LAG = 'afn.cloudflare.lag' as const

/** Options of the instrument `afn.cloudflare.lag`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_LAG = {
  unit: 's',
  description: 'How long ago the newest minute ended that was read.',
}

/**
 * How long the origin took to respond to Cloudflare, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_ORIGIN_DURATION = 'afn.cloudflare.origin.duration' as const

/** Options of the instrument `afn.cloudflare.origin.duration`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_ORIGIN_DURATION = {
  unit: 's',
  description: 'How long the origin took to respond to Cloudflare, in one minute.',
}

/**
 * Page loads of one minute that Web Analytics saw in browsers.
 * gauge, unit {load}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGE_LOADS = 'afn.cloudflare.page.loads' as const

/** Options of the instrument `afn.cloudflare.page.loads`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_LOADS = {
  unit: '{load}',
  description: 'Page loads of one minute that Web Analytics saw in browsers.',
}

/**
 * Visits of one minute that Web Analytics saw in browsers.
 * gauge, unit {visit}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGE_VISITS = 'afn.cloudflare.page.visits' as const

/** Options of the instrument `afn.cloudflare.page.visits`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_VISITS = {
  unit: '{visit}',
  description: 'Visits of one minute that Web Analytics saw in browsers.',
}

/**
 * Invocations of functions of a Pages project in one minute that ended by an error.
 * gauge, unit {error}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGES_ERRORS = 'afn.cloudflare.pages.errors' as const

/** Options of the instrument `afn.cloudflare.pages.errors`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_ERRORS = {
  unit: '{error}',
  description: 'Invocations of functions of a Pages project in one minute that ended by an error.',
}

/**
 * Invocations of functions of a Pages project in one minute.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGES_REQUESTS = 'afn.cloudflare.pages.requests' as const

/** Options of the instrument `afn.cloudflare.pages.requests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_REQUESTS = {
  unit: '{request}',
  description: 'Invocations of functions of a Pages project in one minute.',
}

/**
 * Requests of a minute, which ends at the timestamp. An estimate where Cloudflare samples.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_REQUESTS = 'afn.cloudflare.requests' as const

/** Options of the instrument `afn.cloudflare.requests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_REQUESTS = {
  unit: '{request}',
  description: 'Requests of a minute, which ends at the timestamp. An estimate where Cloudflare samples.',
}

/**
 * Bytes of the responses of one minute at the edge.
 * gauge, unit By.
 */
export const METRIC_AFN_CLOUDFLARE_RESPONSE_SIZE = 'afn.cloudflare.response.size' as const

/** Options of the instrument `afn.cloudflare.response.size`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_RESPONSE_SIZE = {
  unit: 'By',
  description: 'Bytes of the responses of one minute at the edge.',
}

/**
 * How many requests one that was counted stands for, where Cloudflare sampled most. 1 is exact.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_SAMPLE_INTERVAL = 'afn.cloudflare.sample_interval' as const

/** Options of the instrument `afn.cloudflare.sample_interval`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_SAMPLE_INTERVAL = {
  unit: '{request}',
  description: 'How many requests one that was counted stands for, where Cloudflare sampled most. 1 is exact.',
}

/**
 * From a request's arrival at the edge to the first byte of its response, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE = 'afn.cloudflare.time_to_first_byte' as const

/** Options of the instrument `afn.cloudflare.time_to_first_byte`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE = {
  unit: 's',
  description: "From a request's arrival at the edge to the first byte of its response, in one minute.",
}

/**
 * Visits of one minute, as Cloudflare counts them at the edge.
 * gauge, unit {visit}.
 */
export const METRIC_AFN_CLOUDFLARE_VISITS = 'afn.cloudflare.visits' as const

/** Options of the instrument `afn.cloudflare.visits`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_VISITS = {
  unit: '{visit}',
  description: 'Visits of one minute, as Cloudflare counts them at the edge.',
}

/**
 * CPU time of an invocation of a Worker, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_CPU_TIME = 'afn.cloudflare.worker.cpu_time' as const

/** Options of the instrument `afn.cloudflare.worker.cpu_time`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_CPU_TIME = {
  unit: 's',
  description: 'CPU time of an invocation of a Worker, in one minute.',
}

/**
 * Invocations of a Worker in one minute that ended by an error.
 * gauge, unit {error}.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_ERRORS = 'afn.cloudflare.worker.errors' as const

/** Options of the instrument `afn.cloudflare.worker.errors`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_ERRORS = {
  unit: '{error}',
  description: 'Invocations of a Worker in one minute that ended by an error.',
}

/**
 * Invocations of a Worker in one minute.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_REQUESTS = 'afn.cloudflare.worker.requests' as const

/** Options of the instrument `afn.cloudflare.worker.requests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_REQUESTS = {
  unit: '{request}',
  description: 'Invocations of a Worker in one minute.',
}

/**
 * Requests that a Worker made in one minute.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_SUBREQUESTS = 'afn.cloudflare.worker.subrequests' as const

/** Options of the instrument `afn.cloudflare.worker.subrequests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_SUBREQUESTS = {
  unit: '{request}',
  description: 'Requests that a Worker made in one minute.',
}

/**
 * Spans and events that break a rule of data quality, which the label `rule` names.
 * counter, unit 1.
 */
export const METRIC_AFN_DQ_VIOLATIONS = 'afn.dq.violations' as const

/** Options of the instrument `afn.dq.violations`. */
export const METRIC_OPTIONS_AFN_DQ_VIOLATIONS = {
  unit: '1',
  description: 'Spans and events that break a rule of data quality, which the label `rule` names.',
  valueType: 0,
}

/**
 * How long a health check took.
 * histogram, unit s.
 */
export const METRIC_AFN_HEALTH_CHECK_DURATION = 'afn.health.check.duration' as const

/** Options of the instrument `afn.health.check.duration`. */
export const METRIC_OPTIONS_AFN_HEALTH_CHECK_DURATION = {
  unit: 's',
  description: 'How long a health check took.',
  advice: {
    explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
}

/**
 * 1 for the state that a health check has, 0 for the others.
 * updowncounter, unit 1.
 */
export const METRIC_AFN_HEALTH_CHECK_STATUS = 'afn.health.check.status' as const

/** Options of the instrument `afn.health.check.status`. */
export const METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS = {
  unit: '1',
  description: '1 for the state that a health check has, 0 for the others.',
  valueType: 0,
}

/**
 * Runs of a job that have failed one after the other; 0 after one that succeeded.
 * gauge, unit {error}.
 */
export const METRIC_AFN_JOB_FAILURES = 'afn.job.failures' as const

/** Options of the instrument `afn.job.failures`. */
export const METRIC_OPTIONS_AFN_JOB_FAILURES = {
  unit: '{error}',
  description: 'Runs of a job that have failed one after the other; 0 after one that succeeded.',
}

/**
 * Time between two runs of a job as it is meant to be.
 * gauge, unit s.
 */
export const METRIC_AFN_JOB_INTERVAL = 'afn.job.interval' as const

/** Options of the instrument `afn.job.interval`. */
export const METRIC_OPTIONS_AFN_JOB_INTERVAL = {
  unit: 's',
  description: 'Time between two runs of a job as it is meant to be.',
}

/**
 * When a run of a job last ended, whatever became of it, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_JOB_LAST_RUN = 'afn.job.last_run' as const

/** Options of the instrument `afn.job.last_run`. */
export const METRIC_OPTIONS_AFN_JOB_LAST_RUN = {
  unit: 's',
  description: 'When a run of a job last ended, whatever became of it, in seconds since 1970.',
}

/**
 * When a job last succeeded, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_JOB_LAST_SUCCESS = 'afn.job.last_success' as const

/** Options of the instrument `afn.job.last_success`. */
export const METRIC_OPTIONS_AFN_JOB_LAST_SUCCESS = {
  unit: 's',
  description: 'When a job last succeeded, in seconds since 1970.',
}

/**
 * What LLM calls cost.
 * counter, unit {USD}.
 */
export const METRIC_AFN_LLM_COST = 'afn.llm.cost' as const

/** Options of the instrument `afn.llm.cost`. */
export const METRIC_OPTIONS_AFN_LLM_COST = {
  unit: '{USD}',
  description: 'What LLM calls cost.',
}

/**
 * Evaluations by their outcome.
 * counter, unit {evaluation}.
 */
export const METRIC_AFN_LLM_EVALUATION_RESULTS = 'afn.llm.evaluation.results' as const

/** Options of the instrument `afn.llm.evaluation.results`. */
export const METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS = {
  unit: '{evaluation}',
  description: 'Evaluations by their outcome.',
  valueType: 0,
}

/**
 * Normalised score (0..1) of an evaluation.
 * histogram, unit 1.
 */
export const METRIC_AFN_LLM_EVALUATION_SCORE = 'afn.llm.evaluation.score' as const

/** Options of the instrument `afn.llm.evaluation.score`. */
export const METRIC_OPTIONS_AFN_LLM_EVALUATION_SCORE = {
  unit: '1',
  description: 'Normalised score (0..1) of an evaluation.',
  advice: {
    explicitBucketBoundaries: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1],
  },
}

/**
 * What LLM calls cost by the agent and the tags of their work; counted by the Collector.
 * counter, unit {USD}.
 */
export const METRIC_AFN_LLM_FEATURE_COST = 'afn.llm.feature.cost' as const

/** Options of the instrument `afn.llm.feature.cost`. */
export const METRIC_OPTIONS_AFN_LLM_FEATURE_COST = {
  unit: '{USD}',
  description: 'What LLM calls cost by the agent and the tags of their work; counted by the Collector.',
}

/**
 * Calls and agents in which a guardrail stepped in; counted by the Collector.
 * counter, unit {record}.
 */
export const METRIC_AFN_LLM_GUARDRAIL_INTERVENTIONS = 'afn.llm.guardrail.interventions' as const

/** Options of the instrument `afn.llm.guardrail.interventions`. */
export const METRIC_OPTIONS_AFN_LLM_GUARDRAIL_INTERVENTIONS = {
  unit: '{record}',
  description: 'Calls and agents in which a guardrail stepped in; counted by the Collector.',
  valueType: 0,
}

/**
 * What one LLM call cost.
 * histogram, unit {USD}.
 */
export const METRIC_AFN_LLM_OPERATION_COST = 'afn.llm.operation.cost' as const

/** Options of the instrument `afn.llm.operation.cost`. */
export const METRIC_OPTIONS_AFN_LLM_OPERATION_COST = {
  unit: '{USD}',
  description: 'What one LLM call cost.',
  advice: {
    explicitBucketBoundaries: [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  },
}

/**
 * Requests to hosts of providers that became no LLM call.
 * counter, unit {request}.
 */
export const METRIC_AFN_LLM_UNOBSERVED_REQUESTS = 'afn.llm.unobserved_requests' as const

/** Options of the instrument `afn.llm.unobserved_requests`. */
export const METRIC_OPTIONS_AFN_LLM_UNOBSERVED_REQUESTS = {
  unit: '{request}',
  description: 'Requests to hosts of providers that became no LLM call.',
  valueType: 0,
}

/**
 * LLM calls that were answered and whose cost is not known.
 * counter, unit {operation}.
 */
export const METRIC_AFN_LLM_UNPRICED_OPERATIONS = 'afn.llm.unpriced_operations' as const

/** Options of the instrument `afn.llm.unpriced_operations`. */
export const METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS = {
  unit: '{operation}',
  description: 'LLM calls that were answered and whose cost is not known.',
  valueType: 0,
}

/**
 * Log lines that were lost, since they could not be written and memory had no room for them.
 * counter, unit {record}.
 */
export const METRIC_AFN_LOGS_DROPPED = 'afn.logs.dropped' as const

/** Options of the instrument `afn.logs.dropped`. */
export const METRIC_OPTIONS_AFN_LOGS_DROPPED = {
  unit: '{record}',
  description: 'Log lines that were lost, since they could not be written and memory had no room for them.',
  valueType: 0,
}

/**
 * The time of the oldest record of a class in the Collector's log files, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_LOGS_OLDEST_TIME = 'afn.logs.oldest.time' as const

/** Options of the instrument `afn.logs.oldest.time`. */
export const METRIC_OPTIONS_AFN_LOGS_OLDEST_TIME = {
  unit: 's',
  description: "The time of the oldest record of a class in the Collector's log files, in seconds since 1970.",
}

/**
 * How long ago the monitoring Worker saw the Watchdog of Alertmanager.
 * gauge, unit s.
 */
export const METRIC_AFN_MONITOR_HEARTBEAT_AGE = 'afn.monitor.heartbeat.age' as const

/** Options of the instrument `afn.monitor.heartbeat.age`. */
export const METRIC_OPTIONS_AFN_MONITOR_HEARTBEAT_AGE = {
  unit: 's',
  description: 'How long ago the monitoring Worker saw the Watchdog of Alertmanager.',
}

/**
 * When the monitoring Worker ran, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_MONITOR_LAST_RUN = 'afn.monitor.last_run' as const

/** Options of the instrument `afn.monitor.last_run`. */
export const METRIC_OPTIONS_AFN_MONITOR_LAST_RUN = {
  unit: 's',
  description: 'When the monitoring Worker ran, in seconds since 1970.',
}

/**
 * 1 where a rule of Cloudflare's refused a probe from the edge, else 0.
 * gauge, unit {probe}.
 */
export const METRIC_AFN_PROBE_BLOCKED = 'afn.probe.blocked' as const

/** Options of the instrument `afn.probe.blocked`. */
export const METRIC_OPTIONS_AFN_PROBE_BLOCKED = {
  unit: '{probe}',
  description: "1 where a rule of Cloudflare's refused a probe from the edge, else 0.",
}

/**
 * How long a probe from the edge took.
 * gauge, unit s.
 */
export const METRIC_AFN_PROBE_DURATION = 'afn.probe.duration' as const

/** Options of the instrument `afn.probe.duration`. */
export const METRIC_OPTIONS_AFN_PROBE_DURATION = {
  unit: 's',
  description: 'How long a probe from the edge took.',
}

/**
 * 1 where a probe from the edge was answered well, else 0. Absent while a rule refuses it.
 * gauge, unit {probe}.
 */
export const METRIC_AFN_PROBE_UP = 'afn.probe.up' as const

/** Options of the instrument `afn.probe.up`. */
export const METRIC_OPTIONS_AFN_PROBE_UP = {
  unit: '{probe}',
  description: '1 where a probe from the edge was answered well, else 0. Absent while a rule refuses it.',
}

/**
 * Strings whose end, or all, was cut off since there was more text than is looked through.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_BUDGET_EXCEEDED = 'afn.redaction.budget_exceeded' as const

/** Options of the instrument `afn.redaction.budget_exceeded`. */
export const METRIC_OPTIONS_AFN_REDACTION_BUDGET_EXCEEDED = {
  unit: '{value}',
  description: 'Strings whose end, or all, was cut off since there was more text than is looked through.',
  valueType: 0,
}

/**
 * Values that were replaced whole since a detector failed on them.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_ERRORS = 'afn.redaction.errors' as const

/** Options of the instrument `afn.redaction.errors`. */
export const METRIC_OPTIONS_AFN_REDACTION_ERRORS = {
  unit: '{value}',
  description: 'Values that were replaced whole since a detector failed on them.',
  valueType: 0,
}

/**
 * Spans, events and log records in which the Collector's second line of redaction masked something.
 * counter, unit {record}.
 */
export const METRIC_AFN_REDACTION_LEAKS = 'afn.redaction.leaks' as const

/** Options of the instrument `afn.redaction.leaks`. */
export const METRIC_OPTIONS_AFN_REDACTION_LEAKS = {
  unit: '{record}',
  description: "Spans, events and log records in which the Collector's second line of redaction masked something.",
  valueType: 0,
}

/**
 * Values that were replaced.
 * counter, unit {match}.
 */
export const METRIC_AFN_REDACTION_MATCHES = 'afn.redaction.matches' as const

/** Options of the instrument `afn.redaction.matches`. */
export const METRIC_OPTIONS_AFN_REDACTION_MATCHES = {
  unit: '{match}',
  description: 'Values that were replaced.',
  valueType: 0,
}

/**
 * Strings that were looked through before they left the process.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_VALUES = 'afn.redaction.values' as const

/** Options of the instrument `afn.redaction.values`. */
export const METRIC_OPTIONS_AFN_REDACTION_VALUES = {
  unit: '{value}',
  description: 'Strings that were looked through before they left the process.',
  valueType: 0,
}

/**
 * When the certificate of a server ends, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_TLS_CERTIFICATE_EXPIRY = 'afn.tls.certificate.expiry' as const

/** Options of the instrument `afn.tls.certificate.expiry`. */
export const METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY = {
  unit: 's',
  description: 'When the certificate of a server ends, in seconds since 1970.',
}

/**
 * The Web Vitals that are times, as pages report them; counted by the Collector.
 * histogram, unit s.
 */
export const METRIC_AFN_WEB_VITAL_DURATION = 'afn.web_vital.duration' as const

/** Options of the instrument `afn.web_vital.duration`. */
export const METRIC_OPTIONS_AFN_WEB_VITAL_DURATION = {
  unit: 's',
  description: 'The Web Vitals that are times, as pages report them; counted by the Collector.',
  advice: {
    explicitBucketBoundaries: [0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8, 2.5, 3, 4, 6, 10],
  },
}

/**
 * The Web Vital CLS, which has no unit, as pages report it; counted by the Collector.
 * histogram, unit 1.
 */
export const METRIC_AFN_WEB_VITAL_LAYOUT_SHIFT = 'afn.web_vital.layout_shift' as const

/** Options of the instrument `afn.web_vital.layout_shift`. */
export const METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT = {
  unit: '1',
  description: 'The Web Vital CLS, which has no unit, as pages report it; counted by the Collector.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
  },
}

/**
 * How long one call for embeddings took.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION = 'gen_ai.client.embeddings.duration' as const

/** Options of the instrument `gen_ai.client.embeddings.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_DURATION = {
  unit: 's',
  description: 'How long one call for embeddings took.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Input tokens of one call for embeddings; of a batch, all beyond a thousand results are one value.
 * histogram, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS =
  'gen_ai.client.embeddings.operation.input_tokens' as const

/** Options of the instrument `gen_ai.client.embeddings.operation.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS = {
  unit: '{token}',
  description: 'Input tokens of one call for embeddings; of a batch, all beyond a thousand results are one value.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ],
  },
}

/**
 * How long one call of a generative model took.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_DURATION = 'gen_ai.client.inference.duration' as const

/** Options of the instrument `gen_ai.client.inference.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION = {
  unit: 's',
  description: 'How long one call of a generative model took.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Input tokens of one call. Not for sums or cost.
 * histogram, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS =
  'gen_ai.client.inference.operation.input_tokens' as const

/** Options of the instrument `gen_ai.client.inference.operation.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS = {
  unit: '{token}',
  description: 'Input tokens of one call. Not for sums or cost.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ],
  },
}

/**
 * Output tokens of one call. Not for sums or cost.
 * histogram, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS =
  'gen_ai.client.inference.operation.output_tokens' as const

/** Options of the instrument `gen_ai.client.inference.operation.output_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS = {
  unit: '{token}',
  description: 'Output tokens of one call. Not for sums or cost.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ],
  },
}

/**
 * Time from one chunk to the next, after the first; streamed calls only.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK =
  'gen_ai.client.inference.time_per_output_chunk' as const

/** Options of the instrument `gen_ai.client.inference.time_per_output_chunk`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK = {
  unit: 's',
  description: 'Time from one chunk to the next, after the first; streamed calls only.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Time from the request to the first chunk; streamed calls only.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK = 'gen_ai.client.inference.time_to_first_chunk' as const

/** Options of the instrument `gen_ai.client.inference.time_to_first_chunk`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK = {
  unit: 's',
  description: 'Time from the request to the first chunk; streamed calls only.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * The part of the input tokens that came from the provider's cache.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS =
  'gen_ai.client.inference.usage.cache_read.input_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.cache_read.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS = {
  unit: '{token}',
  description: "The part of the input tokens that came from the provider's cache.",
  valueType: 0,
}

/**
 * The part of the input tokens that was written to the provider's cache.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS =
  'gen_ai.client.inference.usage.cache_write.input_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.cache_write.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS = {
  unit: '{token}',
  description: "The part of the input tokens that was written to the provider's cache.",
  valueType: 0,
}

/**
 * Input tokens, cached ones included; billable tokens where the provider tells both.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = 'gen_ai.client.inference.usage.input_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = {
  unit: '{token}',
  description: 'Input tokens, cached ones included; billable tokens where the provider tells both.',
  valueType: 0,
}

/**
 * Output tokens, reasoning included; billable tokens where the provider tells both.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = 'gen_ai.client.inference.usage.output_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.output_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = {
  unit: '{token}',
  description: 'Output tokens, reasoning included; billable tokens where the provider tells both.',
  valueType: 0,
}

/**
 * The part of the output tokens that was spent on reasoning.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS =
  'gen_ai.client.inference.usage.reasoning.output_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.reasoning.output_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS = {
  unit: '{token}',
  description: 'The part of the output tokens that was spent on reasoning.',
  valueType: 0,
}

/**
 * How long a call took that has no metric of its own, as of an agent elsewhere.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_OPERATION_DURATION = 'gen_ai.client.operation.duration' as const

/** Options of the instrument `gen_ai.client.operation.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION = {
  unit: 's',
  description: 'How long a call took that has no metric of its own, as of an agent elsewhere.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Input and output tokens of one call.
 * histogram, unit {token}.
 * @deprecated gen_ai.client.inference.usage.* for sums, gen_ai.client.inference.operation.* for one call.
 */
export const METRIC_GEN_AI_CLIENT_TOKEN_USAGE = 'gen_ai.client.token.usage' as const

/** Options of the instrument `gen_ai.client.token.usage`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_TOKEN_USAGE = {
  unit: '{token}',
  description: 'Input and output tokens of one call.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ],
  },
}

/**
 * How long one run of a tool took.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_EXECUTE_TOOL_DURATION = 'gen_ai.execute_tool.duration' as const

/** Options of the instrument `gen_ai.execute_tool.duration`. */
export const METRIC_OPTIONS_GEN_AI_EXECUTE_TOOL_DURATION = {
  unit: 's',
  description: 'How long one run of a tool took.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * How long one run of an agent or of a workflow in this process took.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_DURATION = 'gen_ai.invoke_agent.duration' as const

/** Options of the instrument `gen_ai.invoke_agent.duration`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_DURATION = {
  unit: 's',
  description: 'How long one run of an agent or of a workflow in this process took.',
  advice: {
    explicitBucketBoundaries: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6],
  },
}

/**
 * Calls of models that one run of an agent made itself, failed ones too.
 * histogram, unit {inference_call}.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = 'gen_ai.invoke_agent.inference_calls' as const

/** Options of the instrument `gen_ai.invoke_agent.inference_calls`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = {
  unit: '{inference_call}',
  description: 'Calls of models that one run of an agent made itself, failed ones too.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128],
  },
}

/**
 * Tools that one run of an agent ran itself, failed ones too.
 * histogram, unit {tool_call}.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS = 'gen_ai.invoke_agent.tool_calls' as const

/** Options of the instrument `gen_ai.invoke_agent.tool_calls`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_TOOL_CALLS = {
  unit: '{tool_call}',
  description: 'Tools that one run of an agent ran itself, failed ones too.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128],
  },
}

/**
 * How long one search in a data source took.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_RETRIEVAL_DURATION = 'gen_ai.retrieval.duration' as const

/** Options of the instrument `gen_ai.retrieval.duration`. */
export const METRIC_OPTIONS_GEN_AI_RETRIEVAL_DURATION = {
  unit: 's',
  description: 'How long one search in a data source took.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * From an MCP request of the client to its answer.
 * histogram, unit s.
 */
export const METRIC_MCP_CLIENT_OPERATION_DURATION = 'mcp.client.operation.duration' as const

/** Options of the instrument `mcp.client.operation.duration`. */
export const METRIC_OPTIONS_MCP_CLIENT_OPERATION_DURATION = {
  unit: 's',
  description: 'From an MCP request of the client to its answer.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * How long an MCP session lasted, as the client saw it.
 * histogram, unit s.
 */
export const METRIC_MCP_CLIENT_SESSION_DURATION = 'mcp.client.session.duration' as const

/** Options of the instrument `mcp.client.session.duration`. */
export const METRIC_OPTIONS_MCP_CLIENT_SESSION_DURATION = {
  unit: 's',
  description: 'How long an MCP session lasted, as the client saw it.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * From the arrival of an MCP request at the server to its answer.
 * histogram, unit s.
 */
export const METRIC_MCP_SERVER_OPERATION_DURATION = 'mcp.server.operation.duration' as const

/** Options of the instrument `mcp.server.operation.duration`. */
export const METRIC_OPTIONS_MCP_SERVER_OPERATION_DURATION = {
  unit: 's',
  description: 'From the arrival of an MCP request at the server to its answer.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * How long an MCP session lasted, as the server saw it.
 * histogram, unit s.
 */
export const METRIC_MCP_SERVER_SESSION_DURATION = 'mcp.server.session.duration' as const

/** Options of the instrument `mcp.server.session.duration`. */
export const METRIC_OPTIONS_MCP_SERVER_SESSION_DURATION = {
  unit: 's',
  description: 'How long an MCP session lasted, as the server saw it.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * Threads that ran or waited to run, mean of a quarter of an hour.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M = 'system.cpu.load_average.15m' as const

/** Options of the instrument `system.cpu.load_average.15m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_15M = {
  unit: '{thread}',
  description: 'Threads that ran or waited to run, mean of a quarter of an hour.',
}

/**
 * Threads that ran or waited to run, mean of one minute.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M = 'system.cpu.load_average.1m' as const

/** Options of the instrument `system.cpu.load_average.1m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_1M = {
  unit: '{thread}',
  description: 'Threads that ran or waited to run, mean of one minute.',
}

/**
 * Threads that ran or waited to run, mean of five minutes.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M = 'system.cpu.load_average.5m' as const

/** Options of the instrument `system.cpu.load_average.5m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_5M = {
  unit: '{thread}',
  description: 'Threads that ran or waited to run, mean of five minutes.',
}

/**
 * Inodes of a file system by state.
 * updowncounter, unit {inodes}.
 */
export const METRIC_SYSTEM_FILESYSTEM_INODES_USAGE = 'system.filesystem.inodes.usage' as const

/** Options of the instrument `system.filesystem.inodes.usage`. */
export const METRIC_OPTIONS_SYSTEM_FILESYSTEM_INODES_USAGE = {
  unit: '{inodes}',
  description: 'Inodes of a file system by state.',
  valueType: 0,
}
