// Generated from semconv/registry by `npm run generate`; do not edit.

/**
 * Cost of coding agents, by whom and for what; counted by the Collector. afn.llm.cost has it too.
 * counter, unit {USD}.
 */
export const METRIC_AFN_AGENT_COST = 'afn.agent.cost' as const

/** Options of the instrument `afn.agent.cost`. */
export const METRIC_OPTIONS_AFN_AGENT_COST = {
  unit: '{USD}',
  description: 'Cost of coding agents, by whom and for what; counted by the Collector. afn.llm.cost has it too.',
}

/**
 * Edits of coding agents that were accepted or refused; counted by the Collector.
 * counter, unit {edit}.
 */
export const METRIC_AFN_AGENT_EDITS = 'afn.agent.edits' as const

/** Options of the instrument `afn.agent.edits`. */
export const METRIC_OPTIONS_AFN_AGENT_EDITS = {
  unit: '{edit}',
  description: 'Edits of coding agents that were accepted or refused; counted by the Collector.',
  valueType: 0,
}

/**
 * Sessions of coding agents that began; counted by the Collector.
 * counter, unit {session}.
 */
export const METRIC_AFN_AGENT_SESSIONS = 'afn.agent.sessions' as const

/** Options of the instrument `afn.agent.sessions`. */
export const METRIC_OPTIONS_AFN_AGENT_SESSIONS = {
  unit: '{session}',
  description: 'Sessions of coding agents that began; counted by the Collector.',
  valueType: 0,
}

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
 * Amount of a budget for the day, week or month that the label `period` names.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_AMOUNT = 'afn.budget.amount' as const

/** Options of the instrument `afn.budget.amount`. */
export const METRIC_OPTIONS_AFN_BUDGET_AMOUNT = {
  unit: '{value}',
  description: 'Amount of a budget for the day, week or month that the label `period` names.',
}

/**
 * Forecast of the cost of a budget's current period at its end. Absent while there is too little data.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_FORECAST = 'afn.budget.forecast' as const

/** Options of the instrument `afn.budget.forecast`. */
export const METRIC_OPTIONS_AFN_BUDGET_FORECAST = {
  unit: '{value}',
  description: "Forecast of the cost of a budget's current period at its end. Absent while there is too little data.",
}

/**
 * Amount of a budget spent in its current period, at the exchange rate of each day, minus credits.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_SPENT = 'afn.budget.spent' as const

/** Options of the instrument `afn.budget.spent`. */
export const METRIC_OPTIONS_AFN_BUDGET_SPENT = {
  unit: '{value}',
  description: 'Amount of a budget spent in its current period, at the exchange rate of each day, minus credits.',
}

/**
 * The highest threshold of a budget that has been reached, as a fraction of the amount; 0 if none has.
 * gauge, unit {value}.
 */
export const METRIC_AFN_BUDGET_THRESHOLD = 'afn.budget.threshold' as const

/** Options of the instrument `afn.budget.threshold`. */
export const METRIC_OPTIONS_AFN_BUDGET_THRESHOLD = {
  unit: '{value}',
  description: 'The highest threshold of a budget that has been reached, as a fraction of the amount; 0 if none has.',
}

/**
 * Requests in one minute to which a Cloudflare rule applied.
 * gauge, unit {event}.
 */
export const METRIC_AFN_CLOUDFLARE_FIREWALL_EVENTS = 'afn.cloudflare.firewall.events' as const

/** Options of the instrument `afn.cloudflare.firewall.events`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_FIREWALL_EVENTS = {
  unit: '{event}',
  description: 'Requests in one minute to which a Cloudflare rule applied.',
}

/**
 * Status changes of Cloudflare health checks in one minute.
 * gauge, unit {event}.
 */
export const METRIC_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS = 'afn.cloudflare.health_check.events' as const

