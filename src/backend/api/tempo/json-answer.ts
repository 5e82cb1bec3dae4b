// Writes a JSON answer. Grafana's data source parses answers by Tempo's protobuf schema and rejects unknown fields, so fields that Tempo
// does not have appear only with `afn=true`.

import type { Context } from 'hono'
import { Stretch } from '../../event-loop-turns'
import type { QueryParams } from '../../request-parameters'

export const wantsMore = (params: QueryParams): boolean => params('afn') === 'true'

interface Warned {
  readonly warnings?: readonly string[]
}

/**
 * Warnings are always in the headers, too: `warning: 299 - "…"`, as in RFC 7234.
 * @param list the field that may be long; it is serialized in batches
 */
export async function jsonAnswer<List extends string>(
  context: Context,
  params: QueryParams,
  list: List,
  answer: Warned & { readonly [name in List]?: readonly unknown[] },
): Promise<Response> {
  const { [list]: items, warnings = [], ...others } = answer
  for (const warning of warnings) context.header('warning', `299 - ${quoted(warning)}`, { append: true })
  const rest = JSON.stringify(wantsMore(params) && answer.warnings ? { ...others, warnings } : others)
  const parts = [
    ...(await listJson((items ?? []) as readonly unknown[])),
    Buffer.from(rest === '{}' ? '}' : `,${rest.slice(1)}`),
  ]
  const body = Buffer.concat([Buffer.from(`{${JSON.stringify(list)}:`), ...parts])
  return context.body(new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.length), 200, {
    'content-type': 'application/json',
  })
}

/** Items per batch. */
const BATCH = 64

async function listJson(items: readonly unknown[]): Promise<Buffer[]> {
  const stretch = new Stretch()
  const parts: Buffer[] = [Buffer.from('[')]
  for (let at = 0; at < items.length; at += BATCH) {
    const written = JSON.stringify(items.slice(at, at + BATCH)).slice(1, -1)
    parts.push(Buffer.from(at > 0 ? `,${written}` : written))
    if (stretch.isOver) await stretch.rest()
  }
  return [...parts, Buffer.from(']')]
}

/** Headers allow only ASCII. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -~]+/g, encodeURIComponent)}"`
