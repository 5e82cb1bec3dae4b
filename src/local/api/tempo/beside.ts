// What answers have beside Tempo's fields. Grafana's data source reads an answer by Tempo's protobuf schema and refuses what it
// does not know, so the body has more only for those who ask with `afn=true`. Called by index.ts and search-request.ts.
import type { Context } from 'hono'
import type { Ask } from '../parameters'

export const wantsMore = (ask: Ask): boolean => ask('afn') === 'true'

interface Warned {
  readonly warnings?: readonly string[]
}

/** Warnings are in the headers in any case: `warning: 299 - "…"`, as RFC 7234 has it. */
export function answered(context: Context, ask: Ask, answer: Warned): Response {
  const { warnings = [], ...others } = answer
  for (const warning of warnings) context.header('warning', `299 - ${quoted(warning)}`, { append: true })
  return context.json(wantsMore(ask) ? answer : others)
}

/** Headers take ASCII alone. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -~]+/g, encodeURIComponent)}"`
