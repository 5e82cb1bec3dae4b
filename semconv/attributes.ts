// Generated from semconv/registry by `npm run generate`; do not edit.

/**
 * What a person, or a rule of theirs, decided about an edit that a coding agent wanted to make.
 * Type: string.
 * Examples: `"accepted"`.
 */
export const ATTR_AFN_AGENT_EDIT_DECISION = 'afn.agent.edit.decision' as const

/** The edit may be made. */
export const AFN_AGENT_EDIT_DECISION_VALUE_ACCEPTED = 'accepted' as const

/** The edit may not be made. */
export const AFN_AGENT_EDIT_DECISION_VALUE_REFUSED = 'refused' as const

/**
 * MCP server, as a coding agent's user configured it, whose tool was run or whose tools the call is for.
 * Type: string.
 * Examples: `"github"`.
 */
export const ATTR_AFN_AGENT_MCP_SERVER_NAME = 'afn.agent.mcp_server.name' as const

/**
 * Whether the log record is the first of a coding agent's session; set by the Collector.
 * Type: boolean.
 */
export const ATTR_AFN_AGENT_SESSION_BEGINS = 'afn.agent.session.begins' as const

/**
 * If true, a log record of any severity is an audit record, which is kept for two years.
 * Type: boolean.
 * Examples: `true`.
 */
export const ATTR_AFN_AUDIT = 'afn.audit' as const

/**
 * Chain of the audit log that contains the entry; each process writes one.
 * Type: string.
 * Examples: `"3f9a1c20"`.
 */
export const ATTR_AFN_AUDIT_LOG_CHAIN = 'afn.audit_log.chain' as const

/**
 * 1 on a copy of a signed checkpoint, whose body contains the position of the chain.
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_AUDIT_LOG_CHECKPOINT = 'afn.audit_log.checkpoint' as const

/**
 * Authentication code of the entry, computed over that of the previous entry as well.
 * Type: string.
 * Examples: `"9c1185a5c5e9fc54612808977ee8f548b2258d31"`.
 */
export const ATTR_AFN_AUDIT_LOG_MAC = 'afn.audit_log.mac' as const

/**
 * Number of the entry in its chain.
 * Type: int.
 * Examples: `42`.
 */
export const ATTR_AFN_AUDIT_LOG_SEQ = 'afn.audit_log.seq' as const

/**
 * Cloudflare's cache status of a request.
 * Type: string.
 * Examples: `"hit"`, `"miss"`, `"dynamic"`.
 */
export const ATTR_AFN_CLOUDFLARE_CACHE_STATUS = 'afn.cloudflare.cache.status' as const

/**
 * A dataset of Cloudflare's GraphQL Analytics API.
 * Type: string.
 * Examples: `"httpRequestsAdaptiveGroups"`.
 */
export const ATTR_AFN_CLOUDFLARE_DATASET = 'afn.cloudflare.dataset' as const

/**
 * Action that a Cloudflare rule took on a request.
 * Type: string.
 * Examples: `"block"`, `"managed_challenge"`, `"log"`.
 */
export const ATTR_AFN_CLOUDFLARE_FIREWALL_ACTION = 'afn.cloudflare.firewall.action' as const

/**
 * The Cloudflare product that the rule belongs to.
 * Type: string.
 * Examples: `"firewallManaged"`, `"ratelimit"`.
 */
export const ATTR_AFN_CLOUDFLARE_FIREWALL_SOURCE = 'afn.cloudflare.firewall.source' as const

/**
 * New status of a Cloudflare health check.
 * Type: string.
 * Examples: `"healthy"`, `"unhealthy"`.
 */
export const ATTR_AFN_CLOUDFLARE_HEALTH_CHECK_STATUS = 'afn.cloudflare.health_check.status' as const

/**
 * Quantile of the value, 0 to 1. Computed by Cloudflare; quantiles can be neither summed nor averaged.
 * Type: string.
 * Examples: `"0.5"`, `"0.95"`, `"0.99"`.
 */
export const ATTR_AFN_CLOUDFLARE_QUANTILE = 'afn.cloudflare.quantile' as const

/**
 * Cloudflare region that sent the request.
 * Type: string.
 * Examples: `"WEU"`, `"ENAM"`.
 */
export const ATTR_AFN_CLOUDFLARE_REGION = 'afn.cloudflare.region' as const

/**
 * Name of the script of a Worker or a Pages project.
 * Type: string.
 * Examples: `"shop-api"`.
 */
export const ATTR_AFN_CLOUDFLARE_SCRIPT_NAME = 'afn.cloudflare.script.name' as const

/**
 * Outcome of a Worker's invocation, as reported by Cloudflare.
 * Type: string.
 * Examples: `"success"`, `"scriptThrewException"`, `"exceededResources"`.
 */
export const ATTR_AFN_CLOUDFLARE_SCRIPT_OUTCOME = 'afn.cloudflare.script.outcome' as const

/**
 * Name of a Cloudflare zone.
 * Type: string.
 * Examples: `"shop.example"`.
 */
export const ATTR_AFN_CLOUDFLARE_ZONE_NAME = 'afn.cloudflare.zone.name' as const

/**
 * The span contains the canary value, which must never arrive.
 * Type: boolean.
 */
export const ATTR_AFN_DQ_CANARY = 'afn.dq.canary' as const

/**
 * Identifies the same error across deployments; derived from its type, its message without numbers and quotations, and the files of its first frames.
 * Type: string.
 * Examples: `"5b1c7e02"`.
 */
export const ATTR_AFN_ERROR_FINGERPRINT = 'afn.error.fingerprint' as const

/**
 * How the browser reported the error; absent if the application did.
 * Type: string.
 */
export const ATTR_AFN_ERROR_SOURCE = 'afn.error.source' as const

/** Nobody caught it. */
export const AFN_ERROR_SOURCE_VALUE_ERROR = 'error' as const

/** An unhandled promise rejection. */
export const AFN_ERROR_SOURCE_VALUE_UNHANDLEDREJECTION = 'unhandledrejection' as const

/**
 * True on a span with an exception that was emitted as a log record; the span itself may have no other sign of it.
 * Type: boolean.
 * Examples: `true`.
 */
export const ATTR_AFN_EXCEPTION_LOGGED = 'afn.exception.logged' as const

/**
 * Number of fields of a submitted form.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_AFN_FORM_FIELDS = 'afn.form.fields' as const

/**
 * Distinguishes checks with the same name, for example by model provider or by purpose of a folder.
 * Type: string.
 * Examples: `"openai"`, `"spool"`.
 */
export const ATTR_AFN_HEALTH_CHECK_COMPONENT = 'afn.health.check.component' as const

/**
 * Name of a health check, built-in or defined by the application.
 * Type: string.
 * Examples: `"turso"`, `"redis"`, `"llm"`.
 */
export const ATTR_AFN_HEALTH_CHECK_NAME = 'afn.health.check.name' as const

/**
 * Whether the check takes the application out of service while it fails.
 * Type: boolean.
 * Examples: `true`.
 */
export const ATTR_AFN_HEALTH_CHECK_REQUIRED = 'afn.health.check.required' as const

/**
 * Result of a health check.
 * Type: string.
 * Examples: `"pass"`.
 */
export const ATTR_AFN_HEALTH_CHECK_STATE = 'afn.health.check.state' as const

/** The dependency is healthy. */
export const AFN_HEALTH_CHECK_STATE_VALUE_PASS = 'pass' as const

/** The dependency is degraded, or the check has failed once. */
export const AFN_HEALTH_CHECK_STATE_VALUE_WARN = 'warn' as const

/** The check has failed twice in a row, or has never passed. */
export const AFN_HEALTH_CHECK_STATE_VALUE_FAIL = 'fail' as const

/**
 * Name of a periodic job, such as `reconcile`.
 * Type: string.
 * Examples: `"cost-budget"`, `"reconcile"`, `"langfuse-janitor"`.
 */
export const ATTR_AFN_JOB_NAME = 'afn.job.name' as const

/**
 * Which attempt of one call this request is; 1 for the first.
 * Type: int.
 * Examples: `1`, `2`.
 */
export const ATTR_AFN_LLM_ATTEMPT = 'afn.llm.attempt' as const

/**
 * Identifier that the application gave the request within its batch.
 * Type: string.
 * Examples: `"request-1"`.
 */
export const ATTR_AFN_LLM_BATCH_CUSTOM_ID = 'afn.llm.batch.custom_id' as const

/**
 * The batch that the request belongs to, or the file of its results.
 * Type: string.
 * Examples: `"batch_abc123"`, `"file-abc123"`.
 */
export const ATTR_AFN_LLM_BATCH_ID = 'afn.llm.batch.id' as const

/**
 * Number of requests of a batch that the span represents, if it is more than one. Its counts and cost are their sums.
 * Type: int.
 * Examples: `49000`.
 */