/** Options of the instrument `afn.cloudflare.health_check.events`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_HEALTH_CHECK_EVENTS = {
  unit: '{event}',
  description: 'Status changes of Cloudflare health checks in one minute.',
}

/**
 * Time since the end of the newest minute that was read.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_LAG = 'afn.cloudflare.lag' as const

/** Options of the instrument `afn.cloudflare.lag`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_LAG = {
  unit: 's',
  description: 'Time since the end of the newest minute that was read.',
}

/**
 * Response time of the origin to Cloudflare, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_ORIGIN_DURATION = 'afn.cloudflare.origin.duration' as const

/** Options of the instrument `afn.cloudflare.origin.duration`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_ORIGIN_DURATION = {
  unit: 's',
  description: 'Response time of the origin to Cloudflare, in one minute.',
}

/**
 * Page loads in one minute, as Web Analytics counts them in browsers.
 * gauge, unit {load}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGE_LOADS = 'afn.cloudflare.page.loads' as const

/** Options of the instrument `afn.cloudflare.page.loads`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_LOADS = {
  unit: '{load}',
  description: 'Page loads in one minute, as Web Analytics counts them in browsers.',
}

/**
 * Visits in one minute, as Web Analytics counts them in browsers.
 * gauge, unit {visit}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGE_VISITS = 'afn.cloudflare.page.visits' as const

/** Options of the instrument `afn.cloudflare.page.visits`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGE_VISITS = {
  unit: '{visit}',
  description: 'Visits in one minute, as Web Analytics counts them in browsers.',
}

/**
 * Function invocations of a Pages project in one minute that failed.
 * gauge, unit {error}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGES_ERRORS = 'afn.cloudflare.pages.errors' as const

/** Options of the instrument `afn.cloudflare.pages.errors`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_ERRORS = {
  unit: '{error}',
  description: 'Function invocations of a Pages project in one minute that failed.',
}

/**
 * Function invocations of a Pages project in one minute.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_PAGES_REQUESTS = 'afn.cloudflare.pages.requests' as const

/** Options of the instrument `afn.cloudflare.pages.requests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_PAGES_REQUESTS = {
  unit: '{request}',
  description: 'Function invocations of a Pages project in one minute.',
}

/**
 * Requests in the minute that ends at the timestamp. An estimate if Cloudflare sampled.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_REQUESTS = 'afn.cloudflare.requests' as const

/** Options of the instrument `afn.cloudflare.requests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_REQUESTS = {
  unit: '{request}',
  description: 'Requests in the minute that ends at the timestamp. An estimate if Cloudflare sampled.',
}

/**
 * Response bytes in one minute at the edge.
 * gauge, unit By.
 */
export const METRIC_AFN_CLOUDFLARE_RESPONSE_SIZE = 'afn.cloudflare.response.size' as const

/** Options of the instrument `afn.cloudflare.response.size`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_RESPONSE_SIZE = {
  unit: 'By',
  description: 'Response bytes in one minute at the edge.',
}

/**
 * Highest sample interval of Cloudflare; each counted request represents that many. 1 means exact.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_SAMPLE_INTERVAL = 'afn.cloudflare.sample_interval' as const

/** Options of the instrument `afn.cloudflare.sample_interval`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_SAMPLE_INTERVAL = {
  unit: '{request}',
  description: 'Highest sample interval of Cloudflare; each counted request represents that many. 1 means exact.',
}

/**
 * Time from a request's arrival at the edge to the first byte of its response, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE = 'afn.cloudflare.time_to_first_byte' as const

/** Options of the instrument `afn.cloudflare.time_to_first_byte`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_TIME_TO_FIRST_BYTE = {
  unit: 's',
  description: "Time from a request's arrival at the edge to the first byte of its response, in one minute.",
}

/**
 * Visits in one minute, as Cloudflare counts them at the edge.
 * gauge, unit {visit}.
 */
export const METRIC_AFN_CLOUDFLARE_VISITS = 'afn.cloudflare.visits' as const

