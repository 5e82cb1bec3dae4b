/** Run by `npm run generate` (scripts/generate.mjs), from the repository's root; the drift test runs it too. */
import { attributesFile, eventsFile, metricsFile, typesFile } from './constants'
import { loadRegistries } from './load'
import { page } from './page'
import { validate } from './validate'

export interface GeneratedFile {
  /** Relative to the repository. */
  readonly path: string
  readonly content: string
}

/** Everything that is written from `semconv/registry`. Throws when a registry breaks a rule, and names each. */
export default function generate(): GeneratedFile[] {
  const registries = loadRegistries('semconv/registry')
  validate(registries)
  return [
    { path: 'semconv/attributes.ts', content: attributesFile(registries) },
    { path: 'semconv/events.ts', content: eventsFile(registries) },
    { path: 'semconv/metrics.ts', content: metricsFile(registries) },
    { path: 'semconv/types.ts', content: typesFile(registries) },
    { path: 'docs/semconv.md', content: page(registries) },
  ]
}
