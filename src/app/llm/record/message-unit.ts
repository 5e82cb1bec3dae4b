// Redacts a server message of a WebSocket. Audio is set aside meanwhile: a detector would find digits in it, and long texts are truncated.
import { isUtf8 } from 'node:buffer'
import { type Doc, doc, docs } from '../wire/json'
import { lineOf, type Unit } from './units'

export function messageUnit(bytes: Buffer): Unit {
  const unit = lineOf(bytes)
  const document = doc(unit.document)
  if (document) return withoutSound(unit, document)
  if (!isUtf8(bytes)) return { bytes }
  return { bytes, document: bytes.toString(), write: text => Buffer.from(String(text)) }
}

function withoutSound(unit: Unit, document: Doc): Unit {
  const places = soundsIn(document)
  if (places.length === 0) return unit
  const quiet = structuredClone(document) as Doc
  const sounds = places.map(path => put(quiet, path, ''))
  return {
    bytes: unit.bytes,
    document: quiet,
    write(other) {
      for (const [n, path] of places.entries()) put(other as Doc, path, sounds[n])
      return unit.write!(other)
    },
  }
}

type Path = readonly (string | number)[]

/** Audio fields of OpenAI's Realtime and of Gemini Live. */
function soundsIn(document: Doc): Path[] {
  if (/audio\.delta$/.test(String(document.type)) && typeof document.delta === 'string') return [['delta']]
  const parts = docs(doc(doc(document.serverContent)?.modelTurn)?.parts)
  return parts.flatMap((part, n) =>
    typeof doc(part.inlineData)?.data === 'string'
      ? [['serverContent', 'modelTurn', 'parts', n, 'inlineData', 'data']]
      : [],
  )
}

/** @returns the previous value */
function put(document: Doc, path: Path, value: unknown): unknown {
  let inner = document as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) inner = inner[key] as Record<string | number, unknown>
  const last = path.at(-1)!
  const before = inner[last]
  inner[last] = value
  return before
}