/** Options of the instrument `afn.cloudflare.visits`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_VISITS = {
  unit: '{visit}',
  description: 'Visits in one minute, as Cloudflare counts them at the edge.',
}

/**
 * CPU time of a Worker's invocations, in one minute.
 * gauge, unit s.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_CPU_TIME = 'afn.cloudflare.worker.cpu_time' as const

/** Options of the instrument `afn.cloudflare.worker.cpu_time`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_CPU_TIME = {
  unit: 's',
  description: "CPU time of a Worker's invocations, in one minute.",
}

/**
 * Invocations of a Worker in one minute that failed.
 * gauge, unit {error}.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_ERRORS = 'afn.cloudflare.worker.errors' as const

/** Options of the instrument `afn.cloudflare.worker.errors`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_ERRORS = {
  unit: '{error}',
  description: 'Invocations of a Worker in one minute that failed.',
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
 * Subrequests of a Worker in one minute.
 * gauge, unit {request}.
 */
export const METRIC_AFN_CLOUDFLARE_WORKER_SUBREQUESTS = 'afn.cloudflare.worker.subrequests' as const

/** Options of the instrument `afn.cloudflare.worker.subrequests`. */
export const METRIC_OPTIONS_AFN_CLOUDFLARE_WORKER_SUBREQUESTS = {
  unit: '{request}',
  description: 'Subrequests of a Worker in one minute.',
}

/**
 * Spans and events that violate the data quality rule in the label `rule`.
 * counter, unit 1.
 */
export const METRIC_AFN_DQ_VIOLATIONS = 'afn.dq.violations' as const

/** Options of the instrument `afn.dq.violations`. */
export const METRIC_OPTIONS_AFN_DQ_VIOLATIONS = {
  unit: '1',
  description: 'Spans and events that violate the data quality rule in the label `rule`.',
  valueType: 0,
}

/**
 * Duration of a health check.
 * histogram, unit s.
 */
export const METRIC_AFN_HEALTH_CHECK_DURATION = 'afn.health.check.duration' as const