export const ATTR_AFN_LLM_BATCH_REQUESTS = 'afn.llm.batch.requests' as const

/**
 * Which part of the cost is counted (metrics only).
 * Type: string.
 */
export const ATTR_AFN_LLM_COST_COMPONENT = 'afn.llm.cost.component' as const

/** Input, cache reads and writes included. */
export const AFN_LLM_COST_COMPONENT_VALUE_INPUT = 'input' as const

/** Output, reasoning included. */
export const AFN_LLM_COST_COMPONENT_VALUE_OUTPUT = 'output' as const

/** The part of the total beyond both, such as a price per request. */
export const AFN_LLM_COST_COMPONENT_VALUE_OTHER = 'other' as const

/**
 * ISO 4217 code of the currency; always USD for prices from a table.
 * Type: string.
 * Examples: `"USD"`.
 */
export const ATTR_AFN_LLM_COST_CURRENCY = 'afn.llm.cost.currency' as const

/**
 * The part of the cost that is input, cache reads and writes included.
 * Type: double.
 * Examples: `0.0004`.
 */
export const ATTR_AFN_LLM_COST_INPUT = 'afn.llm.cost.input' as const

/**
 * The part of the cost that is output, reasoning included.
 * Type: double.
 * Examples: `0.00083`.
 */
export const ATTR_AFN_LLM_COST_OUTPUT = 'afn.llm.cost.output' as const

/**
 * The price table and its version, or the name of the override file; absent if the provider reported the cost.
 * Type: string.
 * Examples: `"genai-prices@0.1.8"`, `"prices.json"`.
 */
export const ATTR_AFN_LLM_COST_PRICE_TABLE = 'afn.llm.cost.price_table' as const

/**
 * What a coding agent reckons that the call cost, in USD; a second witness that no sum counts.
 * Type: double.
 * Examples: `0.00924705`.
 */
export const ATTR_AFN_LLM_COST_REPORTED = 'afn.llm.cost.reported' as const

/**
 * Who calculated the cost.
 * Type: string.
 */
export const ATTR_AFN_LLM_COST_SOURCE = 'afn.llm.cost.source' as const

/** The provider's answer told the cost. */
export const AFN_LLM_COST_SOURCE_VALUE_PROVIDER = 'provider' as const

/** The application told the cost. */
export const AFN_LLM_COST_SOURCE_VALUE_APPLICATION = 'application' as const

/** Calculated by the SDK from the token counts and a price table. */
export const AFN_LLM_COST_SOURCE_VALUE_LOCAL = 'local' as const

/**
 * Cost of the call, in afn.llm.cost.currency. Absent if unknown; 0 only if the call was free.
 * Type: double.
 * Examples: `0.00123`.
 */
export const ATTR_AFN_LLM_COST_TOTAL = 'afn.llm.cost.total' as const

/**
 * The convention that the span used before it was normalized; absent on our own spans.
 * Type: string.
 * Examples: `"openinference"`, `"openllmetry"`.
 */
export const ATTR_AFN_LLM_DIALECT = 'afn.llm.dialect' as const

/**
 * What the provider calls the failure: its code, else its type, else its status. Only where the body of the answer was read; `error.type` is the HTTP status, whether it was read or not.
 * Type: string.
 * Examples: `"rate_limit_exceeded"`, `"overloaded_error"`.
 */
export const ATTR_AFN_LLM_ERROR_TYPE = 'afn.llm.error.type' as const

/**
 * Name of the evaluator.
 * Type: string.
 * Examples: `"relevance-judge-v2"`.
 */
export const ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME = 'afn.llm.evaluation.evaluator.name' as const

/**
 * Who evaluated the answer.
 * Type: string.
 */
export const ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE = 'afn.llm.evaluation.evaluator.type' as const

/** A person */
export const AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_HUMAN = 'human' as const

/** A model */
export const AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_LLM = 'llm' as const

/** A program */
export const AFN_LLM_EVALUATION_EVALUATOR_TYPE_VALUE_CODE = 'code' as const

/**
 * Whether the evaluation counts as good or bad for the quality SLO.
 * Type: string.
 */
export const ATTR_AFN_LLM_EVALUATION_OUTCOME = 'afn.llm.evaluation.outcome' as const

/** The score reached the threshold. */
export const AFN_LLM_EVALUATION_OUTCOME_VALUE_PASS = 'pass' as const

/** The score stayed below the threshold. */
export const AFN_LLM_EVALUATION_OUTCOME_VALUE_FAIL = 'fail' as const

/** The evaluator failed. */
export const AFN_LLM_EVALUATION_OUTCOME_VALUE_ERROR = 'error' as const

/** There was nothing to judge, or no threshold. */
export const AFN_LLM_EVALUATION_OUTCOME_VALUE_SKIPPED = 'skipped' as const

/**
 * Highest possible score of the evaluator.
 * Type: double.
 * Examples: `5`.
 */
export const ATTR_AFN_LLM_EVALUATION_SCORE_MAX = 'afn.llm.evaluation.score.max' as const

/**
 * Lowest possible score of the evaluator.
 * Type: double.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_EVALUATION_SCORE_MIN = 'afn.llm.evaluation.score.min' as const

/**
 * The score normalized to 0..1 by its range, so that scores are comparable.
 * Type: double.
 * Examples: `0.85`.
 */
export const ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED = 'afn.llm.evaluation.score.normalized' as const

/**
 * The lowest score at which the answer passes, on the evaluator's scale.
 * Type: double.
 * Examples: `3.5`.
 */
export const ATTR_AFN_LLM_EVALUATION_THRESHOLD = 'afn.llm.evaluation.threshold' as const

/**
 * Whether a guardrail intervened. If true, the trace is kept in the sampled tier.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_GUARDRAIL_TRIGGERED = 'afn.llm.guardrail.triggered' as const

/**
 * True on a call of another model that the provider made while it answered the call above (Anthropic's advisor, OpenAI's tool for images). Its tokens are in that answer; how long it took is not known.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_HOSTED = 'afn.llm.hosted' as const

/**
 * True on the first span of this process in a trace, if there are LLM calls below it.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_LOCAL_ROOT = 'afn.llm.local_root' as const

/**
 * How often in a row the agent made the same steps with the same results before this call; 3 or more.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_AFN_LLM_LOOP_REPETITIONS = 'afn.llm.loop.repetitions' as const

/**
 * Whether the call of an agent that repeats itself was refused (AFN_LOOPS=stop).
 * Type: boolean.
 */
export const ATTR_AFN_LLM_LOOP_STOPPED = 'afn.llm.loop.stopped' as const

/**
 * Tools that the agent calls again and again; none if the model only writes.
 * Type: string[].
 * Examples: `["search"]`.
 */
export const ATTR_AFN_LLM_LOOP_TOOLS = 'afn.llm.loop.tools' as const

/**
 * Span ID of the nearest LLM span or local root above, if that isn't the parent; LangFuse shows the span below it.
 * Type: string.
 * Examples: `"00f067aa0ba902b7"`.
 */
export const ATTR_AFN_LLM_PARENT_ID = 'afn.llm.parent_id' as const

/**
 * What a call is for, if it isn't the app's own work.
 * Type: string.
 */
export const ATTR_AFN_LLM_PURPOSE = 'afn.llm.purpose' as const

/** An evaluator's own work. */
export const AFN_LLM_PURPOSE_VALUE_EVALUATION = 'evaluation' as const

/**
 * Requests per window that the provider's rate limit allows.
 * Type: int.
 * Examples: `5000`.
 */
export const ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_LIMIT = 'afn.llm.rate_limit.requests.limit' as const

/**
 * Requests left in the rate limit window after this one.
 * Type: int.
 * Examples: `4999`.
 */
export const ATTR_AFN_LLM_RATE_LIMIT_REQUESTS_REMAINING = 'afn.llm.rate_limit.requests.remaining' as const

/**
 * Tokens per window that the provider's rate limit allows.
 * Type: int.
 * Examples: `150000000`.
 */
export const ATTR_AFN_LLM_RATE_LIMIT_TOKENS_LIMIT = 'afn.llm.rate_limit.tokens.limit' as const

/**
 * Tokens left in the rate limit window after this call.
 * Type: int.
 * Examples: `149999967`.
 */
export const ATTR_AFN_LLM_RATE_LIMIT_TOKENS_REMAINING = 'afn.llm.rate_limit.tokens.remaining' as const

