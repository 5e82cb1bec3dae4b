/** Every text of an OTLP/JSON request, redacted: attributes by their keys, names, bodies, messages. Called by `otlp-handler.ts`. */
import type { Redactor } from '../redact'

/** What is no text of people: ids, numbers as strings, and what says how to read the rest. */
const KEPT = /(?:Id|UnixNano|Value|schemaUrl|flags|traceState)$/
/** OTLP nests a few levels; what nests deeper is no telemetry, and is left out. */
const DEEPEST = 40

/** @returns a copy */
export function redactOtlp<T extends object>(request: T, { text, value }: Pick<Redactor, 'text' | 'value'>): T {
  const redact = (node: unknown, key: string, depth: number): unknown => {
    if (typeof node !== 'object' || node === null) return node
    if (depth > DEEPEST) return undefined
    if (Array.isArray(node)) return node.map(item => redact(item, key, depth + 1))
    const under = 'key' in node && typeof node.key === 'string' ? node.key : key
    return Object.fromEntries(
      Object.entries(node).map(([name, inner]) => {
        if (typeof inner !== 'string') return [name, redact(inner, under, depth + 1)]
        if (name === 'stringValue') return [name, value(under, inner) ?? '']
        return [name, KEPT.test(name) ? inner : text(inner)]
      }),
    )
  }
  return redact(request, '', 0) as T
}