/** Options of the instrument `afn.health.check.duration`. */
export const METRIC_OPTIONS_AFN_HEALTH_CHECK_DURATION = {
  unit: 's',
  description: 'Duration of a health check.',
  advice: {
    explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
}

/**
 * 1 for the current state of a health check, 0 for the others.
 * updowncounter, unit 1.
 */
export const METRIC_AFN_HEALTH_CHECK_STATUS = 'afn.health.check.status' as const

/** Options of the instrument `afn.health.check.status`. */
export const METRIC_OPTIONS_AFN_HEALTH_CHECK_STATUS = {
  unit: '1',
  description: '1 for the current state of a health check, 0 for the others.',
  valueType: 0,
}

/**
 * Consecutive failed runs of a job; 0 after a successful one.
 * gauge, unit {error}.
 */
export const METRIC_AFN_JOB_FAILURES = 'afn.job.failures' as const

/** Options of the instrument `afn.job.failures`. */
export const METRIC_OPTIONS_AFN_JOB_FAILURES = {
  unit: '{error}',
  description: 'Consecutive failed runs of a job; 0 after a successful one.',
}

/**
 * Intended interval between two runs of a job.
 * gauge, unit s.
 */
export const METRIC_AFN_JOB_INTERVAL = 'afn.job.interval' as const

/** Options of the instrument `afn.job.interval`. */
export const METRIC_OPTIONS_AFN_JOB_INTERVAL = {
  unit: 's',
  description: 'Intended interval between two runs of a job.',
}

/**
 * When a run of a job last ended, successfully or not, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_JOB_LAST_RUN = 'afn.job.last_run' as const

/** Options of the instrument `afn.job.last_run`. */
export const METRIC_OPTIONS_AFN_JOB_LAST_RUN = {
  unit: 's',
  description: 'When a run of a job last ended, successfully or not, in seconds since 1970.',
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
 * Cost of LLM calls.
 * counter, unit {USD}.
 */
export const METRIC_AFN_LLM_COST = 'afn.llm.cost' as const

/** Options of the instrument `afn.llm.cost`. */
export const METRIC_OPTIONS_AFN_LLM_COST = {
  unit: '{USD}',
  description: 'Cost of LLM calls.',
}

/**
 * Cost of the LLM calls that evaluators made; afn.llm.cost has it too.
 * counter, unit {USD}.
 */
export const METRIC_AFN_LLM_EVALUATION_COST = 'afn.llm.evaluation.cost' as const

/** Options of the instrument `afn.llm.evaluation.cost`. */
export const METRIC_OPTIONS_AFN_LLM_EVALUATION_COST = {
  unit: '{USD}',
  description: 'Cost of the LLM calls that evaluators made; afn.llm.cost has it too.',
}

/**
 * Evaluations by outcome.
 * counter, unit {evaluation}.
 */
export const METRIC_AFN_LLM_EVALUATION_RESULTS = 'afn.llm.evaluation.results' as const

/** Options of the instrument `afn.llm.evaluation.results`. */
export const METRIC_OPTIONS_AFN_LLM_EVALUATION_RESULTS = {
  unit: '{evaluation}',
  description: 'Evaluations by outcome.',
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
 * Cost of LLM calls by agent and tags; counted by the Collector.
 * counter, unit {USD}.
 */
export const METRIC_AFN_LLM_FEATURE_COST = 'afn.llm.feature.cost' as const

/** Options of the instrument `afn.llm.feature.cost`. */
export const METRIC_OPTIONS_AFN_LLM_FEATURE_COST = {
  unit: '{USD}',
  description: 'Cost of LLM calls by agent and tags; counted by the Collector.',
}

/**
 * Calls and agents in which a guardrail intervened; counted by the Collector.
 * counter, unit {record}.
 */
export const METRIC_AFN_LLM_GUARDRAIL_INTERVENTIONS = 'afn.llm.guardrail.interventions' as const

/** Options of the instrument `afn.llm.guardrail.interventions`. */
export const METRIC_OPTIONS_AFN_LLM_GUARDRAIL_INTERVENTIONS = {
  unit: '{record}',
  description: 'Calls and agents in which a guardrail intervened; counted by the Collector.',
  valueType: 0,
}

/**
 * LLM calls of agents that repeat the same steps with the same results (AFN_LOOPS).
 * counter, unit {operation}.
 */
export const METRIC_AFN_LLM_LOOPING_OPERATIONS = 'afn.llm.looping_operations' as const

/** Options of the instrument `afn.llm.looping_operations`. */
export const METRIC_OPTIONS_AFN_LLM_LOOPING_OPERATIONS = {
  unit: '{operation}',
  description: 'LLM calls of agents that repeat the same steps with the same results (AFN_LOOPS).',
  valueType: 0,
}

/**
 * Time until the provider ends a model that was called in the last day; 0 or less once it has.
 * gauge, unit s.
 */
export const METRIC_AFN_LLM_MODEL_RETIREMENT = 'afn.llm.model.retirement' as const

/** Options of the instrument `afn.llm.model.retirement`. */
export const METRIC_OPTIONS_AFN_LLM_MODEL_RETIREMENT = {
  unit: 's',
  description: 'Time until the provider ends a model that was called in the last day; 0 or less once it has.',
}

/**
 * Cost of one LLM call.
 * histogram, unit {USD}.
 */
export const METRIC_AFN_LLM_OPERATION_COST = 'afn.llm.operation.cost' as const

/** Options of the instrument `afn.llm.operation.cost`. */
export const METRIC_OPTIONS_AFN_LLM_OPERATION_COST = {
  unit: '{USD}',
  description: 'Cost of one LLM call.',
  advice: {
    explicitBucketBoundaries: [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  },
}

/**
 * Requests to provider hosts that weren't recorded as LLM calls.
 * counter, unit {request}.
 */
export const METRIC_AFN_LLM_UNOBSERVED_REQUESTS = 'afn.llm.unobserved_requests' as const

/** Options of the instrument `afn.llm.unobserved_requests`. */
export const METRIC_OPTIONS_AFN_LLM_UNOBSERVED_REQUESTS = {
  unit: '{request}',
  description: "Requests to provider hosts that weren't recorded as LLM calls.",
  valueType: 0,
}

/**
 * LLM calls that were answered but whose cost is unknown.
 * counter, unit {operation}.
 */
export const METRIC_AFN_LLM_UNPRICED_OPERATIONS = 'afn.llm.unpriced_operations' as const

/** Options of the instrument `afn.llm.unpriced_operations`. */
export const METRIC_OPTIONS_AFN_LLM_UNPRICED_OPERATIONS = {
  unit: '{operation}',
  description: 'LLM calls that were answered but whose cost is unknown.',
  valueType: 0,
}

/**
 * Log records that were lost because they could not be written and the buffer was full.
 * counter, unit {record}.
 */
export const METRIC_AFN_LOGS_DROPPED = 'afn.logs.dropped' as const

/** Options of the instrument `afn.logs.dropped`. */
export const METRIC_OPTIONS_AFN_LOGS_DROPPED = {
  unit: '{record}',
  description: 'Log records that were lost because they could not be written and the buffer was full.',
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
 * Time since the monitoring Worker last saw Alertmanager's Watchdog.
 * gauge, unit s.
 */
export const METRIC_AFN_MONITOR_HEARTBEAT_AGE = 'afn.monitor.heartbeat.age' as const

/** Options of the instrument `afn.monitor.heartbeat.age`. */
export const METRIC_OPTIONS_AFN_MONITOR_HEARTBEAT_AGE = {
  unit: 's',
  description: "Time since the monitoring Worker last saw Alertmanager's Watchdog.",
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
 * 1 if a Cloudflare rule rejected a probe from the edge, otherwise 0.
 * gauge, unit {probe}.
 */
export const METRIC_AFN_PROBE_BLOCKED = 'afn.probe.blocked' as const

/** Options of the instrument `afn.probe.blocked`. */
export const METRIC_OPTIONS_AFN_PROBE_BLOCKED = {
  unit: '{probe}',
  description: '1 if a Cloudflare rule rejected a probe from the edge, otherwise 0.',
}

/**
 * Duration of a probe from the edge.
 * gauge, unit s.
 */
export const METRIC_AFN_PROBE_DURATION = 'afn.probe.duration' as const

/** Options of the instrument `afn.probe.duration`. */
export const METRIC_OPTIONS_AFN_PROBE_DURATION = {
  unit: 's',
  description: 'Duration of a probe from the edge.',
}

/**
 * 1 if a probe from the edge succeeded, otherwise 0. Absent while a rule rejects it.
 * gauge, unit {probe}.
 */
export const METRIC_AFN_PROBE_UP = 'afn.probe.up' as const

/** Options of the instrument `afn.probe.up`. */
export const METRIC_OPTIONS_AFN_PROBE_UP = {
  unit: '{probe}',
  description: '1 if a probe from the edge succeeded, otherwise 0. Absent while a rule rejects it.',
}

/**
 * Strings that were truncated or removed because there was more text than the redaction limit.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_BUDGET_EXCEEDED = 'afn.redaction.budget_exceeded' as const

/** Options of the instrument `afn.redaction.budget_exceeded`. */
export const METRIC_OPTIONS_AFN_REDACTION_BUDGET_EXCEEDED = {
  unit: '{value}',
  description: 'Strings that were truncated or removed because there was more text than the redaction limit.',
  valueType: 0,
}

/**
 * Values that were replaced entirely because a detector failed on them.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_ERRORS = 'afn.redaction.errors' as const

/** Options of the instrument `afn.redaction.errors`. */
export const METRIC_OPTIONS_AFN_REDACTION_ERRORS = {
  unit: '{value}',
  description: 'Values that were replaced entirely because a detector failed on them.',
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
 * Strings that were checked before they left the process.
 * counter, unit {value}.
 */
export const METRIC_AFN_REDACTION_VALUES = 'afn.redaction.values' as const

/** Options of the instrument `afn.redaction.values`. */
export const METRIC_OPTIONS_AFN_REDACTION_VALUES = {
  unit: '{value}',
  description: 'Strings that were checked before they left the process.',
  valueType: 0,
}

/**
 * When a server certificate expires, in seconds since 1970.
 * gauge, unit s.
 */
export const METRIC_AFN_TLS_CERTIFICATE_EXPIRY = 'afn.tls.certificate.expiry' as const

/** Options of the instrument `afn.tls.certificate.expiry`. */
export const METRIC_OPTIONS_AFN_TLS_CERTIFICATE_EXPIRY = {
  unit: 's',
  description: 'When a server certificate expires, in seconds since 1970.',
}

/**
 * Web Vitals that are durations, as reported by pages; counted by the Collector.
 * histogram, unit s.
 */
export const METRIC_AFN_WEB_VITAL_DURATION = 'afn.web_vital.duration' as const

/** Options of the instrument `afn.web_vital.duration`. */
export const METRIC_OPTIONS_AFN_WEB_VITAL_DURATION = {
  unit: 's',
  description: 'Web Vitals that are durations, as reported by pages; counted by the Collector.',
  advice: {
    explicitBucketBoundaries: [0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 1.8, 2.5, 3, 4, 6, 10],
  },
}

/**
 * The Web Vital CLS, which has no unit, as reported by pages; counted by the Collector.
 * histogram, unit 1.
 */
export const METRIC_AFN_WEB_VITAL_LAYOUT_SHIFT = 'afn.web_vital.layout_shift' as const

/** Options of the instrument `afn.web_vital.layout_shift`. */
export const METRIC_OPTIONS_AFN_WEB_VITAL_LAYOUT_SHIFT = {
  unit: '1',
  description: 'The Web Vital CLS, which has no unit, as reported by pages; counted by the Collector.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
  },
}

/**
 * Duration of one embeddings call.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION = 'gen_ai.client.embeddings.duration' as const

/** Options of the instrument `gen_ai.client.embeddings.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_DURATION = {
  unit: 's',
  description: 'Duration of one embeddings call.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Input tokens of one embeddings call; of a batch, results beyond the first thousand are one value.
 * histogram, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS =
  'gen_ai.client.embeddings.operation.input_tokens' as const

/** Options of the instrument `gen_ai.client.embeddings.operation.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS = {
  unit: '{token}',
  description: 'Input tokens of one embeddings call; of a batch, results beyond the first thousand are one value.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [
      1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
    ],
  },
}

/**
 * Duration of one call of a generative model.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_DURATION = 'gen_ai.client.inference.duration' as const

/** Options of the instrument `gen_ai.client.inference.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_DURATION = {
  unit: 's',
  description: 'Duration of one call of a generative model.',
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
 * Input tokens, including cached ones; billable tokens if the provider reports both.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = 'gen_ai.client.inference.usage.input_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.input_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = {
  unit: '{token}',
  description: 'Input tokens, including cached ones; billable tokens if the provider reports both.',
  valueType: 0,
}

/**
 * Output tokens, including reasoning; billable tokens if the provider reports both.
 * counter, unit {token}.
 */
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = 'gen_ai.client.inference.usage.output_tokens' as const

/** Options of the instrument `gen_ai.client.inference.usage.output_tokens`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = {
  unit: '{token}',
  description: 'Output tokens, including reasoning; billable tokens if the provider reports both.',
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
 * Duration of a call without its own metric, such as a remote agent.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_CLIENT_OPERATION_DURATION = 'gen_ai.client.operation.duration' as const

/** Options of the instrument `gen_ai.client.operation.duration`. */
export const METRIC_OPTIONS_GEN_AI_CLIENT_OPERATION_DURATION = {
  unit: 's',
  description: 'Duration of a call without its own metric, such as a remote agent.',
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
 * Duration of one tool call.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_EXECUTE_TOOL_DURATION = 'gen_ai.execute_tool.duration' as const

/** Options of the instrument `gen_ai.execute_tool.duration`. */
export const METRIC_OPTIONS_GEN_AI_EXECUTE_TOOL_DURATION = {
  unit: 's',
  description: 'Duration of one tool call.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Duration of one run of an agent or a workflow in this process.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_DURATION = 'gen_ai.invoke_agent.duration' as const

/** Options of the instrument `gen_ai.invoke_agent.duration`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_DURATION = {
  unit: 's',
  description: 'Duration of one run of an agent or a workflow in this process.',
  advice: {
    explicitBucketBoundaries: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6],
  },
}

/**
 * Model calls made directly by one run of an agent, including failed ones.
 * histogram, unit {inference_call}.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = 'gen_ai.invoke_agent.inference_calls' as const

/** Options of the instrument `gen_ai.invoke_agent.inference_calls`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = {
  unit: '{inference_call}',
  description: 'Model calls made directly by one run of an agent, including failed ones.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128],
  },
}

/**
 * Tool calls made directly by one run of an agent, including failed ones.
 * histogram, unit {tool_call}.
 */
export const METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS = 'gen_ai.invoke_agent.tool_calls' as const

/** Options of the instrument `gen_ai.invoke_agent.tool_calls`. */
export const METRIC_OPTIONS_GEN_AI_INVOKE_AGENT_TOOL_CALLS = {
  unit: '{tool_call}',
  description: 'Tool calls made directly by one run of an agent, including failed ones.',
  valueType: 0,
  advice: {
    explicitBucketBoundaries: [1, 2, 4, 8, 16, 32, 64, 128],
  },
}

/**
 * Duration of one search in a data source.
 * histogram, unit s.
 */
export const METRIC_GEN_AI_RETRIEVAL_DURATION = 'gen_ai.retrieval.duration' as const

/** Options of the instrument `gen_ai.retrieval.duration`. */
export const METRIC_OPTIONS_GEN_AI_RETRIEVAL_DURATION = {
  unit: 's',
  description: 'Duration of one search in a data source.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
}

/**
 * Duration of an MCP request, measured by the client.
 * histogram, unit s.
 */
export const METRIC_MCP_CLIENT_OPERATION_DURATION = 'mcp.client.operation.duration' as const

/** Options of the instrument `mcp.client.operation.duration`. */
export const METRIC_OPTIONS_MCP_CLIENT_OPERATION_DURATION = {
  unit: 's',
  description: 'Duration of an MCP request, measured by the client.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * Duration of an MCP session, measured by the client.
 * histogram, unit s.
 */
export const METRIC_MCP_CLIENT_SESSION_DURATION = 'mcp.client.session.duration' as const

/** Options of the instrument `mcp.client.session.duration`. */
export const METRIC_OPTIONS_MCP_CLIENT_SESSION_DURATION = {
  unit: 's',
  description: 'Duration of an MCP session, measured by the client.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * Duration of an MCP request, measured by the server.
 * histogram, unit s.
 */
export const METRIC_MCP_SERVER_OPERATION_DURATION = 'mcp.server.operation.duration' as const

/** Options of the instrument `mcp.server.operation.duration`. */
export const METRIC_OPTIONS_MCP_SERVER_OPERATION_DURATION = {
  unit: 's',
  description: 'Duration of an MCP request, measured by the server.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * Duration of an MCP session, measured by the server.
 * histogram, unit s.
 */
export const METRIC_MCP_SERVER_SESSION_DURATION = 'mcp.server.session.duration' as const

/** Options of the instrument `mcp.server.session.duration`. */
export const METRIC_OPTIONS_MCP_SERVER_SESSION_DURATION = {
  unit: 's',
  description: 'Duration of an MCP session, measured by the server.',
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  },
}

/**
 * Running and runnable threads, averaged over fifteen minutes.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_15M = 'system.cpu.load_average.15m' as const

/** Options of the instrument `system.cpu.load_average.15m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_15M = {
  unit: '{thread}',
  description: 'Running and runnable threads, averaged over fifteen minutes.',
}

/**
 * Running and runnable threads, averaged over one minute.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_1M = 'system.cpu.load_average.1m' as const

/** Options of the instrument `system.cpu.load_average.1m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_1M = {
  unit: '{thread}',
  description: 'Running and runnable threads, averaged over one minute.',
}

/**
 * Running and runnable threads, averaged over five minutes.
 * gauge, unit {thread}.
 */
export const METRIC_SYSTEM_CPU_LOAD_AVERAGE_5M = 'system.cpu.load_average.5m' as const

/** Options of the instrument `system.cpu.load_average.5m`. */
export const METRIC_OPTIONS_SYSTEM_CPU_LOAD_AVERAGE_5M = {
  unit: '{thread}',
  description: 'Running and runnable threads, averaged over five minutes.',
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