/**
 * Whether the answer reached its documented end; false if the connection was closed earlier, or the application stopped reading.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_RESPONSE_COMPLETE = 'afn.llm.response.complete' as const

/**
 * True on a call that was answered while the model is still at work, in the background. What it used is on the span that fetches the answer, and in no sum before.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_RESPONSE_PENDING = 'afn.llm.response.pending' as const

/**
 * On an attempt that failed, whether another one of the same call followed. With false the call has failed, and its trace belongs to the errors tier whatever the status was; with true the attempts that follow say what became of the call.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_RETRIED = 'afn.llm.retried' as const

/**
 * Seconds that the provider asks to wait before the next attempt; only on rejected calls.
 * Type: double.
 * Examples: `20`.
 */
export const ATTR_AFN_LLM_RETRY_AFTER = 'afn.llm.retry_after' as const

/**
 * Close code of the WebSocket, from the side that closed it first.
 * Type: int.
 * Examples: `1000`.
 */
export const ATTR_AFN_LLM_SESSION_CLOSE_CODE = 'afn.llm.session.close_code' as const

/**
 * For a call made over a WebSocket, the ID of the WebSocket's span.
 * Type: string.
 * Examples: `"b7ad6b7169203331"`.
 */
export const ATTR_AFN_LLM_SESSION_ID = 'afn.llm.session.id' as const

/**
 * Number of calls made over the WebSocket.
 * Type: int.
 * Examples: `12`.
 */
export const ATTR_AFN_LLM_SESSION_RESPONSES = 'afn.llm.session.responses' as const

/**
 * How a streamed answer ended.
 * Most clients cancel a stream that they leave; openai 7 aborts its request, which is aborted. One that is only let go is consumer, too: after 30 seconds in which nobody read and no reader waited, and when the process ends. The span then ends with the last byte that was read, for good: what is read later is not in it.
 * Type: string.
 */
export const ATTR_AFN_LLM_STREAM_END = 'afn.llm.stream.end' as const

/** The stream reached its documented end. */
export const AFN_LLM_STREAM_END_VALUE_COMPLETE = 'complete' as const

/** The application stopped reading; no error. */
export const AFN_LLM_STREAM_END_VALUE_CONSUMER = 'consumer' as const

/** The application aborted the request. */
export const AFN_LLM_STREAM_END_VALUE_ABORTED = 'aborted' as const

/** The connection or the provider ended it early. */
export const AFN_LLM_STREAM_END_VALUE_CUT = 'cut' as const

/**
 * Mean seconds between two chunks with content of a streamed answer.
 * Type: double.
 * Examples: `0.021`.
 */
export const ATTR_AFN_LLM_TIME_PER_OUTPUT_CHUNK = 'afn.llm.time_per_output_chunk' as const

/**
 * gen_ai.response.time_to_first_chunk in milliseconds, as an integer.
 * TraceQL's quantile_over_time skips floats.
 * Type: int.
 * Examples: `412`.
 */
export const ATTR_AFN_LLM_TIME_TO_FIRST_CHUNK_MS = 'afn.llm.time_to_first_chunk_ms' as const

/**
 * Why a request to a host of a provider became no LLM call (metrics only).
 * Type: string.
 */
export const ATTR_AFN_LLM_UNOBSERVED_REASON = 'afn.llm.unobserved.reason' as const

/** It isn't a POST, and doesn't read a deferred answer. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_METHOD = 'method' as const

/** A part of the API that doesn't call a model. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_NO_INFERENCE = 'no_inference' as const

/** No protocol that is read has this path. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_PATH = 'path' as const

/** The body is not of the protocol of its path. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_BODY = 'body' as const

/** A WebSocket that is not read. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_WEBSOCKET = 'websocket' as const

/** The app suppressed tracing around it. */
export const AFN_LLM_UNOBSERVED_REASON_VALUE_SUPPRESSED = 'suppressed' as const

/**
 * What has no price on a call that told its usage: model, service_tier, region, a kind of usage, as web_search; or usage, where counts contradict each other. A cost without it would be too low.
 * Type: string.
 * Examples: `"model"`, `"service_tier"`, `"file_search"`.
 */
export const ATTR_AFN_LLM_UNPRICED_CAUSE = 'afn.llm.unpriced.cause' as const

/**
 * Why a call has no cost (metrics only).
 * Type: string.
 */
export const ATTR_AFN_LLM_UNPRICED_REASON = 'afn.llm.unpriced.reason' as const

/** No table has a price for the model or its service tier. */
export const AFN_LLM_UNPRICED_REASON_VALUE_NO_PRICE = 'no_price' as const

/** Nobody told how many tokens the call used. */
export const AFN_LLM_UNPRICED_REASON_VALUE_NO_USAGE = 'no_usage' as const

/**
 * Document pages read and annotated, billed per page.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_AFN_LLM_USAGE_ANNOTATED_PAGES = 'afn.llm.usage.annotated_pages' as const

/**
 * Seconds of input or output audio, billed by time.
 * Type: double.
 * Examples: `12.5`.
 */
export const ATTR_AFN_LLM_USAGE_AUDIO_SECONDS = 'afn.llm.usage.audio_seconds' as const

/**
 * The part of the tokens written to the cache that is kept for twelve hours (OpenAI).
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_CACHE_WRITE_12H_INPUT_TOKENS = 'afn.llm.usage.cache_write_12h.input_tokens' as const

/**
 * The part of the tokens written to the cache that is kept for one hour (Anthropic, Bedrock).
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_CACHE_WRITE_1H_INPUT_TOKENS = 'afn.llm.usage.cache_write_1h.input_tokens' as const

/**
 * The part of the tokens written to the cache that is kept for thirty minutes (OpenAI).
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_CACHE_WRITE_30M_INPUT_TOKENS = 'afn.llm.usage.cache_write_30m.input_tokens' as const

/**
 * The part of the tokens written to the cache that is kept for five minutes (Anthropic, Bedrock).
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_CACHE_WRITE_5M_INPUT_TOKENS = 'afn.llm.usage.cache_write_5m.input_tokens' as const

/**
 * Synthesized characters, billed per character.
 * Type: int.
 * Examples: `420`.
 */
export const ATTR_AFN_LLM_USAGE_CHARACTERS = 'afn.llm.usage.characters' as const

/**
 * Containers in which the provider's own tools ran code.
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_CODE_SESSIONS = 'afn.llm.usage.code_sessions' as const

/**
 * Machine seconds, billed by time (Replicate, fal).
 * Type: double.
 * Examples: `3.2`.
 */
export const ATTR_AFN_LLM_USAGE_COMPUTE_SECONDS = 'afn.llm.usage.compute_seconds' as const

/**
 * Billed searches of the provider's own file store.
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_FILE_SEARCHES = 'afn.llm.usage.file_searches' as const

/**
 * Generated images, billed per image.
 * Type: int.
 * Examples: `2`.
 */
export const ATTR_AFN_LLM_USAGE_IMAGES = 'afn.llm.usage.images' as const

/**
 * What each run of the model used, as JSON, where the provider ran it more than once for one answer (Anthropic: compaction, turns of its own tools). The other counts are their sum; each has its own price.
 * Type: string.
 * Examples: `"[{\"gen_ai.usage.input_tokens\":180000,\"gen_ai.usage.output_tokens\":3500},{\"gen_ai.usage.input_tokens\":23000,\"gen_ai.usage.output_tokens\":1000}]"`.
 */
export const ATTR_AFN_LLM_USAGE_ITERATIONS = 'afn.llm.usage.iterations' as const

/**
 * Billed grounding with Google Maps.
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_MAPS_SEARCHES = 'afn.llm.usage.maps_searches' as const

/**
 * Document pages read, billed per page.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_AFN_LLM_USAGE_PAGES = 'afn.llm.usage.pages' as const

/**
 * True on a span that repeats the usage of calls with their own spans; it is neither priced nor counted.
 * Type: boolean.
 */
export const ATTR_AFN_LLM_USAGE_ROLLUP = 'afn.llm.usage.rollup' as const

/**
 * Search units by which reranking is billed (Cohere).
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_SEARCH_UNITS = 'afn.llm.usage.search_units' as const

/**
 * Billed searches of a social network (xAI).
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_SOCIAL_SEARCHES = 'afn.llm.usage.social_searches' as const

/**
 * Where the token counts of the call come from.
 * Type: string.
 */
export const ATTR_AFN_LLM_USAGE_SOURCE = 'afn.llm.usage.source' as const

/** The provider told every count. */
export const AFN_LLM_USAGE_SOURCE_VALUE_PROVIDER = 'provider' as const

/** The application reported them for a call that can't be observed. */
export const AFN_LLM_USAGE_SOURCE_VALUE_APPLICATION = 'application' as const

/** A stream reported a part of its counts; the rest is estimated from the received content. */
export const AFN_LLM_USAGE_SOURCE_VALUE_ESTIMATED = 'estimated' as const

/** The provider reported none; the span has no counts. */
export const AFN_LLM_USAGE_SOURCE_VALUE_MISSING = 'missing' as const

