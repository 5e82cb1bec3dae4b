// The content of every recording against the published JSON schemas of GenAI messages.
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { messageProblems, partsProblems, toolProblems } from '../../support/genai-schema'
import { FIXTURES, type Recording, recordings, routed, SHARED, startReplay } from './replay'
import { tapped } from './tapped'

const native = globalThis.fetch

async function problemsOf(recording: Recording, base: string): Promise<string[]> {
  const tap = tapped('full', routed(base, native))
  try {
    const { url, headers, body } = recording.request
    await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).text()
    const { attributes } = await tap.span()
    return [
      ...messageProblems(attributes['gen_ai.input.messages']),
      ...messageProblems(attributes['gen_ai.output.messages']),
      ...partsProblems(attributes['gen_ai.system_instructions']),
      ...toolProblems(attributes['gen_ai.tool.definitions']),
    ].map(problem => `${recording.id}: ${problem}`)
  } finally {
    tap.stop()
  }
}

describe.each([
  ['fixtures', FIXTURES],
  ['real traffic', SHARED],
])('every recording of the %s', (_, dir) => {
  it.skipIf(!existsSync(dir))(
    "has content that is valid by the convention's schemas",
    { timeout: 60_000 },
    async () => {
      const known = recordings(dir)
      const replay = await startReplay(known)
      const problems: string[] = []
      for (const recording of known.values()) problems.push(...(await problemsOf(recording, replay.base(recording.id))))
      await replay.close()
      expect(problems).toEqual([])
    },
  )
})
