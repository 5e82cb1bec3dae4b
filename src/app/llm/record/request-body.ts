// Normalizes the body of a request so that two can be compared: values that vary from run to run, such as the boundary of a form, are left
// out.
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { parsed } from '../wire/json'
import type { Digest, RequestBody } from './recording'

/** @param contentType of the request */
export function requestBody(bytes: Buffer, contentType: string | null | undefined): RequestBody {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(contentType ?? '')?.[1]
  if (boundary) return { form: formOf(bytes, boundary) }
  if (!isUtf8(bytes)) return digestOf(bytes)
  const text = bytes.toString()
  const json = parsed(text)
  return json === undefined ? { text } : { json }
}

/** Accepts any implementation of FormData. */
export function isForm(body: unknown): body is FormData {
  return (body as { [Symbol.toStringTag]?: unknown } | undefined)?.[Symbol.toStringTag] === 'FormData'
}

/** Reads a form before it is sent. */
export function formBody(form: FormData): RequestBody {
  const fields: Record<string, string | Digest> = {}
  for (const [name, value] of form.entries()) {
    put(fields, name, typeof value === 'string' ? value : { bytes: value.size })
  }
  return { form: fields }
}

export function digestOf(bytes: Uint8Array): Digest {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}

function formOf(bytes: Buffer, boundary: string): Record<string, string | Digest> {
  const fields: Record<string, string | Digest> = {}
  const mark = Buffer.from(`--${boundary}`)
  for (let at = bytes.indexOf(mark); at >= 0; ) {
    const next = bytes.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = bytes.subarray(at + mark.length + 2, next - 2)
    const head = part.indexOf('\r\n\r\n')
    const name = head < 0 ? undefined : /name="([^"]*)"/i.exec(part.toString('latin1', 0, head))?.[1]
    if (name !== undefined) {
      const value = part.subarray(head + 4)
      const isFile = /filename=/i.test(part.toString('latin1', 0, head))
      put(fields, name, isFile ? { bytes: value.length } : value.toString())
    }
    at = next
  }
  return fields
}

/** Adds a field; the same name may occur more than once. */
function put(fields: Record<string, string | Digest>, name: string, value: string | Digest): void {
  let free = name
  for (let n = 1; Object.hasOwn(fields, free); n++) free = `${name}[${n}]`
  fields[free] = value
}