/**
 * The part of the input tokens that are results of the provider's own tools (Gemini).
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_TOOL_USE_INPUT_TOKENS = 'afn.llm.usage.tool_use.input_tokens' as const

/**
 * Input and output tokens together, if the application only reported their sum.
 * Type: int.
 * Examples: `1500`.
 */
export const ATTR_AFN_LLM_USAGE_TOTAL_TOKENS = 'afn.llm.usage.total_tokens' as const

/**
 * The part of the cached input tokens that was video (Gemini); the conventions have no name for it.
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_VIDEO_CACHE_READ_INPUT_TOKENS = 'afn.llm.usage.video.cache_read.input_tokens' as const

/**
 * The part of the input tokens that was video (Gemini); the conventions have no name for it.
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_VIDEO_INPUT_TOKENS = 'afn.llm.usage.video.input_tokens' as const

/**
 * The part of the output tokens that was video (Gemini); the conventions have no name for it.
 * Type: int.
 */
export const ATTR_AFN_LLM_USAGE_VIDEO_OUTPUT_TOKENS = 'afn.llm.usage.video.output_tokens' as const

/**
 * Seconds of generated video, billed by time.
 * Type: double.
 * Examples: `8`.
 */
export const ATTR_AFN_LLM_USAGE_VIDEO_SECONDS = 'afn.llm.usage.video_seconds' as const

/**
 * Web searches by the provider's own tool that it charges for; for Gemini, grounding with Google Search.
 * Type: int.
 * Examples: `1`.
 */
export const ATTR_AFN_LLM_USAGE_WEB_SEARCHES = 'afn.llm.usage.web_searches' as const

/**
 * The trace's tags that metrics are counted by, sorted; for example the user's plan.
 * Type: string.
 * Examples: `"beta, pro"`.
 */
export const ATTR_AFN_LLM_USER_GROUP = 'afn.llm.user_group' as const

/**
 * Retention class of a log line.
 * Type: string.
 * Examples: `"info"`.
 */
export const ATTR_AFN_LOGS_CLASS = 'afn.logs.class' as const

/** Below info. */
export const AFN_LOGS_CLASS_VALUE_DEBUG = 'debug' as const

/** Information. */
export const AFN_LOGS_CLASS_VALUE_INFO = 'info' as const

/** Warnings. */
export const AFN_LOGS_CLASS_VALUE_WARN = 'warn' as const

/** Errors and what ends a process. */
export const AFN_LOGS_CLASS_VALUE_ERROR = 'error' as const

/** Marked by afn.audit. */
export const AFN_LOGS_CLASS_VALUE_AUDIT = 'audit' as const

/**
 * Why log records were lost.
 * Type: string.
 * Examples: `"disk_full"`.
 */
export const ATTR_AFN_LOGS_DROP_REASON = 'afn.logs.drop_reason' as const

/** The disk has no room. */
export const AFN_LOGS_DROP_REASON_VALUE_DISK_FULL = 'disk_full' as const

/** The folder or a file in it isn't writable. */
export const AFN_LOGS_DROP_REASON_VALUE_UNWRITABLE = 'unwritable' as const

/**
 * Name of a probe from the edge; the URL is not shown, because it may contain a token.
 * Type: string.
 * Examples: `"ready"`.
 */
export const ATTR_AFN_PROBE_NAME = 'afn.probe.name' as const

/**
 * Identifies the pseudonym key without revealing it; a different ID means that the key was changed.
 * Type: string.
 * Examples: `"3f0a1b2c"`.
 */
export const ATTR_AFN_REDACTION_KEY_ID = 'afn.redaction.key_id' as const

/**
 * What the second line of redaction had to change, a `span`, an `event` or a `log`.
 * Type: string.
 * Examples: `"span"`, `"event"`, `"log"`.
 */
export const ATTR_AFN_REDACTION_PLACE = 'afn.redaction.place' as const

/**
 * On the resource: every rule of the Collector's second line was applied before these records left the process. Names those rules. Believed from an authenticated sender only.
 * Type: string.
 * Examples: `"3f0a1b2c4d5e"`.
 */
export const ATTR_AFN_REDACTION_RULES = 'afn.redaction.rules' as const

/**
 * The type of value, as named in its mask.
 * Type: string.
 * Examples: `"EMAIL"`, `"CARD"`, `"SECRET"`.
 */
export const ATTR_AFN_REDACTION_TYPE = 'afn.redaction.type' as const

/**
 * How far the page was scrolled, in percent, in steps of 25.
 * Type: int.
 * Examples: `25`, `100`.
 */
export const ATTR_AFN_SCROLL_DEPTH = 'afn.scroll.depth' as const

/**
 * Bytes of a streamed answer that the page read.
 * Type: int.
 * Examples: `5120`.
 */
export const ATTR_AFN_STREAM_BYTES = 'afn.stream.bytes' as const

/**
 * Milliseconds from the request to the end of its streamed answer, as the page read it.
 * Type: int.
 * Examples: `1830`.
 */
export const ATTR_AFN_STREAM_DURATION_MS = 'afn.stream.duration_ms' as const

/**
 * How a streamed answer ended in the page.
 * Type: string.
 */
export const ATTR_AFN_STREAM_END = 'afn.stream.end' as const

/** The page read it to its end. */
export const AFN_STREAM_END_VALUE_COMPLETE = 'complete' as const

/** The page stopped reading; no error. */
export const AFN_STREAM_END_VALUE_CONSUMER = 'consumer' as const

/** The connection ended early. */
export const AFN_STREAM_END_VALUE_CUT = 'cut' as const

/**
 * Milliseconds from the request to the first chunk of its streamed answer that the page read.
 * Type: int.
 * Examples: `412`.
 */
export const ATTR_AFN_STREAM_FIRST_PIECE_MS = 'afn.stream.first_piece_ms' as const

/**
 * Longest gap between two chunks of a streamed answer, in milliseconds.
 * Type: int.
 * Examples: `96`.
 */
export const ATTR_AFN_STREAM_LONGEST_GAP_MS = 'afn.stream.longest_gap_ms' as const

/**
 * Number of chunks in which the page read a streamed answer.
 * Type: int.
 * Examples: `42`.
 */
export const ATTR_AFN_STREAM_PIECES = 'afn.stream.pieces' as const

/**
 * TTFB: HTTP cache and service worker, in milliseconds.
 * Type: double.
 * Examples: `1.5`.
 */
export const ATTR_AFN_WEB_VITAL_CACHE_DURATION = 'afn.web_vital.cache_duration' as const

/**
 * TTFB: connection including TLS, in milliseconds.
 * Type: double.
 * Examples: `12`.
 */
export const ATTR_AFN_WEB_VITAL_CONNECTION_DURATION = 'afn.web_vital.connection_duration' as const

/**
 * TTFB: DNS lookup, in milliseconds.
 * Type: double.
 * Examples: `4`.
 */
export const ATTR_AFN_WEB_VITAL_DNS_DURATION = 'afn.web_vital.dns_duration' as const

/**
 * LCP: milliseconds from the load of the resource to its paint.
 * Type: double.
 * Examples: `8`.
 */
export const ATTR_AFN_WEB_VITAL_ELEMENT_RENDER_DELAY = 'afn.web_vital.element_render_delay' as const

/**
 * FID: time of the input, in milliseconds after the navigation.
 * Type: double.
 * Examples: `2210.5`.
 */
export const ATTR_AFN_WEB_VITAL_EVENT_TIME = 'afn.web_vital.event_time' as const

/**
 * FID: name of the event.
 * Type: string.
 * Examples: `"pointerdown"`.
 */
export const ATTR_AFN_WEB_VITAL_EVENT_TYPE = 'afn.web_vital.event_type' as const

/**
 * FCP: milliseconds from the first byte to the first paint of content.
 * Type: double.
 * Examples: `80`.
 */
export const ATTR_AFN_WEB_VITAL_FIRST_BYTE_TO_FCP = 'afn.web_vital.first_byte_to_fcp' as const

/**
 * INP: milliseconds until the handlers began.
 * Type: double.
 * Examples: `3`.
 */
export const ATTR_AFN_WEB_VITAL_INPUT_DELAY = 'afn.web_vital.input_delay' as const

/**
 * INP: selector of the element.
 * Type: string.
 * Examples: `"button#send"`.
 */
export const ATTR_AFN_WEB_VITAL_INTERACTION_TARGET = 'afn.web_vital.interaction_target' as const

/**
 * INP: time of the input, in milliseconds after the navigation.
 * Type: double.
 * Examples: `2210.5`.
 */
export const ATTR_AFN_WEB_VITAL_INTERACTION_TIME = 'afn.web_vital.interaction_time' as const

/**
 * INP: kind of the input.
 * Type: string.
 * Examples: `"pointer"`.
 */
export const ATTR_AFN_WEB_VITAL_INTERACTION_TYPE = 'afn.web_vital.interaction_type' as const

