import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expected } from '../../conformance/recordings'
import { isLong } from '../../support/long'
import { differences, expectations } from './oracle'
import { FIXTURES, type Recording, recordings, routed, SHARED, startReplay } from './replay'
import { tapped } from './tapped'

const native = globalThis.fetch

/** Each byte of its own costs a turn of both event loops: `npm run test:long` takes all recordings, `npm test` those up to this size. */
const SMALL = 2_000

const bytesOf = ({ response: { body, bodyBase64 } }: Recording) => (body ?? bodyBase64 ?? '').length

for (const [name, dir] of Object.entries({ fixtures: FIXTURES, 'real traffic': SHARED })) {
  const there = existsSync(dir)
  const known = there ? recordings(dir) : new Map<string, Recording>()
  const lines = there ? expectations(dir).filter(line => known.has(line.id)) : []

  describe.skipIf(!there)(`every recording of the ${name}`, () => {
    let replay: Awaited<ReturnType<typeof startReplay>>
    beforeAll(async () => {
      replay = await startReplay(known)
    })
    afterAll(() => replay.close())

    /** One call as the recording was made, read to its end. */
    async function called(line: Expected, content: 'full' | 'off', read: (response: Response) => Promise<unknown>) {
      const { request } = known.get(line.id)!
      const tap = tapped(content, routed(replay.base(line.id), native))
      try {
        const { url, headers, body } = request
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
        await read(response)
        const span = await tap.span()
        expect(tap.failures).toEqual([])
        return span
      } finally {
        tap.stop()
      }
    }

    for (const split of [undefined, 1, 7, 1000]) {
      it(`is recorded exactly, in pieces of ${split ?? 'one event'}${split ? ' bytes' : ''}`, {
        timeout: 300_000,
      }, async () => {
        replay.behave(split ? { split } : {})
        const wrong: string[] = []
        const taken =
          split === 1 && !isLong('recordings') ? lines.filter(({ id }) => bytesOf(known.get(id)!) <= SMALL) : lines
        expect(taken.length).toBeGreaterThan(0)
        for (const line of taken) {
          const span = await called(line, 'full', response => response.text())
          wrong.push(...differences(span, line))
        }
        expect(wrong).toEqual([])
      })
    }

    it('is recorded exactly without content, and no content is on the span', { timeout: 60_000 }, async () => {
      replay.behave({})
      const wrong: string[] = []
      for (const line of lines) {
        const span = await called(line, 'off', async response => {
          for await (const _ of response.body as unknown as AsyncIterable<unknown>);
        })
        wrong.push(...differences(span, line, false))
        const content = [
          'gen_ai.input.messages',
          'gen_ai.output.messages',
          'gen_ai.system_instructions',
          'gen_ai.tool.definitions',
        ]
        for (const key of content) if (key in span.attributes) wrong.push(`${line.id} has ${key}`)
      }
      expect(wrong).toEqual([])
    })
  })
}
