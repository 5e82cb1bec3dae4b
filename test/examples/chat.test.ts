// examples/chat as its README starts it, on its recordings, in the conversations of `npm run demo`. The oracle of what its clients get is
// the same server without us.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settings } from '../../examples/demo/chat'
import { conversations } from '../../examples/demo/conversations'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { type Receiver, startReceiver } from '../support/receiver'
import { type Child, startChild } from './child'

const example = path.join(root, 'examples/chat')
const modules = ['@anthropic-ai/sdk', 'express', 'openai', 'pino']

describe('examples/chat', () => {
  let receiver: Receiver
  let replay: Child
  let exitCode: number | null
  const answers: Record<'bare' | 'observed', unknown[]> = { bare: [], observed: [] }

  beforeAll(async () => {
    receiver = await startReceiver()
    replay = await startChild(example, ['replay.cjs'], { PORT: '0' }, /http:\S+\n/)
    const [providers = ''] = /http:\S+/.exec(replay.said()) ?? []
    const files = ['server.cjs', 'judge.cjs'].map(name => [name, readFileSync(path.join(example, name), 'utf8')])
    const folder = makeApp({
      files: Object.fromEntries(files),
      modules: Object.fromEntries(modules.map(name => [name, name])),
    })
    const { AFN_HEALTH: _, ...others } = settings
    const env = {
      ...others,
      PORT: '0',
      OPENAI_BASE_URL: `${providers}/v1`,
      OPENAI_API_KEY: 'none',
      ANTHROPIC_BASE_URL: providers,
      ANTHROPIC_API_KEY: 'none',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    }
    for (const [kind, args] of [
      ['bare', []],
      ['observed', ['--require', '@afn/otel']],
    ] as const) {
      const server = await startChild(folder, [...args, 'server.cjs'], env, /"port":\d+/)
      const [, port] = /"port":(\d+)/.exec(server.said()) ?? []
      for (const { provider, model, stream, message } of conversations) {
        const response = await fetch(`http://127.0.0.1:${port}/chat?user=ada`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', connection: 'close' },
          body: JSON.stringify({ provider, model, stream, message }),
        })
        answers[kind].push([response.status, response.headers.get('x-place'), await response.text()])
      }
      exitCode = await server.stop()
    }
    await receiver.close()
  }, 120_000)

  afterAll(() => replay?.stop())

  it('answers as it does without us, and ends as it does', () => {
    expect(answers.observed).toEqual(answers.bare)
    expect(answers.bare.map(answer => (answer as unknown[]).slice(0, 2))).toEqual([
      [200, 'Kyoto'],
      [200, null],
      [502, 'Kyoto'],
      [200, null],
    ])
    expect(exitCode).toBeNull()
  })

  it('shows what its agent asked for, below the agent, and which tool failed', () => {
    const agent = 'POST /chat > invoke_agent travel-guide'
    const paths = new Set(pathsOf(receiver.spans()).map(found => found.replace(/(chat|embeddings) \S+ > .*/, '$1')))
    expect([...paths].filter(found => found.startsWith(agent)).map(found => found.slice(agent.length))).toEqual(
      expect.arrayContaining([
        ' > chat claude-haiku-4-5',
        ' > chat gpt-4o-mini',
        ' > execute_tool check_link',
        ' > execute_tool find_place',
        ' > execute_tool find_place > embeddings text-embedding-3-small',
      ]),
    )
    const failed = receiver.spans().filter(({ name, status }) => name.startsWith('execute_tool') && status.code === 2)
    expect(failed.map(({ name }) => name)).toEqual(['execute_tool check_link'])
  })
})