/**
 * CLS: selector of the element that moved most.
 * Type: string.
 * Examples: `"main>img"`.
 */
export const ATTR_AFN_WEB_VITAL_LARGEST_SHIFT_TARGET = 'afn.web_vital.largest_shift_target' as const

/**
 * CLS: time of the shift, in milliseconds after the navigation.
 * Type: double.
 * Examples: `610`.
 */
export const ATTR_AFN_WEB_VITAL_LARGEST_SHIFT_TIME = 'afn.web_vital.largest_shift_time' as const

/**
 * CLS: score of that shift.
 * Type: double.
 * Examples: `0.08`.
 */
export const ATTR_AFN_WEB_VITAL_LARGEST_SHIFT_VALUE = 'afn.web_vital.largest_shift_value' as const

/**
 * CLS, FCP and INP: load state of the document.
 * Type: string.
 * Examples: `"dom-interactive"`.
 */
export const ATTR_AFN_WEB_VITAL_LOAD_STATE = 'afn.web_vital.load_state' as const

/**
 * INP: time of the next paint, in milliseconds after the navigation.
 * Type: double.
 * Examples: `2240`.
 */
export const ATTR_AFN_WEB_VITAL_NEXT_PAINT_TIME = 'afn.web_vital.next_paint_time' as const

/**
 * INP: milliseconds from the handlers to the next paint.
 * Type: double.
 * Examples: `14`.
 */
export const ATTR_AFN_WEB_VITAL_PRESENTATION_DELAY = 'afn.web_vital.presentation_delay' as const

/**
 * INP: run time of the handlers, in milliseconds.
 * Type: double.
 * Examples: `9`.
 */
export const ATTR_AFN_WEB_VITAL_PROCESSING_DURATION = 'afn.web_vital.processing_duration' as const

/**
 * TTFB: milliseconds from the request to the first byte.
 * Type: double.
 * Examples: `35`.
 */
export const ATTR_AFN_WEB_VITAL_REQUEST_DURATION = 'afn.web_vital.request_duration' as const

/**
 * LCP: entries that the buffer of the resource timings holds.
 * Type: int.
 * Examples: `250`.
 */
export const ATTR_AFN_WEB_VITAL_RESOURCE_BUFFER_SIZE = 'afn.web_vital.resource_buffer_size' as const

/**
 * LCP: milliseconds from the first byte of the page to the request of the resource.
 * Type: double.
 * Examples: `40`.
 */
export const ATTR_AFN_WEB_VITAL_RESOURCE_LOAD_DELAY = 'afn.web_vital.resource_load_delay' as const

/**
 * LCP: load time of the resource, in milliseconds.
 * Type: double.
 * Examples: `60`.
 */
export const ATTR_AFN_WEB_VITAL_RESOURCE_LOAD_DURATION = 'afn.web_vital.resource_load_duration' as const

/**
 * LCP and FID: selector of the element.
 * Type: string.
 * Examples: `"main>h1"`.
 */
export const ATTR_AFN_WEB_VITAL_TARGET = 'afn.web_vital.target' as const

/**
 * FCP and LCP: milliseconds from the navigation to the first byte.
 * Type: double.
 * Examples: `52`.
 */
export const ATTR_AFN_WEB_VITAL_TIME_TO_FIRST_BYTE = 'afn.web_vital.time_to_first_byte' as const

/**
 * INP: milliseconds of painting in the frames of the interaction.
 * Type: double.
 * Examples: `4`.
 */
export const ATTR_AFN_WEB_VITAL_TOTAL_PAINT_DURATION = 'afn.web_vital.total_paint_duration' as const

/**
 * INP: milliseconds of scripts in the frames of the interaction.
 * Type: double.
 * Examples: `9`.
 */
export const ATTR_AFN_WEB_VITAL_TOTAL_SCRIPT_DURATION = 'afn.web_vital.total_script_duration' as const

/**
 * INP: milliseconds of style and layout in the frames of the interaction.
 * Type: double.
 * Examples: `2`.
 */
export const ATTR_AFN_WEB_VITAL_TOTAL_STYLE_AND_LAYOUT_DURATION =
  'afn.web_vital.total_style_and_layout_duration' as const

/**
 * INP: milliseconds of those frames without another explanation.
 * Type: double.
 * Examples: `1`.
 */
export const ATTR_AFN_WEB_VITAL_TOTAL_UNATTRIBUTED_DURATION = 'afn.web_vital.total_unattributed_duration' as const

/**
 * LCP: URL of the resource.
 * Type: string.
 * Examples: `"https://www.example.com/hero.webp"`.
 */
export const ATTR_AFN_WEB_VITAL_URL = 'afn.web_vital.url' as const

/**
 * TTFB: from the navigation to the start of the fetch, including redirects, in milliseconds.
 * Type: double.
 * Examples: `5`.
 */
export const ATTR_AFN_WEB_VITAL_WAITING_DURATION = 'afn.web_vital.waiting_duration' as const

/**
 * AWS's ID of the request, from the header x-amzn-requestid of the answer.
 * Bedrock's model invocation log has it as requestId, by which `afn-otel cost reconcile` finds the span.
 * Type: string.
 * Examples: `"79b9da39-b7ae-508a-a6bc-864b2829c622"`.
 */
export const ATTR_AWS_REQUEST_ID = 'aws.request_id' as const

/**
 * Name of a Web Vital.
 * Type: string.
 */
export const ATTR_BROWSER_WEB_VITAL_NAME = 'browser.web_vital.name' as const

/** Cumulative Layout Shift */
export const BROWSER_WEB_VITAL_NAME_VALUE_CLS = 'cls' as const

/** First Contentful Paint */
export const BROWSER_WEB_VITAL_NAME_VALUE_FCP = 'fcp' as const

/** First Input Delay */
export const BROWSER_WEB_VITAL_NAME_VALUE_FID = 'fid' as const

/** Interaction to Next Paint */
export const BROWSER_WEB_VITAL_NAME_VALUE_INP = 'inp' as const

/** Largest Contentful Paint */
export const BROWSER_WEB_VITAL_NAME_VALUE_LCP = 'lcp' as const

/** Time to First Byte */
export const BROWSER_WEB_VITAL_NAME_VALUE_TTFB = 'ttfb' as const

/**
 * Rating of the value by the thresholds of its Web Vital.
 * Type: string.
 */
export const ATTR_BROWSER_WEB_VITAL_RATING = 'browser.web_vital.rating' as const

/** At most the lower edge. */
export const BROWSER_WEB_VITAL_RATING_VALUE_GOOD = 'good' as const

/** Between the two edges. */
export const BROWSER_WEB_VITAL_RATING_VALUE_NEEDS_IMPROVEMENT = 'needs-improvement' as const

/** Above the upper edge. */
export const BROWSER_WEB_VITAL_RATING_VALUE_POOR = 'poor' as const

/**
 * Name of a Connect layer.
 * Type: string.
 */
export const ATTR_CONNECT_NAME = 'connect.name' as const

/**
 * Kind of the layer.
 * Type: string.
 * Examples: `"middleware"`, `"request_handler"`.
 */
export const ATTR_CONNECT_TYPE = 'connect.type' as const

/**
 * Time after which a pg pool closes an idle connection, in milliseconds.
 * Type: int.
 * Examples: `10000`.
 */
export const ATTR_DB_POSTGRESQL_IDLE_TIMEOUT_MILLIS = 'db.postgresql.idle.timeout.millis' as const

/**
 * Maximum number of connections of a pg pool.
 * Type: int.
 * Examples: `10`.
 */
export const ATTR_DB_POSTGRESQL_MAX_CLIENT = 'db.postgresql.max.client' as const

/**
 * Class of the error that ended the operation; absent if it succeeded.
 * For LLM calls the provider's error code, else its error type, else the HTTP status, else the exception's name.
 * Type: string.
 * Examples: `"rate_limit_exceeded"`, `"overloaded_error"`, `"500"`, `"TimeoutError"`.
 */
export const ATTR_ERROR_TYPE = 'error.type' as const

/** An error without a more specific name. */
export const ERROR_TYPE_VALUE_OTHER = '_OTHER' as const

/**
 * Outcome of an audited action.
 * Type: string.
 * Examples: `"success"`, `"failure"`, `"denied"`.
 */
export const ATTR_EVENT_OUTCOME = 'event.outcome' as const

/**
 * Message of the exception.
 * Type: string.
 */
export const ATTR_EXCEPTION_MESSAGE = 'exception.message' as const

/**
 * The stack of the exception.
 * Type: string.
 */
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace' as const

/**
 * Class of the exception.
 * Type: string.
 * Examples: `"TypeError"`.
 */
export const ATTR_EXCEPTION_TYPE = 'exception.type' as const

/**
 * Name of an Express layer, or its route.
 * Type: string.
 * Examples: `"jsonParser"`.
 */
