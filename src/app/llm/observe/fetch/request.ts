// Reads a request of fetch without touching what the application passed.

import type { RequestFacts } from '../../providers/protocol'
import type { Fields } from '../../wire/json-reader'

/** The body where it can be read on the spot. */
export function readableBody(body: unknown): string | Uint8Array | undefined {
  if (typeof body === 'string') return body
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  return body instanceof ArrayBuffer ? new Uint8Array(body) : undefined
}

/** The short texts of a form that the protocol reads; undefined where the body is no form. */
export function formDocument(body: unknown, fields: Fields): unknown {
  if (!(body instanceof FormData)) return undefined
  const texts = Object.keys(fields).map(name => [name, body.get(name)])
  return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'))
}

/** Looks headers up, never by way of `new Headers()`, which uses an iterator up that the application passed. */
export function facts(url: URL, headers: RequestInit['headers']): RequestFacts {
  return {
    url,
    header(name) {
      if (!headers) return null
      if (headers instanceof Headers) return headers.get(name)
      const pairs = Array.isArray(headers) ? (headers as unknown[][]) : Object.entries(headers)
      for (const pair of pairs) {
        if (String(pair?.[0]).toLowerCase() === name) return pair[1] === undefined ? null : String(pair[1])
      }
      return null
    },
  }
}
