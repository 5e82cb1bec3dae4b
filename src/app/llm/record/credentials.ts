// The parts of a request's URL and headers that are never recorded.

/** Matches header names, whole or in part. Token counts are not secrets. */
const SECRET_HEADER =
  /cookie|auth|api-?key|secret|signature|session|credential|(?:^|[-_])(?:token|jwt|csrf|xsrf)(?:$|[-_])/i
const SECRET_PARAMETER = /key|token|secret|password|auth|credential|^(?:sig|code)$|signature|^x-amz-/i
/** Headers of the connection, or of an encoding that was decoded before the client read the body. */
const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'content-encoding',
  'trailer',
  'upgrade',
])
/** Headers that change the answer. */
const COMPARED = ['anthropic-version', 'anthropic-beta', 'openai-beta']

export function withoutCredentials(url: URL): string {
  const safe = new URL(url)
  safe.username = ''
  safe.password = ''
  safe.hash = ''
  for (const name of [...safe.searchParams.keys()])
    if (SECRET_PARAMETER.test(name)) safe.searchParams.set(name, '[SECRET]')
  return safe.href
}

export function comparedHeaders(header: (name: string) => string | null | undefined): Record<string, string> {
  const found = COMPARED.map(name => [name, header(name)] as const)
  return Object.fromEntries(found.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

/** @param headers of a client: fetch's, a list of alternating names and values, pairs, or an object */
export function keptHeaders(headers: unknown): [name: string, value: string][] {
  return pairsOf(headers).filter(
    ([name]) => !name.startsWith(':') && !OF_CONNECTION.has(name.toLowerCase()) && !SECRET_HEADER.test(name),
  )
}

function pairsOf(headers: unknown): [string, string][] {
  if (headers instanceof Headers) return [...headers]
  if (!Array.isArray(headers)) {
    return Object.entries(headers ?? {}).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, String(one)]),
    )
  }
  if (Array.isArray(headers[0])) return headers.map(([name, value]): [string, string] => [String(name), String(value)])
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([String(headers[at]), String(headers[at + 1])])
  return pairs
}
