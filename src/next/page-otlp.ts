/** What a page may say in OTLP: known fields only, nothing in the name of a server, and every text redacted. */

import { eachPart } from '../otlp/each-part'
import { fromJson } from '../otlp/from-json'
import { messages } from '../otlp/messages'
import { createDocumentRedactor } from '../otlp/redact'
import type { Document, Message } from '../otlp/schema'
import type { Redactor } from '../redact'

/** What a request may weigh, see `Message.weight`: about ten times as much as a batch of the browser SDK, which has 25,000 characters. */
const MOST = 20_000
/** Characters of one text; the browser SDK cuts at 4,096. */
const LONGEST = 8192
/** Milliseconds that the texts of one request may take: ten times what a batch takes. Texts after that are replaced unread. */
const BUDGET = 30
/** No text takes longer than this for a character; what did was stopped by the machine. */
const SLOWEST = 0.004

/** What the browser SDK writes in our own namespace. */
const OWN = /^afn\.(?:stream|web_vital|error|form|scroll)(?:\.|$)/
/** What tiers, costs, the mark of redaction and the store of LLM calls go by: a server's word. */
const OF_SERVERS = /^(?:afn|gen_ai|langfuse|telemetry\.distro)(?:\.|$)/
/** What says on which machine or in which process something happened. */
const OF_MACHINES = /^(?:service\.(?:namespace|instance\.id)$|(?:host|process|container|k8s|cloud|faas)\.)/

interface KeyValue {
  key?: string
  value?: Document
}

/** How long the app's thread read the texts of one request, in milliseconds. */
export interface Work {
  spent: number
}

/**
 * @param body what JSON.parse gave
 * @param serviceNames what the page may be called; the first is taken for any other name
 * @returns the request as it may leave
 * @throws Malformed when it is no OTLP of this signal; TooMany
 */
export async function fromPage(
  signal: 'logs' | 'traces',
  body: unknown,
  serviceNames: readonly string[],
  redactor: Redactor,
  work: Work,
): Promise<object> {
  const message = signal === 'logs' ? messages.ExportLogsServiceRequest : messages.ExportTraceServiceRequest
  const request = fromJson(message, body, MOST)
  const redact = createDocumentRedactor(within(redactor, work))
  for (const one of listOf(request, signal === 'logs' ? 'resourceLogs' : 'resourceSpans')) {
    one.resource ??= {}
    const resource = one.resource as Document
    delete resource.entityRefs
    const named = (resource.attributes ?? []) as KeyValue[]
    const given = named.find(({ key }) => key === 'service.name')?.value?.stringValue
    const name = serviceNames.find(known => known === given) ?? serviceNames[0] ?? 'browser'
    resource.attributes = [
      { key: 'service.name', value: { stringValue: name } },
      ...named.filter(({ key = '' }) => key !== 'service.name' && !OF_MACHINES.test(key)),
    ]
  }
  await eachPart(message, request, (type, part) => {
    restrict(type, part)
    redact(type, part)
  })
  return request
}

const listOf = (document: Document, name: string): Document[] => (document[name] as Document[] | undefined) ?? []

/** In place: without what only servers say, without trace states and bytes, which nobody writes in a page, and with texts cut. */
function restrict(message: Message, document: Document): void {
  delete document.traceState
  delete document.bytesValue
  for (const [name, value] of Object.entries(document)) {
    const type = message.byName.get(name)?.type
    if (typeof value === 'string' && type === 'string') document[name] = value.slice(0, LONGEST)
    else if (typeof type === 'object') {
      if (name === 'attributes') document[name] = (value as KeyValue[]).filter(isOfPage)
      for (const one of [document[name]].flat()) restrict(type, one as Document)
    }
  }
}

const isOfPage = ({ key = '', value }: KeyValue): boolean =>
  value?.bytesValue === undefined &&
  (OWN.test(key) || !OF_SERVERS.test(key) || (key === 'telemetry.distro.name' && value?.stringValue === BROWSER_SDK))
const BROWSER_SDK = '@afn/otel/browser'

/** The redactor as long as the budget lasts, which all texts of a request share; what then comes is replaced unread. */
function within(redactor: Redactor, work: Work): Redactor {
  function timed<Result>(given: unknown, read: () => Result, unread: Result): Result {
    if (work.spent > BUDGET) return unread
    const begun = performance.now()
    const result = read()
    work.spent += Math.min(performance.now() - begun, sizeOf(given) * SLOWEST)
    return result
  }
  return {
    ...redactor,
    text: text => timed(text, () => redactor.text(text), UNREAD),
    value: (key, value) => timed([key, value], () => redactor.value(key, value), UNREAD),
    // a name that nobody read may hold anything
    attributes: given => timed(given, () => redactor.attributes(given), {} as typeof given),
  }
}
const UNREAD = '[TRUNCATED]'

/** In characters. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  return Object.entries(value).reduce((sum, [key, inner]) => sum + key.length + sizeOf(inner), 0)
}

/** What is read once, and compiled, with the first texts of a process counts for no request. */
export function warm(redactor: Redactor): Redactor {
  for (const end of 'abc')
    redactor.attributes({ note: `+49 170 1234567 at ${end}@example.com`, customer_name: `Ann ${end}` })
  return redactor
}
