/** What a page may say in OTLP: known fields only, nothing in the name of a server, and every text redacted. */

import type { KeyValue } from '../../shared/otlp/any-value'
import { eachPart } from '../../shared/otlp/each-part'
import { fromJson } from '../../shared/otlp/from-json'
import { requestMessages } from '../../shared/otlp/messages'
import { createDocumentRedactor } from '../../shared/otlp/redact-request'
import { boundedRedactor, type Work } from '../../shared/otlp/redaction-work'
import type { Document, Message } from '../../shared/otlp/schema'
import type { Redactor } from '../../shared/redact'
import { isFeedback, isOfFeedback } from './page-feedback'

/** What a request may weigh, see `Message.weight`: about ten times as much as a batch of the browser SDK, which has 25,000 characters. */
const MOST = 20_000
/** Characters of one text, as the browser SDK cuts it. */
const LONGEST = 4096

/** What the browser SDK writes in our own namespace. */
const OWN = /^afn\.(?:stream|web_vital|error|form|scroll)(?:\.|$)/
/**
 * What tiers, costs, tenants, sampling, the mark of redaction and stores of LLM calls go by, here and elsewhere: a server's word. The
 * namespaces are those in which SDKs for models write (`src/shared/redact/content.ts` has their keys).
 */
const OF_SERVERS =
  /^(?:afn|gen_?ai|langfuse|telemetry\.distro|openinference|llm|traceloop|ai|mcp|genkit|gcp\.vertex\.agent|pydantic_ai|logfire|braintrust|langsmith|lmnr|weave|mlflow|openlit|tenant|sampling|slo_exclude)(?:[.:]|$)/
/** What says on which machine or in which process something happened. */
const OF_MACHINES = /^(?:service\.(?:namespace|instance\.id)$|(?:host|process|container|k8s|cloud|faas|collector)\.)/

/** A page may leave the key out. */
type SentKeyValue = Partial<KeyValue>

/**
 * @param body what JSON.parse gave
 * @param serviceNames what the page may be called; the first is taken for any other name
 * @param keepBack takes out, in place, what must not leave at all; before redaction, which may hide whose it is
 * @returns the request as it may leave
 * @throws Malformed when it is no OTLP of this signal; TooMany
 */
export async function fromPage(
  signal: 'logs' | 'traces',
  body: unknown,
  serviceNames: readonly string[],
  redactor: Redactor,
  work: Work,
  keepBack?: (request: Document) => void,
): Promise<object> {
  const message = requestMessages[signal]
  const request = fromJson(message, body, MOST)
  keepBack?.(request)
  const redact = createDocumentRedactor(boundedRedactor(redactor, work))
  for (const one of listOf(request, signal === 'logs' ? 'resourceLogs' : 'resourceSpans')) {
    one.resource ??= {}
    const resource = one.resource as Document
    delete resource.entityRefs
    const named = (resource.attributes ?? []) as SentKeyValue[]
    const sent = named.find(({ key }) => key === 'service.name')?.value?.stringValue
    const name = serviceNames.find(known => known === sent) ?? serviceNames[0] ?? 'browser'
    resource.attributes = [
      { key: 'service.name', value: { stringValue: name } },
      ...named.filter(({ key = '' }) => key !== 'service.name' && !OF_MACHINES.test(key)),
    ]
  }
  await eachPart(message, request, (type, part) => {
    restrict(type, part)
    return redact(type, part)
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
      if (name === 'attributes')
        document[name] = (value as SentKeyValue[]).filter(isFeedback(document) ? isOfFeedbackOrPage : isOfPage)
      for (const one of [document[name]].flat()) restrict(type, one as Document)
    }
  }
}

const isOfPage = ({ key = '', value }: SentKeyValue): boolean =>
  value?.bytesValue === undefined &&
  (OWN.test(key) || !OF_SERVERS.test(key) || (key === 'telemetry.distro.name' && value?.stringValue === BROWSER_SDK))
const isOfFeedbackOrPage = (attribute: SentKeyValue): boolean =>
  attribute.value?.bytesValue === undefined && (isOfFeedback(attribute) || isOfPage(attribute))
const BROWSER_SDK = '@afn/otel/browser'
