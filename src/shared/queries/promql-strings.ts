/** Texts that anybody may have chosen, as PromQL has them. */

/** A string. */
export const quoted = (text: string): string => JSON.stringify(text).replaceAll('\u2028', '\\u2028')

/** A regular expression of RE2 that matches one of the texts and nothing else. */
export const oneOf = (texts: readonly string[]): string =>
  texts.map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
