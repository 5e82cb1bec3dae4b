/** Properties of the browser's entries as attributes: `responseEnd` becomes `prefix.response_end`. */
import type { Attributes } from './otlp'

/**
 * Numbers, booleans and texts that say something; a property that browsers add tomorrow is one of them. Names, which are
 * URLs, are left to the caller.
 * @param own keys that stand under `ownPrefix`
 */
export function snakeCased(prefix: string, entry: object, own = /^$/, ownPrefix = prefix): Attributes {
  const properties = Object.entries(entry).filter(
    ([key, value]) => value && typeof value !== 'object' && key !== 'name' && key !== 'entryType',
  )
  return Object.fromEntries(
    properties.map(([key, value]) => [
      `${own.test(key) ? ownPrefix : prefix}.${key.replace(/([a-z])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4').toLowerCase()}`,
      value as string,
    ]),
  )
}
