// An answer in JSON, with fields that Tempo's answers do not have. Grafana's data source reads an answer by Tempo's protobuf schema and
// refuses what it does not know, so the body has more only where the request says `afn=true`.

import type { Context } from 'hono'
import { Stretch } from '../../event-loop-turns'
import type { QueryParams } from '../../request-parameters'

export const wantsMore = (params: QueryParams): boolean => params('afn') === 'true'

interface Warned {
  readonly warnings?: readonly string[]
}

/**
 * Warnings are in the headers in any case: `warning: 299 - "…"`, as RFC 7234 has it.
 * @param list the field that may be long: it is written in stretches
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

/** Items that are written at once. */
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

/** Headers take ASCII alone. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -~]+/g, encodeURIComponent)}"`
