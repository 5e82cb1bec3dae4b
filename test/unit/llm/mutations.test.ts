// Answers that no provider should send: members dropped, null or of another type, events that nobody knows, and a cut at
// each event. Nothing of ours fails, the application reads what was sent, and each call ends as one span.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { random } from './random'
import { FIXTURES, type Recording, recordings, SHARED } from './replay'
import { type Tapped, tapped } from './tapped'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const OTHERS: Json[] = [null, true, -1, 1.5, 1e300, '', 'other', [], [null], {}, { type: 'other' }]

/** One value somewhere in the document is dropped or another one. */
function mutated(document: Json, { below }: ReturnType<typeof random>): Json {
  const places: [holder: Json[] | { [key: string]: Json }, key: string][] = []
  const copy = structuredClone(document)
  const walk = (value: Json) => {
    if (typeof value !== 'object' || value === null) return
    for (const key of Object.keys(value)) {
      places.push([value, key])
      walk((value as { [key: string]: Json })[key]!)
    }
  }
  walk(copy)
  if (places.length === 0) return OTHERS[below(OTHERS.length)]!
  const [holder, key] = places[below(places.length)]!
  const other = below(OTHERS.length + 2)
  if (other >= OTHERS.length) delete (holder as { [key: string]: Json })[key]
  else (holder as { [key: string]: Json })[key] = structuredClone(OTHERS[other]!)
  return copy
}

function json(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Events, lines or one document: every JSON text in the body stands alone. */
const pieces = (body: string) => body.split(/(?<=\n)/)

function mutatedText(body: string, source: ReturnType<typeof random>): string {
  const whole = json(body)
  if (whole !== undefined) return JSON.stringify(mutated(whole, source))
  const lines = pieces(body)
  const jsonLines = lines.flatMap((line, i) => (/[{[]/.test(line) ? [i] : []))
  for (let i = 0; i < 3 && jsonLines.length; i++) {
    const at = jsonLines[source.below(jsonLines.length)]!
    lines[at] = lines[at]!.replace(/\{.*\}/, event => {
      const known = json(event)
      return known === undefined ? event : JSON.stringify(mutated(known, source))
    })
  }
  if (source.below(3) === 0)
    lines.splice(source.below(lines.length + 1), 0, 'event: other\n', 'data: {"type":"other"}\n\n')
  return lines.join('')
}

function* variants({ response }: Recording, source: ReturnType<typeof random>): Generator<Buffer> {
  if (response.bodyBase64 !== undefined) {
    const bytes = Buffer.from(response.bodyBase64, 'base64')
    for (let i = 0; i < 4; i++) yield bytes.subarray(0, source.below(bytes.length))
    for (let i = 0; i < 4; i++) {
      const broken = Buffer.from(bytes)
      broken[source.below(bytes.length)] = source.below(256)
      yield broken
    }
    return
  }
  const body = response.body ?? ''
  for (let i = 0; i < 6; i++) yield Buffer.from(mutatedText(body, source))
  const lines = pieces(body)
  const step = Math.ceil(lines.length / 8)
  for (let i = 0; i < lines.length; i += step) yield Buffer.from(lines.slice(0, i).join(''))
  for (let i = 0; i < 3; i++) yield Buffer.from(body).subarray(0, source.below(body.length + 1))
}

for (const [name, dir] of Object.entries({ fixtures: FIXTURES, 'real traffic': SHARED })) {
  const known = existsSync(dir) ? [...recordings(dir).values()] : []

  describe.skipIf(known.length === 0)(`the ${name}, spoiled`, () => {
    let tap: Tapped
    let answer: () => Response
    beforeAll(() => {
      tap = tapped('full', async () => answer())
    })
    afterAll(() => tap.stop())

    async function called(recording: Recording, body: Json, bytes: Buffer): Promise<string[]> {
      const { url, headers } = recording.request
      const { status } = recording.response
      answer = () => new Response(bytes as never, { status, headers: recording.response.headers })
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
      const wrong = Buffer.from(await response.arrayBuffer()).equals(bytes) ? [] : ['read otherwise']
      const spans = tap.spans()
      if (tap.failures.length) wrong.push(String(tap.failures))
      // a request that is spoiled may be no LLM call
      if (spans.length > 1 || (spans.length === 0 && body === recording.request.body))
        wrong.push(`${spans.length} spans`)
      for (const [key, value] of Object.entries(spans[0]?.attributes ?? {})) {
        if (typeof value === 'number' && !(value >= 0 && value <= Number.MAX_SAFE_INTEGER) && key.includes('usage')) {
          wrong.push(`${key} ${value}`)
        }
      }
      tap.failures.length = 0
      tap.reset()
      return wrong
    }

    it('have one span each, and nothing of ours fails', { timeout: 120_000 }, async () => {
      const wrong: string[] = []
      for (const [seed, recording] of known.entries()) {
        const source = random(seed + 1)
        const { body } = recording.request as { body: Json }
        const note = (problems: string[], what: Buffer | Json) => {
          for (const problem of problems) wrong.push(`${recording.id} ${problem} ${String(what).slice(0, 200)}`)
        }
        for (const bytes of variants(recording, source)) note(await called(recording, body, bytes), bytes)
        const bytes = Buffer.from(recording.response.body ?? '')
        for (let i = 0; i < 3; i++) {
          const other = mutated(body, source)
          note(await called(recording, other, bytes), JSON.stringify(other))
        }
      }
      expect(wrong).toEqual([])
    })
  })
}
