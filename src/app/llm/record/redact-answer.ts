// Removes personal data and secrets from a recorded answer. A stream splits a value into pieces (`jo`, `hn@`, `x.com`), so texts of the
// same field are joined over all events before redaction.
import { type Unit, unitsOf } from './units'

/** Redacts a text or any JSON value. Returns the same value if there was nothing to redact. */
export type Redact = (value: unknown) => unknown

/** Redacts the chunks of an answer. Yields between parts of the work. @returns the same number of chunks */
export function* redactAnswer(pieces: readonly Buffer[], redact: Redact): Generator<void, readonly Buffer[]> {
  const whole = Buffer.concat(pieces)
  const units = unitsOf(whole)
  if (units.every(unit => unit.document === undefined)) {
    const text = whole.toString()
    if (!Buffer.from(text).equals(whole)) return pieces // sounds and pictures
    const redacted = redact(text)
    return redacted === text ? pieces : spread([Buffer.from(String(redacted))], [whole.length], pieces)
  }
  const written = yield* redactUnits(units, redact)
  if (units.every(({ bytes }, at) => written[at] === bytes)) return pieces
  return spread(
    written,
    units.map(({ bytes }) => bytes.length),
    pieces,
  )
}

/** @returns the bytes of each unit; unchanged if there was nothing to redact */
export function* redactUnits(units: readonly Unit[], redact: Redact): Generator<void, readonly Buffer[]> {
  const documents: unknown[] = []
  for (const { document } of units) {
    documents.push(document === undefined ? undefined : redact(document))
    yield
  }
  const joined = [...textsOf(units).values()]
  for (const places of joined) {
    redactTogether(places, documents, redact)
    yield
  }
  return units.map(({ bytes, document, write }, at) =>
    write && documents[at] !== document ? write(documents[at]) : bytes,
  )
}

/** Assigns each unit to the chunk in which it ended. @param lengths of the units before redaction */
function spread(units: readonly Buffer[], lengths: readonly number[], pieces: readonly Buffer[]): Buffer[] {
  const out: Buffer[][] = pieces.map(() => [])
  let [piece, end, at] = [0, pieces[0]?.length ?? 0, 0]
  units.forEach((unit, n) => {
    at += lengths[n]!
    while (at > end && piece < pieces.length - 1) end += pieces[++piece]!.length
    out[piece]?.push(unit)
  })
  return out.map(parts => Buffer.concat(parts))
}

interface Place {
  readonly event: number
  readonly path: readonly (string | number)[]
  readonly text: string
}

/** Fields that identify which of several texts an event continues. */
const NUMBERS = [
  'response_id',
  'item_id',
  'index',
  'output_index',
  'content_index',
  'summary_index',
  'contentBlockIndex',
]

/** Texts that are split over several events, by the field they belong to. */
function textsOf(units: readonly Unit[]): Map<string, Place[]> {
  const texts = new Map<string, Place[]>()
  const walk = (value: unknown, event: number, path: readonly (string | number)[], of: string) => {
    if (typeof value === 'string') {
      const known = texts.get(of)
      if (known) known.push({ event, path, text: value })
      else texts.set(of, [{ event, path, text: value }])
    } else if (typeof value === 'object' && value !== null) {
      const fields = value as Record<string, unknown>
      const which = NUMBERS.map(name => fields[name] ?? '').join()
      for (const [key, inner] of Object.entries(fields))
        walk(inner, event, [...path, Array.isArray(value) ? Number(key) : key], `${of}.${which}.${key}`)
    }
  }
  units.forEach(({ document }, event) => {
    if (document !== undefined) walk(document, event, [], String((document as { type?: unknown }).type ?? ''))
  })
  for (const [of, places] of texts) if (places.every(({ text }) => text === places[0]!.text)) texts.delete(of)
  return texts
}

/** A value that spans several events is replaced by its mask in the first of them. */
function redactTogether(places: readonly Place[], documents: unknown[], redact: Redact): void {
  const text = places.map(place => place.text).join('')
  const redacted = redact(text)
  if (redacted === text || typeof redacted !== 'string') return
  const alone = places.map(({ event, path }) => at(documents[event], path)).join('')
  if (alone === redacted) return
  const before = commonStart(text, redacted)
  const after = Math.min(commonEnd(text, redacted), Math.min(text.length, redacted.length) - before)
  let from = 0
  let isWritten = false
  for (const { event, path, text: piece } of places) {
    const to = from + piece.length
    const head = piece.slice(0, Math.max(0, before - from))
    const tail = piece.slice(Math.max(0, piece.length - Math.max(0, to - (text.length - after))))
    const isTouched = to > before && from < text.length - after
    if (isTouched) {
      const middle = isWritten ? '' : redacted.slice(before, redacted.length - after)
      isWritten = true
      documents[event] = withText(documents[event], path, head + middle + tail)
    } else documents[event] = withText(documents[event], path, piece)
    from = to
  }
}

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value)

function withText(document: unknown, [key, ...path]: readonly (string | number)[], text: string): unknown {
  if (key === undefined) return text
  const inner = withText((document as Record<string | number, unknown>)[key], path, text)
  return Array.isArray(document)
    ? document.map((one, n) => (n === key ? inner : one))
    : { ...(document as object), [key]: inner }
}

function commonStart(one: string, other: string): number {
  let n = 0
  while (n < one.length && one[n] === other[n]) n++
  return n
}

function commonEnd(one: string, other: string): number {
  let n = 0
  while (n < one.length && one.at(-1 - n) === other.at(-1 - n)) n++
  return n
}
