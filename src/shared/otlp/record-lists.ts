/** What the lists in a request of OTLP are called, in its JSON shape: resources have scopes, and scopes have records. */
export const recordLists = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', records: 'spans' },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', records: 'logRecords' },
} as const
