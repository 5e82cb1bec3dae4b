/**
 * Lists places with personal data that no command can reach: browsers, queues, backups, and companies that receive telemetry. Nothing is
 * erased here; the receipt names each place, how to request the erasure there, and when the data expires.
 */
import type { Unerasable } from '../receipt'

/** A page's `localStorage`: data waiting there is sent or dropped within a day (src/browser/features/resend.ts). */
const BROWSER_MS = 86_400_000

interface Processor {
  readonly name: string
  /** Suffixes of its servers' host names. */
  readonly hosts: readonly string[]
  /** How to request an erasure there. */
  readonly way: string
}

/** Companies with documented deletion procedures. */
const processors: readonly Processor[] = [
  {
    name: 'Datadog',
    hosts: ['datadoghq.com', 'datadoghq.eu', 'ddog-gov.com'],
    way: 'logs and RUM by POST /api/v2/deletion/data/logs and /rum; traces through its support',
  },
  {
    name: 'LangFuse Cloud',
    hosts: ['cloud.langfuse.com'],
    way: 'traces by DELETE /api/public/traces, which this erasure calls if LANGFUSE_PUBLIC_KEY is set; backups through its support',
  },
  {
    name: 'LangSmith',
    hosts: ['smith.langchain.com'],
    way: 'traces by ID, at most 1,000 per request; it deletes at weekends without confirmation',
  },
  {
    name: 'PostHog',
    hosts: ['posthog.com'],
    way: 'DELETE /api/projects/PROJECT/persons/ID?delete_events=true; later events remain',
  },
  {
    name: 'Sentry',
    hosts: ['sentry.io'],
    way: 'issues and replays can be deleted; events of one user through its support',
  },
]

/**
 * @param endpoints URLs to which the settings send telemetry
 * @param ms time of the erasure, milliseconds since 1970
 */
export function elsewhere(endpoints: readonly string[], ms: number): Unerasable[] {
  const hosts = endpoints.filter(url => URL.canParse(url)).map(url => new URL(url).hostname)
  const used = processors.filter(one =>
    one.hosts.some(end => hosts.some(host => host === end || host.endsWith(`.${end}`))),
  )
  return [
    ...used.map(({ name, way }) => ({
      what: `data at ${name}`,
      why: `it is a processor (Art. 28) with its own procedure: ${way}`,
      agesOut: null,
    })),
    {
      what: 'data that a Collector or gateway sends to other companies',
      why: 'its configuration names them; each is a processor (Art. 28) with its own procedure',
      agesOut: null,
    },
    {
      what: 'unsent data in the browsers of the person',
      why: 'it is in their localStorage; a page sends or discards it within a day, and a later run finds what it sent',
      agesOut: new Date(ms + BROWSER_MS).toISOString(),
    },
    {
      what: 'data in the on-disk queues of a Collector',
      why: 'it reaches its store once that responds, and is found there; the file keeps freed pages until the Collector restarts and compacts it',
      agesOut: null,
    },
    {
      what: 'backups',
      why: 'they are outside all stores; after restoring one, repeat the erasure',
      agesOut: null,
    },
  ]
}
