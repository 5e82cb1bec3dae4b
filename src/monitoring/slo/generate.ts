// The schema of the file of SLOs for editors, which complete and check by it while somebody writes.
import { schema } from './schema'

/** What `npm run generate` writes. */
export default function generate(): { path: string; content: string }[] {
  const forEditors = { ...(inWords(schema) as object), $id: 'https://unpkg.com/@afn/otel/dist/slo.schema.json' }
  return [{ path: 'src/monitoring/slo/slo.schema.json', content: `${JSON.stringify(forEditors, undefined, 2)}\n` }]
}

/** What our sentences are made of, editors show as a description. */
function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key === 'x-takes' || key === 'x-refused' ? 'description' : key,
      inWords(inner),
    ]),
  )
}
