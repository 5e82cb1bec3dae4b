/**
 * Places that hold data of a person and that no command reaches: browsers, queues on their way, backups, and companies to which telemetry is
 * sent. Nothing is erased here. What there is stands in the receipt's table, with the way to ask for it and its date.
 */
import type { Unerasable } from '../receipt'

/** `localStorage` of a page: what waits there is sent within a day, or thrown away (src/browser/features/resend.ts). */
const BROWSER_MS = 86_400_000

interface Processor {
  readonly name: string
  /** Of its servers: the end of a host name. */
  readonly hosts: readonly string[]
  /** How it is asked to erase a person. */
  readonly way: string
}

/** Those whose API for deletion is documented. */
const processors: readonly Processor[] = [
  {
    name: 'Datadog',
    hosts: ['datadoghq.com', 'datadoghq.eu', 'ddog-gov.com'],
    way: 'logs and RUM by POST /api/v2/deletion/data/logs and /rum; traces by its support',
  },
  {
    name: 'LangFuse Cloud',
    hosts: ['cloud.langfuse.com'],
    way: 'traces by DELETE /api/public/traces, which this erasure asks for where LANGFUSE_PUBLIC_KEY is set; what its backups have by its support',
  },
  {
    name: 'LangSmith',
    hosts: ['smith.langchain.com'],
    way: 'traces by their ids, at most 1,000 a request; it deletes at weekends and confirms nothing',
  },
  {
    name: 'PostHog',
    hosts: ['posthog.com'],
    way: 'DELETE /api/projects/PROJECT/persons/ID?delete_events=true; events that come after it stay',
  },
  {
    name: 'Sentry',
    hosts: ['sentry.io'],
    way: 'issues and replays can be deleted; events of one user by its support',
  },
]

/**
 * @param endpoints URLs to which the settings send telemetry
 * @param ms when the stores were erased, in milliseconds since 1970
 */
export function elsewhere(endpoints: readonly string[], ms: number): Unerasable[] {
  const hosts = endpoints.filter(url => URL.canParse(url)).map(url => new URL(url).hostname)
  const used = processors.filter(one =>
    one.hosts.some(end => hosts.some(host => host === end || host.endsWith(`.${end}`))),
  )
  return [
    ...used.map(({ name, way }) => ({
      what: `what ${name} has`,
      why: `it is a processor (Art. 28), which is asked by its own way: ${way}`,
      agesOut: null,
    })),
    {
      what: 'what a Collector or a gateway sends to other companies',
      why: 'its configuration names them; each is a processor (Art. 28), which is asked by its own way',
      agesOut: null,
    },
    {
      what: 'what waits in the browsers of the person',
      why: 'it is in their own localStorage; a page sends it within a day or throws it away, and a later run finds what it sent',
      agesOut: new Date(ms + BROWSER_MS).toISOString(),
    },
    {
      what: 'what waits in the queues of a Collector on its disk',
      why: 'it goes to its store as soon as that answers, and is found there; the file has freed pages until the Collector starts again and compacts it',
      agesOut: null,
    },
    {
      what: 'backups',
      why: 'they are outside of all stores; an erasure has to be done again after one was restored',
      agesOut: null,
    },
  ]
}
