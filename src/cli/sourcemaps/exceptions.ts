// The exceptions in OTLP JSON: log records, and the events of spans.

export interface Exception {
  /** Type and message with a line's end, unless the stack begins with them, as V8's does. */
  readonly head: string
  readonly stack: string
  readonly build: string | undefined
}

type Json = { readonly [key: string]: unknown }

/**
 * @param text one request, or one a line as the Collector's file exporter writes them
 * @returns undefined when it is no JSON
 * @throws Error for the user when it is JSON without an exception
 */
export function exceptionsIn(text: string): Exception[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  const requests = documents(text)
  if (!requests) return undefined
  const found = requests.flatMap(request => [
    ...list(request.resourceLogs).flatMap(({ resource, scopeLogs }) =>
      list(scopeLogs).flatMap(({ logRecords }) => list(logRecords).flatMap(record => exceptionOf(record, resource))),
    ),
    ...list(request.resourceSpans).flatMap(({ resource, scopeSpans }) =>
      list(scopeSpans)
        .flatMap(({ spans }) => list(spans))
        .flatMap(({ events }) => list(events).flatMap(event => exceptionOf(event, resource))),
    ),
  ])
  if (found.length > 0) return found
  throw new Error('this JSON has no exception.stacktrace; use OTLP JSON of logs or spans, or a stack trace as text')
}

function documents(text: string): Json[] | undefined {
  try {
    return [JSON.parse(text)].flat()
  } catch {}
  try {
    return text
      .split('\n')
      .filter(line => line.trim())
      .map(line => JSON.parse(line))
  } catch {
    return undefined
  }
}

function exceptionOf(record: Json, resource: unknown): Exception[] {
  const own = textsOf(record)
  const stack = own.get('exception.stacktrace')
  if (!stack) return []
  const head = [own.get('exception.type'), own.get('exception.message')].filter(Boolean).join(': ')
  const build = own.get('app.build_id') ?? textsOf(resource).get('app.build_id')
  return [{ head: stack.startsWith(head) ? '' : `${head}\n`, stack, build }]
}

function textsOf(owner: unknown): Map<string, string> {
  const texts = list((owner as Json | undefined)?.attributes).map(
    ({ key, value }) => [key, (value as Json | undefined)?.stringValue] as const,
  )
  return new Map(texts.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
}

const list = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'object' && item !== null) : []
