// Whether a query finds traces or reckons numbers. Looked up in the text alone,
// since the grammar refuses some of what the server understands.

const METRICS = /\|\s*(?:rate|count_over_time|(?:sum|avg|min|max|quantile|histogram)_over_time|compare)\s*\(/

/** Strings and comments, in which a word means nothing. */
const QUIET = /"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g

export function isMetrics(query: string): boolean {
  return METRICS.test(query.replace(QUIET, '""'))
}

const quieted = (query: string): string => query.replace(QUIET, text => ' '.repeat(text.length))

/** @returns the place of the first `|`, before which a query says which spans; the end of the query without one */
export function firstPipe(query: string): number {
  return /(?<!\|)\|(?!\|)/.exec(quieted(query))?.index ?? query.length
}

/** Whether a query is one pair of braces, perhaps with a selection behind it. */
export function isOneFilter(query: string): boolean {
  const filter = filterOf(query)
  return filter !== undefined && /^\s*\{[^{}]*\}\s*$/.test(quieted(filter))
}

/** The part of a query that says which spans, if what follows it doesn't change which these are. */
export function filterOf(query: string): string | undefined {
  const pipe = firstPipe(query)
  return /^\s*(?:\|\s*select\s*\([^)]*\)\s*)?$/.test(quieted(query).slice(pipe)) ? query.slice(0, pipe) : undefined
}
