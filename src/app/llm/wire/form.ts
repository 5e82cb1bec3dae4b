// Reads short text fields of a form (`multipart/form-data`) while its bytes arrive. Files of any size and position are skipped.
import { Bytes } from './bytes'
import type { Fields } from './json-reader'

/** Bytes processed at a time; no more than this is ever copied from a chunk. */
const SLICE = 65_536
/** Maximum bytes of a part's headers; clients never send longer ones. */
const MAX_HEAD = 16_384
const LINE_END = '\r\n'

export class FormReader {
  readonly #delimiter: Buffer
  readonly #texts: Record<string, string> = {}
  readonly #text: Bytes
  #state: 'content' | 'delimiter' | 'head' | 'end' = 'content'
  #name: string | undefined
  /** The possible start of a delimiter or of part headers. The first delimiter has no line before it. */
  #rest: Buffer = Buffer.from(LINE_END)

  /** @param maxString maximum bytes of a text; longer ones are left out */
  constructor(
    boundary: string,
    private readonly fields: Fields,
    maxString: number,
  ) {
    this.#delimiter = Buffer.from(`${LINE_END}--${boundary}`)
    this.#text = new Bytes(maxString)
  }

  /** Whether the form was read to its end. */
  get complete(): boolean {
    return this.#state === 'end'
  }

  /** The fields found so far. */
  value(): Record<string, string> {
    return this.#texts
  }

  push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length && !this.complete; from += SLICE) {
      this.#read(Buffer.concat([this.#rest, bytes.subarray(from, from + SLICE)]))
    }
  }

  #read(bytes: Buffer): void {
    let at = 0
    for (let next: number | undefined = 0; next !== undefined && !this.complete; ) {
      at = next
      if (this.#state === 'content') next = this.#content(bytes, at)
      else if (this.#state === 'delimiter') next = this.#afterDelimiter(bytes, at)
      else next = this.#head(bytes, at)
    }
    if (this.#state === 'content') {
      const kept = Math.max(at, bytes.length - this.#delimiter.length + 1)
      if (this.#name !== undefined) this.#text.append(bytes, at, kept)
      at = kept
    }
    this.#rest = bytes.subarray(at)
  }

  #content(bytes: Buffer, at: number): number | undefined {
    const end = bytes.indexOf(this.#delimiter, at)
    if (end < 0) return undefined
    if (this.#name !== undefined) {
      this.#text.append(bytes, at, end)
      if (!this.#text.overflow) this.#texts[this.#name] = this.#text.text()
      this.#text.clear()
    }
    this.#name = undefined
    this.#state = 'delimiter'
    return end + this.#delimiter.length
  }

  #afterDelimiter(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + 2) return undefined
    this.#state = bytes.toString('latin1', at, at + 2) === '--' ? 'end' : 'head'
    return at
  }

  /** Starts at the line end of the delimiter, so that a part without headers is also found. */
  #head(bytes: Buffer, at: number): number | undefined {
    const end = bytes.indexOf(LINE_END + LINE_END, at)
    if (end < 0) {
      if (bytes.length - at > MAX_HEAD) this.#state = 'end'
      return undefined
    }
    this.#name = wantedName(bytes.toString('utf8', at, end), this.fields)
    this.#state = 'content'
    return end + 2 * LINE_END.length
  }
}

/** The name of a requested text field; files also have a file name. */
function wantedName(head: string, fields: Fields): string | undefined {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? ''
  if (/;[ \t]*filename\*?=/i.test(disposition)) return undefined
  const [, quoted, bare] = /;[ \t]*name=(?:"([^"]*)"|([^;\s]+))/i.exec(disposition) ?? []
  const name = quoted ?? bare
  return name !== undefined && Object.hasOwn(fields, name) ? name : undefined
}

/** Undefined if the content type is not that of a form. */
export function formReader(contentType: string | null, fields: Fields, maxString: number): FormReader | undefined {
  if (!contentType || !/^multipart\/form-data\b/i.test(contentType)) return undefined
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,200})"|([^;\s"]{1,200}))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  return boundary === undefined ? undefined : new FormReader(boundary, fields, maxString)
}
