/**
 * Every diagnostic of this package, in one place. A code is never reused for another meaning.
 * The table of codes in `docs/settings.md` is generated from here.
 */
export const codes = {
  AFN101: 'This version of Node.js is not supported; the app runs without telemetry',
  AFN102: 'Telemetry could not start; the app runs without it',
  AFN103: 'Stood down because another telemetry SDK has registered',
  AFN104: 'Another SDK or API call tried to replace our registration and was refused',
  AFN105: '`@afn/otel/sdk` lacks its peer `@opentelemetry/sdk-node`; the app runs without telemetry',
  AFN106: 'Log records go to another SDK, which has registered for them before; spans and metrics are ours',
  AFN110: 'A setting has a value that is not allowed; the next source or the default is used',
  AFN111: 'The settings file could not be used',
  AFN112: 'A setting that OpenTelemetry defines is not honoured here',
  AFN113: 'An option or a setting has no effect on `afnNodeSDK()`, or cannot be used there; it is left out',
  AFN120: 'An instrumentation failed; its library runs without spans',
  AFN121: 'ES modules could not be hooked; libraries that are imported have no spans',
  AFN122: 'Libraries are in the bundle of the app, where no instrumentation sees them; they have no spans',
  AFN130: 'Telemetry could not be delivered',
  AFN131: 'Telemetry was dropped because the queue is full',
  AFN132: 'Telemetry left over from a process exit could not be kept on disk',
  AFN133: 'A span or log record was too large; its long values were left out',
  AFN134: 'The endpoint that Prometheus scrapes could not be opened, or a scrape not be answered',
  AFN135: 'The Collector took a part of an export only, or took it with a warning',
  AFN136: 'Telemetry is not flushed when a signal ends the process',
  AFN137: 'Metrics could not be collected, or not whole',
  AFN138: 'A file of SLOs could not be used, or not whole; histograms may lack bucket boundaries that it asks for',
  AFN140: 'Redaction failed on a value; that value was masked whole',
  AFN141: 'Message content is captured without removing personal data',
  AFN142: 'A part of the redaction settings could not be used; what it was for is masked',
  AFN143: 'Redaction is turned off, or does not read some keys: secrets and personal data may leave',
  AFN144:
    'The list of subjects who objected (AFN_SUPPRESSION_LIST) could not be read; the last one that was read stays in force',
  AFN145: 'The list of subjects who objected is of another key, or there is no key for it; it suppresses nobody',
  AFN150: 'An LLM call could not be observed; the call itself is untouched',
  AFN151: 'globalThis.fetch was replaced after start, so LLM calls through it are not seen',
  AFN152: 'LLM calls were exported before another span of the same call had ended; each is counted once all the same',
  AFN160: 'The price table could not be used; LLM calls stay unpriced',
  AFN161: 'A step on the way out of a span or log record failed; it is exported without, or lost',
  AFN162:
    'A span of withAgent(), withTool() and the like could not be recorded as it should; the function ran all the same',
  AFN163: 'setUser() or setTags() was called where there is no span and no conversation; nothing is marked',
  AFN164: 'A span or log record processor of the app failed; the others go on',
  AFN170: 'An evaluation could not be recorded, or not whole',
  AFN171: 'A score could not be delivered to LangFuse',
  AFN172: 'An LLM call that the app reported could not be recorded',
  AFN175: 'The address of the health endpoints could not be taken, or an answer not be given',
  AFN176:
    'A check of the health endpoints cannot be used, or returned what is no result; it is left out, or counts as failed',
  AFN180: 'Browser: telemetry could not be delivered; it waits, or is lost where the server refused it',
  AFN181: 'Browser: a part of the monitor failed; the page runs without that part',
  AFN182: 'Browser: telemetry was lost because localStorage has no room for it',
  AFN183:
    'Browser: a lazy part could not be loaded; Web Vitals, timings and interactions are missing, and what waits stays',
  AFN184: 'Browser: an option is unknown, or was given a value that it cannot have',
  AFN185: 'Browser: the server of the page could not say whether its user has objected; its last answer stays in force',
  AFN190: 'The audit log could not keep an entry or a checkpoint, or mend what a crash had left',
  AFN191: 'Log lines cannot be written; they wait in memory, and the oldest are lost when there is no room',
  AFN192: 'Log files that are too old could not be removed',
  AFN193: '`createLogger()` lacks its peer `pino`',
  AFN194: 'The file of the settings of the logs could not be used; those before it stay',
  AFN195: 'A log line could not be redacted; it was written without its text and its fields',
  AFN196:
    '`observability()` could not log or correlate a request, or serve the health endpoints; the request is served all the same',
  AFN210: 'Alerts: a channel could not be reached or is at its limit; what it has to get waits',
  AFN211: 'Alerts: a channel does not know our token or address; what it has to get waits until that is put right',
  AFN212: 'Alerts: a notification of Alertmanager could not be taken in, or not for all of its channels',
  AFN213: 'Alerts: the database of the receiver cannot be used; Alertmanager has to send again',
  AFN214: 'Alerts: a post or a ticket was refused for what is in it; it is posted in plainer form, or tried again',
  AFN220:
    'Collector: what was downloaded is not the release whose checksum this package pins; it was deleted before anything of it ran',
} as const

export type Code = keyof typeof codes
