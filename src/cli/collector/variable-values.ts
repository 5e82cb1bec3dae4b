import type { VariableName } from '../../pipeline/deployment/environment'

/** Values that `afn-otel collector run` sets (launch.ts) if the default of the configuration does not work on a single machine. */
export const filledIn: Partial<Record<VariableName, string>> = {
  AFN_HMAC_KEY: 'made once, in the cache',
  AFN_INGEST_TOKEN: 'made once, in the cache',
  AFN_HMAC_KEY_ID: 'of that key',
  AFN_LANGFUSE: 'LANGFUSE_HOST; without one nothing goes to LangFuse',
  AFN_LANGFUSE_AUTH: 'from LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY',
  AFN_LOKI: 'without one log records go to files, below AFN_LOG_DIR',
  AFN_LOG_DIR: 'logs, in the cache',
  AFN_QUEUE_DIR: 'queue, in the cache',
  AFN_COLLECTOR_NAME: 'the name of the machine',
}