export const ATTR_EXPRESS_NAME = 'express.name' as const

/**
 * Kind of the layer.
 * Type: string.
 * Examples: `"middleware"`, `"router"`, `"request_handler"`.
 */
export const ATTR_EXPRESS_TYPE = 'express.type' as const

/**
 * Purpose of the agent.
 * Type: string.
 */
export const ATTR_GEN_AI_AGENT_DESCRIPTION = 'gen_ai.agent.description' as const

/**
 * Identifier of the agent.
 * Type: string.
 * Examples: `"asst_123"`.
 */
export const ATTR_GEN_AI_AGENT_ID = 'gen_ai.agent.id' as const

/**
 * Name of the agent.
 * Type: string.
 * Examples: `"Prompt improver"`.
 */
export const ATTR_GEN_AI_AGENT_NAME = 'gen_ai.agent.name' as const

/**
 * Version of the agent.
 * Type: string.
 * Examples: `"1.2.0"`.
 */
export const ATTR_GEN_AI_AGENT_VERSION = 'gen_ai.agent.version' as const

/**
 * True if the model received a compacted version of the earlier conversation.
 * Type: boolean.
 */
export const ATTR_GEN_AI_CONVERSATION_COMPACTED = 'gen_ai.conversation.compacted' as const

/**
 * Identifier of the conversation, thread or session, from the provider or the application. Never generated by the SDK.
 * Type: string.
 * Examples: `"conv_123"`.
 */
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id' as const

/**
 * Identifier of the data source that was searched.
 * Type: string.
 * Examples: `"H7STPQYOND"`.
 */
export const ATTR_GEN_AI_DATA_SOURCE_ID = 'gen_ai.data_source.id' as const

/**
 * Requested number of dimensions of the vectors.
 * Type: int.
 * Examples: `512`.
 */
export const ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT = 'gen_ai.embeddings.dimension.count' as const

/**
 * Why the evaluator gave this score. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_EVALUATION_EXPLANATION = 'gen_ai.evaluation.explanation' as const

/**
 * What was evaluated.
 * Type: string.
 * Examples: `"relevance"`.
 */
export const ATTR_GEN_AI_EVALUATION_NAME = 'gen_ai.evaluation.name' as const

/**
 * The verdict as a label.
 * Type: string.
 * Examples: `"pass"`.
 */
export const ATTR_GEN_AI_EVALUATION_SCORE_LABEL = 'gen_ai.evaluation.score.label' as const

/**
 * The score as the evaluator gave it.
 * Type: double.
 * Examples: `0.85`.
 */
export const ATTR_GEN_AI_EVALUATION_SCORE_VALUE = 'gen_ai.evaluation.score.value' as const

/**
 * The messages sent to the model. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_INPUT_MESSAGES = 'gen_ai.input.messages' as const

/**
 * The query of a search for memories. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_MEMORY_QUERY_TEXT = 'gen_ai.memory.query.text' as const

/**
 * The number of memory records that were found or changed.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_GEN_AI_MEMORY_RECORD_COUNT = 'gen_ai.memory.record.count' as const

/**
 * The memory records that were found or given. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_MEMORY_RECORDS = 'gen_ai.memory.records' as const

/**
 * Identifier of the store of memories.
 * Type: string.
 * Examples: `"user-preferences"`.
 */
export const ATTR_GEN_AI_MEMORY_STORE_ID = 'gen_ai.memory.store.id' as const

/**
 * What kind of operation the span describes.
 * Where the conventions have no word they let others in: `rerank` for a ranking of documents, and `agent_step` for one step of the AI SDK's agent, as that SDK calls it.
 * Type: string.
 */
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name' as const

/** Chat completion, also OpenAI Responses and Anthropic Messages. */
export const GEN_AI_OPERATION_NAME_VALUE_CHAT = 'chat' as const

/** Multimodal generation, as Gemini generateContent. */
export const GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT = 'generate_content' as const

/** Completion of a text (legacy APIs). */
export const GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION = 'text_completion' as const

/** Embedding vectors. */
export const GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS = 'embeddings' as const

/** Search in a data source. */
export const GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL = 'retrieval' as const

/** Retrieval of a response that was created earlier. */
export const GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE = 'fetch_response' as const

/** Creation of an agent. */
export const GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT = 'create_agent' as const

/** One run of an agent. */
export const GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT = 'invoke_agent' as const

/** One run of a workflow. */
export const GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW = 'invoke_workflow' as const

/** One run of a tool. */
export const GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL = 'execute_tool' as const

/** Planning step of an agent. */
export const GEN_AI_OPERATION_NAME_VALUE_PLAN = 'plan' as const

/** Creation of a memory store. */
export const GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY_STORE = 'create_memory_store' as const

/** Deletion of a memory store. */
export const GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY_STORE = 'delete_memory_store' as const

/** Creation of memory records. */
export const GEN_AI_OPERATION_NAME_VALUE_CREATE_MEMORY = 'create_memory' as const

/** Change of existing memory records. */
export const GEN_AI_OPERATION_NAME_VALUE_UPDATE_MEMORY = 'update_memory' as const

/** Creation or change of memory records, whichever the store chooses. */
export const GEN_AI_OPERATION_NAME_VALUE_UPSERT_MEMORY = 'upsert_memory' as const

/** Search for memory records. */
export const GEN_AI_OPERATION_NAME_VALUE_SEARCH_MEMORY = 'search_memory' as const

/** Deletion of memory records. */
export const GEN_AI_OPERATION_NAME_VALUE_DELETE_MEMORY = 'delete_memory' as const

/**
 * The messages that the model returned. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_OUTPUT_MESSAGES = 'gen_ai.output.messages' as const

/**
 * The kind of output that the request specifies.
 * Type: string.
 */
export const ATTR_GEN_AI_OUTPUT_TYPE = 'gen_ai.output.type' as const

/** Plain text */
export const GEN_AI_OUTPUT_TYPE_VALUE_TEXT = 'text' as const

/** JSON, with or without a schema */
export const GEN_AI_OUTPUT_TYPE_VALUE_JSON = 'json' as const

/** Image */
export const GEN_AI_OUTPUT_TYPE_VALUE_IMAGE = 'image' as const

/** Speech */
export const GEN_AI_OUTPUT_TYPE_VALUE_SPEECH = 'speech' as const

/**
 * Name of the prompt in its store.
 * Type: string.
 * Examples: `"improve-prompt"`.
 */
export const ATTR_GEN_AI_PROMPT_NAME = 'gen_ai.prompt.name' as const

/**
 * Version of the prompt.
 * Type: string.
 * Examples: `"3"`.
 */
export const ATTR_GEN_AI_PROMPT_VERSION = 'gen_ai.prompt.version' as const

/**
 * Who answers the call, as far as the client can tell; any other value is allowed.
 * Type: string.
 */
export const ATTR_GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name' as const

/** OpenAI */
export const GEN_AI_PROVIDER_NAME_VALUE_OPENAI = 'openai' as const

/** Anthropic */
export const GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC = 'anthropic' as const

/** Azure OpenAI */
export const GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI = 'azure.ai.openai' as const

/** Azure AI Inference */
export const GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE = 'azure.ai.inference' as const

/** Amazon Bedrock */
export const GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK = 'aws.bedrock' as const

/** Gemini API (generativelanguage.googleapis.com) */
export const GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI = 'gcp.gemini' as const

/** Vertex AI (aiplatform.googleapis.com) */
export const GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI = 'gcp.vertex_ai' as const

/** Any other Google endpoint */
export const GEN_AI_PROVIDER_NAME_VALUE_GCP_GEN_AI = 'gcp.gen_ai' as const

/** Cohere */
export const GEN_AI_PROVIDER_NAME_VALUE_COHERE = 'cohere' as const

/** DeepSeek */
export const GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK = 'deepseek' as const

/** Groq */
export const GEN_AI_PROVIDER_NAME_VALUE_GROQ = 'groq' as const

/** Mistral AI */
export const GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI = 'mistral_ai' as const

/** Moonshot AI */
export const GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI = 'moonshot_ai' as const

/** Perplexity */
export const GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY = 'perplexity' as const

/** xAI */
export const GEN_AI_PROVIDER_NAME_VALUE_X_AI = 'x_ai' as const

/** IBM watsonx.ai */
export const GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI = 'ibm.watsonx.ai' as const

/**
 * The number of requested candidates; absent if it is 1.
 * Type: int.
 * Examples: `3`.
 */
export const ATTR_GEN_AI_REQUEST_CHOICE_COUNT = 'gen_ai.request.choice.count' as const

/**
 * The requested encodings of embeddings.
 * Type: string[].
 * Examples: `["base64"]`, `["float","binary"]`.
 */
