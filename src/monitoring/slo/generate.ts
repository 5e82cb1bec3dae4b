// The JSON Schema of SLO files, by which editors complete and check them.
import { schema } from './schema'

/** Called by `npm run generate`. */
export default function generate(): { path: string; content: string }[] {
  const forEditors = { ...(inWords(schema) as object), $id: 'https://unpkg.com/@afn/otel/dist/slo.schema.json' }
  return [{ path: 'src/monitoring/slo/slo.schema.json', content: `${JSON.stringify(forEditors, undefined, 2)}\n` }]
}

/** Editors show our error texts as descriptions. */
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
