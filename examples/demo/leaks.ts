// Looks for planted values in everything that was received. Called by main.ts.
import type { Planted } from './conversations'
import type { Received } from './receive'

/** @returns a line for each value that was found, with where; the value itself is not in it */
export function leaks({ bytes }: Received, planted: readonly Planted[]): string[] {
  return planted.flatMap(({ what, value }) => {
    const places = bytes.filter(({ content }) => disguises(value).some(text => content.includes(text)))
    return places.length ? [`${what} in ${[...new Set(places.map(({ where }) => where))].join(', ')}`] : []
  })
}

/** A value as it is, as it stands in a URL, and a number without its spaces. */
function disguises(value: string): string[] {
  const encoded = encodeURIComponent(value)
  return [...new Set([value, encoded, encoded.replaceAll('%20', '+'), value.replaceAll(' ', '')])]
}