export const ATTR_GEN_AI_REQUEST_ENCODING_FORMATS = 'gen_ai.request.encoding_formats' as const

/**
 * Frequency penalty.
 * Type: double.
 * Examples: `0.1`.
 */
export const ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY = 'gen_ai.request.frequency_penalty' as const

/**
 * Upper limit of generated tokens.
 * Type: int.
 * Examples: `1024`.
 */
export const ATTR_GEN_AI_REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens' as const

/**
 * The requested model.
 * Type: string.
 * Examples: `"gpt-5-mini"`.
 */
export const ATTR_GEN_AI_REQUEST_MODEL = 'gen_ai.request.model' as const

/**
 * Presence penalty.
 * Type: double.
 * Examples: `0.1`.
 */
export const ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY = 'gen_ai.request.presence_penalty' as const

/**
 * The earlier response that the request continues.
 * Type: string.
 * Examples: `"resp_0123456789abcdef"`.
 */
export const ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID = 'gen_ai.request.previous_response.id' as const

/**
 * The requested amount of reasoning, in the provider's words.
 * Type: string.
 * Examples: `"low"`, `"high"`.
 */
export const ATTR_GEN_AI_REQUEST_REASONING_LEVEL = 'gen_ai.request.reasoning.level' as const

/**
 * Seed for repeatable sampling.
 * Type: int.
 * Examples: `42`.
 */
export const ATTR_GEN_AI_REQUEST_SEED = 'gen_ai.request.seed' as const

/**
 * Sequences that end the generation.
 * Type: string[].
 * Examples: `["###","END"]`.
 */
export const ATTR_GEN_AI_REQUEST_STOP_SEQUENCES = 'gen_ai.request.stop_sequences' as const

/**
 * Whether a streamed answer was requested.
 * Type: boolean.
 */
export const ATTR_GEN_AI_REQUEST_STREAM = 'gen_ai.request.stream' as const

/**
 * Sampling temperature.
 * Type: double.
 * Examples: `0.7`.
 */
export const ATTR_GEN_AI_REQUEST_TEMPERATURE = 'gen_ai.request.temperature' as const

/**
 * Number of most likely tokens to sample from (top k).
 * Type: int.
 * Examples: `40`.
 */
export const ATTR_GEN_AI_REQUEST_TOP_K = 'gen_ai.request.top_k' as const

/**
 * Nucleus sampling threshold.
 * Type: double.
 * Examples: `0.9`.
 */
export const ATTR_GEN_AI_REQUEST_TOP_P = 'gen_ai.request.top_p' as const

/**
 * Why each candidate ended, in the provider's words.
 * Type: string[].
 * Examples: `["stop"]`, `["tool_calls","length"]`.
 */
export const ATTR_GEN_AI_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons' as const

/**
 * Identifier of the response, assigned by the provider.
 * Type: string.
 * Examples: `"chatcmpl-123"`.
 */
export const ATTR_GEN_AI_RESPONSE_ID = 'gen_ai.response.id' as const

/**
 * The model that generated the response.
 * Type: string.
 * Examples: `"gpt-5-mini-2025-08-07"`.
 */
export const ATTR_GEN_AI_RESPONSE_MODEL = 'gen_ai.response.model' as const

/**
 * The provider's status of the response.
 * Type: string.
 */
export const ATTR_GEN_AI_RESPONSE_STATUS = 'gen_ai.response.status' as const

/** Accepted, not begun. */
export const GEN_AI_RESPONSE_STATUS_VALUE_QUEUED = 'queued' as const

/** Being made. */
export const GEN_AI_RESPONSE_STATUS_VALUE_IN_PROGRESS = 'in_progress' as const

/** Whole. */
export const GEN_AI_RESPONSE_STATUS_VALUE_COMPLETED = 'completed' as const

/** Ended early. */
export const GEN_AI_RESPONSE_STATUS_VALUE_INCOMPLETE = 'incomplete' as const

/** Failed. */
export const GEN_AI_RESPONSE_STATUS_VALUE_FAILED = 'failed' as const

/** Cancelled. */
export const GEN_AI_RESPONSE_STATUS_VALUE_CANCELLED = 'cancelled' as const

/**
 * Seconds from the request to the first chunk of a streamed answer.
 * Type: double.
 * Examples: `0.412`.
 */
export const ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = 'gen_ai.response.time_to_first_chunk' as const

/**
 * The retrieved documents, with ID and score. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_RETRIEVAL_DOCUMENTS = 'gen_ai.retrieval.documents' as const

/**
 * The search query. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT = 'gen_ai.retrieval.query.text' as const

/**
 * The number of requested documents.
 * Type: int.
 * Examples: `5`.
 */
export const ATTR_GEN_AI_RETRIEVAL_TOP_K = 'gen_ai.retrieval.top_k' as const

/**
 * Name of the skill that the tool call loads.
 * Type: string.
 * Examples: `"pdf"`.
 */
export const ATTR_GEN_AI_SKILL_NAME = 'gen_ai.skill.name' as const

/**
 * System instructions that are passed separately from the messages. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_SYSTEM_INSTRUCTIONS = 'gen_ai.system_instructions' as const

/**
 * Modality of the counted tokens (metrics only).
 * Type: string.
 */
export const ATTR_GEN_AI_TOKEN_MODALITY = 'gen_ai.token.modality' as const

/** Text */
export const GEN_AI_TOKEN_MODALITY_VALUE_TEXT = 'text' as const

/** Image */
export const GEN_AI_TOKEN_MODALITY_VALUE_IMAGE = 'image' as const

/** Audio */
export const GEN_AI_TOKEN_MODALITY_VALUE_AUDIO = 'audio' as const

/** Not told by the provider */
export const GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN = 'unknown' as const

/**
 * Which tokens are counted (metrics only).
 * Type: string.
 * @deprecated Each kind of token has a counter of its own.
 */
export const ATTR_GEN_AI_TOKEN_TYPE = 'gen_ai.token.type' as const

/** Input tokens */
export const GEN_AI_TOKEN_TYPE_VALUE_INPUT = 'input' as const

/** Output tokens */
export const GEN_AI_TOKEN_TYPE_VALUE_OUTPUT = 'output' as const

/**
 * Arguments of the tool call. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments' as const

/**
 * Identifier of the tool call.
 * Type: string.
 * Examples: `"call_abc123"`.
 */
export const ATTR_GEN_AI_TOOL_CALL_ID = 'gen_ai.tool.call.id' as const

/**
 * Result of the tool call. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result' as const

/**
 * The tools offered to the model. Content.
 * Type: string.
 */
export const ATTR_GEN_AI_TOOL_DEFINITIONS = 'gen_ai.tool.definitions' as const

/**
 * Description of the tool that the model receives.
 * Type: string.
 */
export const ATTR_GEN_AI_TOOL_DESCRIPTION = 'gen_ai.tool.description' as const

/**
 * Name of the tool.
 * Type: string.
 * Examples: `"get_weather"`.
 */
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name' as const

/**
 * Type of the tool.
 * Type: string.
 * Examples: `"function"`, `"extension"`, `"datastore"`.
 */
export const ATTR_GEN_AI_TOOL_TYPE = 'gen_ai.tool.type' as const

/**
 * The part of the cached input tokens that was audio; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.audio.cache_read.input_tokens' as const

/**
 * The part of the input tokens that was audio; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS = 'gen_ai.usage.audio.input_tokens' as const

/**
 * The part of the output tokens that was audio; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS = 'gen_ai.usage.audio.output_tokens' as const

/**
 * The part of the input tokens that was written to the provider's cache.
 * Type: int.
 * @deprecated It has another name.
 */
export const ATTR_GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS = 'gen_ai.usage.cache_creation.input_tokens' as const

/**
 * The part of the input tokens that came from the provider's cache.
 * Type: int.
 * Examples: `50`.
 */
export const ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.cache_read.input_tokens' as const

/**
 * The part of the input tokens that was written to the provider's cache.
 * Type: int.
 * Examples: `25`.
 */
export const ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS = 'gen_ai.usage.cache_write.input_tokens' as const

/**
 * The part of the cached input tokens that was images; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.image.cache_read.input_tokens' as const

/**
 * The part of the input tokens that was images; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS = 'gen_ai.usage.image.input_tokens' as const

/**
 * The part of the output tokens that was images; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS = 'gen_ai.usage.image.output_tokens' as const

/**
 * All input tokens, including those read from or written to a cache.
 * Type: int.
 * Examples: `100`.
 */
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens' as const

/**
 * All output tokens, including reasoning.
 * Type: int.
 * Examples: `180`.
 */
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens' as const

/**
 * The part of the output tokens that was spent on reasoning.
 * Type: int.
 * Examples: `64`.
 */
export const ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = 'gen_ai.usage.reasoning.output_tokens' as const

