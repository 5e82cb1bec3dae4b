// The file of sound in a request: of a form that fetch takes, of one that was written already, or the whole body.
import type { BoundedRequest } from './bounded-request'

export interface SentSound {
  readonly bytes: number
  /** The first bytes of it. */
  head(bytes: number): Promise<Buffer>
  /** Of the other fields, such as a prompt. */
  readonly textBytes: number
  /** The provider cuts it, and hears each piece by itself. */
  readonly isInPieces: boolean
}

const CUT = 'chunking_strategy'

/** Undefined where there is no file, or more than one. */
export function sentSound({ form, body }: Pick<BoundedRequest, 'form' | 'body'>): SentSound | undefined {
  if (form) return inForm(form)
  return inBody(typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength)) // biome-ignore format: one line
}

function inForm(form: FormData): SentSound | undefined {
  const values = [...form.values()]
  const [file, ...others] = values.filter(value => typeof value !== 'string')
  if (!file || others.length > 0) return undefined
  const texts = values.filter(value => typeof value === 'string')
  return {
    bytes: file.size,
    head: async bytes => Buffer.from(await file.slice(0, bytes).arrayBuffer()),
    textBytes: Buffer.byteLength(texts.join()),
    isInPieces: form.has(CUT),
  }
}

const LINE_END = '\r\n'

function inBody(body: Buffer): SentSound | undefined {
  const lineEnd = body.indexOf(LINE_END)
  const isForm = lineEnd > 2 && body.toString('latin1', 0, 2) === '--'
  const parts = isForm ? partsOf(body, body.subarray(0, lineEnd)) : [{ head: 'filename', content: body }]
  const [file, ...others] = parts.filter(({ head }) => head.includes('filename'))
  if (!file || others.length > 0) return undefined
  return {
    bytes: file.content.length,
    head: async bytes => file.content.subarray(0, bytes),
    textBytes: body.length - file.content.length,
    isInPieces: parts.some(({ head }) => head.includes(CUT)),
  }
}

function partsOf(body: Buffer, delimiter: Buffer): { readonly head: string; readonly content: Buffer }[] {
  const parts = []
  for (let at = delimiter.length; ; ) {
    const start = body.indexOf(LINE_END + LINE_END, at)
    const end = start < 0 ? -1 : body.indexOf(Buffer.concat([Buffer.from(LINE_END), delimiter]), start)
    if (end < 0) return parts
    parts.push({ head: body.toString('latin1', at, start), content: body.subarray(start + 4, end) })
    at = end + 2 + delimiter.length
  }
}
