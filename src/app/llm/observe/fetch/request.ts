// Reads a fetch request without touching the app's arguments.

import type { RequestFacts } from '../../providers/protocol'
import type { Fields } from '../../wire/json-reader'

/** Returns the body if it can be read synchronously. */
export function readableBody(body: unknown): string | Uint8Array | undefined {
  if (typeof body === 'string') return body
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  return body instanceof ArrayBuffer ? new Uint8Array(body) : undefined
}

/** The short text fields of a form that the protocol reads; undefined if the body is not a form. */
export function formDocument(body: unknown, fields: Fields): unknown {
  if (!(body instanceof FormData)) return undefined
  const texts = Object.keys(fields).map(name => [name, body.get(name)])
  return Object.fromEntries(texts.filter(([, value]) => typeof value === 'string'))
}

/** Looks headers up without `new Headers()`, which would consume an iterator that the app passed. */
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