/**
 * The part of the cached input tokens that was text; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.text.cache_read.input_tokens' as const

/**
 * The part of the input tokens that was text; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_TEXT_INPUT_TOKENS = 'gen_ai.usage.text.input_tokens' as const

/**
 * The part of the output tokens that was text; only where the provider reports it.
 * Type: int.
 */
export const ATTR_GEN_AI_USAGE_TEXT_OUTPUT_TOKENS = 'gen_ai.usage.text.output_tokens' as const

/**
 * Name of the workflow.
 * Type: string.
 * Examples: `"answer_ticket"`.
 * @deprecated A workflow has the name of an agent.
 */
export const ATTR_GEN_AI_WORKFLOW_NAME = 'gen_ai.workflow.name' as const

/**
 * The hapi plugin that the layer belongs to.
 * Type: string.
 */
export const ATTR_HAPI_PLUGIN_NAME = 'hapi.plugin.name' as const

/**
 * Kind of the hapi layer.
 * Type: string.
 * Examples: `"router"`, `"plugin"`, `"server.ext"`.
 */
export const ATTR_HAPI_TYPE = 'hapi.type' as const

/**
 * HTTP status of the response.
 * Type: int.
 * Examples: `200`, `429`.
 */
export const ATTR_HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code' as const

/**
 * ID of the request; absent for notifications.
 * Type: string.
 * Examples: `"10"`.
 */
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id' as const

/**
 * Name of a Koa layer, or its route.
 * Type: string.
 * Examples: `"bodyParser"`.
 */
export const ATTR_KOA_NAME = 'koa.name' as const

/**
 * Kind of the layer.
 * Type: string.
 * Examples: `"middleware"`, `"router"`.
 */
export const ATTR_KOA_TYPE = 'koa.type' as const

/**
 * When the first chunk of the answer arrived, as a quoted ISO 8601 timestamp.
 * Type: string.
 * Examples: `"\"2026-07-31T09:00:00.000Z\""`.
 */
export const ATTR_LANGFUSE_OBSERVATION_COMPLETION_START_TIME = 'langfuse.observation.completion_start_time' as const

/**
 * Cost in USD by kind, as JSON.
 * Type: string.
 * Examples: `"{\"input\":0.0004,\"output\":0.00083,\"total\":0.00123}"`.
 */
export const ATTR_LANGFUSE_OBSERVATION_COST_DETAILS = 'langfuse.observation.cost_details' as const

/**
 * Input, as JSON. Content.
 * Type: string.
 */
export const ATTR_LANGFUSE_OBSERVATION_INPUT = 'langfuse.observation.input' as const

/**
 * Severity level of the observation.
 * Type: string.
 * Examples: `"ERROR"`, `"WARNING"`.
 */
export const ATTR_LANGFUSE_OBSERVATION_LEVEL = 'langfuse.observation.level' as const

/**
 * Output, as JSON. Content.
 * Type: string.
 */
export const ATTR_LANGFUSE_OBSERVATION_OUTPUT = 'langfuse.observation.output' as const

/**
 * Name of the prompt in LangFuse.
 * Type: string.
 * Examples: `"improve-prompt"`.
 */
export const ATTR_LANGFUSE_OBSERVATION_PROMPT_NAME = 'langfuse.observation.prompt.name' as const

/**
 * Version of the prompt in LangFuse, as a whole number or as its text.
 * Type: string.
 * Examples: `3`.
 */
export const ATTR_LANGFUSE_OBSERVATION_PROMPT_VERSION = 'langfuse.observation.prompt.version' as const

/**
 * Description of the error.
 * Type: string.
 */
export const ATTR_LANGFUSE_OBSERVATION_STATUS_MESSAGE = 'langfuse.observation.status_message' as const

/**
 * The type of observation that the span becomes.
 * Type: string.
 * Examples: `"generation"`, `"agent"`, `"tool"`, `"retriever"`, `"evaluator"`, `"embedding"`.
 */
export const ATTR_LANGFUSE_OBSERVATION_TYPE = 'langfuse.observation.type' as const

/**
 * Tokens by kind, as JSON; the kinds don't overlap.
 * Type: string.
 * Examples: `"{\"input\":12,\"output\":30,\"total\":42}"`.
 */
export const ATTR_LANGFUSE_OBSERVATION_USAGE_DETAILS = 'langfuse.observation.usage_details' as const

/**
 * Name of the trace in LangFuse.
 * Type: string.
 * Examples: `"POST /chat"`.
 */
export const ATTR_LANGFUSE_TRACE_NAME = 'langfuse.trace.name' as const

/**
 * Tags of the trace in LangFuse.
 * Type: string[].
 * Examples: `["beta","pro"]`.
 */
export const ATTR_LANGFUSE_TRACE_TAGS = 'langfuse.trace.tags' as const

/**
 * The method of the request or notification.
 * Type: string.
 * Examples: `"tools/call"`, `"initialize"`, `"resources/read"`.
 */
export const ATTR_MCP_METHOD_NAME = 'mcp.method.name' as const

/**
 * Negotiated version of the protocol.
 * Type: string.
 * Examples: `"2025-11-25"`.
 */
export const ATTR_MCP_PROTOCOL_VERSION = 'mcp.protocol.version' as const

/**
 * The resource that the request refers to.
 * Type: string.
 * Examples: `"file:///home/user/report.pdf"`.
 */
export const ATTR_MCP_RESOURCE_URI = 'mcp.resource.uri' as const

/**
 * Identifier of the session, if the transport has one.
 * Type: string.
 * Examples: `"191c4850af6c49e08843a3f6c80e5046"`.
 */
export const ATTR_MCP_SESSION_ID = 'mcp.session.id' as const

/**
 * The application protocol over it.
 * Type: string.
 * Examples: `"http"`.
 */
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name' as const

/**
 * The transport of the messages.
 * Type: string.
 */
export const ATTR_NETWORK_TRANSPORT = 'network.transport' as const

/** TCP */
export const NETWORK_TRANSPORT_VALUE_TCP = 'tcp' as const

/** UDP */
export const NETWORK_TRANSPORT_VALUE_UDP = 'udp' as const

/** A pipe, as standard input and output */
export const NETWORK_TRANSPORT_VALUE_PIPE = 'pipe' as const

/** Unix domain socket */
export const NETWORK_TRANSPORT_VALUE_UNIX = 'unix' as const

/** QUIC */
export const NETWORK_TRANSPORT_VALUE_QUIC = 'quic' as const

/**
 * Which of OpenAI's APIs was called.
 * Type: string.
 */
export const ATTR_OPENAI_API_TYPE = 'openai.api.type' as const

/** Chat Completions API */
export const OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS = 'chat_completions' as const

/** Responses API */
export const OPENAI_API_TYPE_VALUE_RESPONSES = 'responses' as const

/**
 * The requested service tier; also `flex` and `priority`.
 * Type: string.
 */
export const ATTR_OPENAI_REQUEST_SERVICE_TIER = 'openai.request.service_tier' as const

/** Chosen by the project's settings */
export const OPENAI_REQUEST_SERVICE_TIER_VALUE_AUTO = 'auto' as const

/** Standard */
export const OPENAI_REQUEST_SERVICE_TIER_VALUE_DEFAULT = 'default' as const

/**
 * The service tier that served the call.
 * Type: string.
 * Examples: `"default"`, `"flex"`, `"priority"`.
 */
export const ATTR_OPENAI_RESPONSE_SERVICE_TIER = 'openai.response.service_tier' as const

/**
 * Fingerprint of the model's configuration.
 * Type: string.
 * Examples: `"fp_44709d6fcb"`.
 */
export const ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = 'openai.response.system_fingerprint' as const

/**
 * The JSON-RPC error code with which the request failed.
 * Type: string.
 * Examples: `"-32602"`.
 */
export const ATTR_RPC_RESPONSE_STATUS_CODE = 'rpc.response.status_code' as const

/**
 * Host name of the server, without port.
 * Type: string.
 * Examples: `"api.openai.com"`.
 */
export const ATTR_SERVER_ADDRESS = 'server.address' as const

/**
 * Port of the server; absent if it is the scheme's default.
 * Type: int.
 * Examples: `11434`.
 */
export const ATTR_SERVER_PORT = 'server.port' as const

/**
 * Identifier of the application's session.
 * Type: string.
 * Examples: `"00112233-4455-6677-8899-aabbccddeeff"`.
 */
export const ATTR_SESSION_ID = 'session.id' as const

/**
 * Identifier of the application's user for whom the operation ran.
 * Type: string.
 * Examples: `"u-4711"`.
 */
export const ATTR_USER_ID = 'user.id' as const

/**
 * Name of the repository in which an agent works, without its owner.
 * Type: string.
 * Examples: `"shop"`.
 */
export const ATTR_VCS_REPOSITORY_NAME = 'vcs.repository.name' as const
