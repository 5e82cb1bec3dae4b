// Spans with and without the mark of redacted ones, and what became of them.
import { expect } from 'vitest'
import { linesOf } from './support'

export const leak = 'jane.doe@example.com'
export const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
export const at = '1790000000000000000'

/** A call of a model, with something that the first line should have found, and without a model and usage. */
export function request(service: string, traceId: string, rules?: string) {
  const attributes = [
    text('service.name', service),
    text('telemetry.distro.name', '@afn/otel'),
    text('deployment.environment', 'staging'),
  ]
  if (rules) attributes.push(text('afn.redaction.rules', rules))
  const span = {
    traceId,
    spanId: 'b'.repeat(16),
    name: 'chat',
    kind: 1,
    startTimeUnixNano: at,
    endTimeUnixNano: at,
    attributes: [
      text('note', `ask ${leak}`),
      text('gen_ai.operation.name', 'chat'),
      text('afn.llm.parent_id', 'd'.repeat(16)),
    ],
  }
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] }
}

/**
 * Whether what was sent in the service's name came through once and as it was, and with which mark.
 * @param files of `--files`
 */
export function outcomeIn(
  files: string,
  service: string,
  leg: 'detailed' | 'llm' = 'detailed',
): { isLeaked: boolean; rules: string | undefined } {
  const found = linesOf(files, leg)
    .flatMap(line => JSON.parse(line).resourceSpans)
    .filter(({ resource }) => attributeOf(resource.attributes, 'service.name') === service)
  expect(found).toHaveLength(1)
  return {
    isLeaked: JSON.stringify(found).includes(leak),
    rules: attributeOf(found[0].resource.attributes, 'afn.redaction.rules'),
  }
}

type Attributes = { key: string; value: { stringValue?: string } }[]
export const attributeOf = (attributes: Attributes, key: string) =>
  attributes.find(attribute => attribute.key === key)?.value.stringValue
