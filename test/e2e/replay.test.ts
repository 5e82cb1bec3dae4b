// `afn-otel replay` with the real clients: recorded against a provider on this machine, which is gone when they are replayed. The newest
// version of each; with AFN_TEST_LONG=replay all.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Client, clients } from '../conformance/clients'
import { recordAndReplay } from '../conformance/replay'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

/** What ends otherwise each time, is about a server that is not there, or asks no model. */
const others = /^(nobody|timeout|unread|models$)|garbage|, unread$/

const tried = clients.filter(
  ({ child, name }, at) => !child && (isLong('replay') || clients.findLastIndex(other => other.name === name) === at),
)

/** This one decodes each piece of the network by itself, so that what it gives depends on time. */
const skippedOf = ({ name, version }: Client): RegExp =>
  name === 'groq-sdk' && version === '0' ? new RegExp(`${others.source}|byte by byte`) : others

describe('what an application gets in a replay', () => {
  for (const client of tried) {
    const node = client.node ? nodeBinary(nodes[client.node]) : { path: process.execPath }
    it.skipIf('missing' in node)(
      `is another answer by ${client.name} ${client.version}`,
      { timeout: 300_000 },
      async () => {
        const binary = (node as { path: string }).path
        const { differences, scenarios, report, stderr } = await recordAndReplay(client, binary, skippedOf(client))
        console.log(`${client.name} ${client.version}: ${scenarios} scenarios, ${report?.answered} calls`)
        expect(differences, stderr).toEqual([])
        expect(report?.changed).toEqual([])
        expect(report?.answered).toBeGreaterThan(20)
      },
    )
  }
})

const cli = 'node_modules/@afn/otel/dist/cli.cjs'

/** Asks twice; the second request has the first answer in it. The environment changes what is asked. */
const app = `
  const { PORT, PROMPT = 'Write to ann@example.com', MODEL = 'gpt-4o', TOOL } = process.env
  const ask = async (messages, model, tools) => {
    const headers = { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' }
    const body = JSON.stringify({ model, messages, ...(tools && { tools }) })
    const answer = await fetch('http://127.0.0.1:' + PORT + '/v1/chat/completions', { method: 'POST', headers, body })
    return [answer.status, answer.headers.get('x-request-id'), await answer.text()]
  }
  const main = async () => {
    const tools = [...(TOOL ? [{ type: 'function', function: { name: TOOL } }] : []), { type: 'function', function: { name: 'mail' } }]
    const first = await ask([{ role: 'user', content: PROMPT }], MODEL, tools)
    const second = await ask([{ role: 'user', content: 'again' }, { role: 'assistant', content: first[2] }], 'gpt-4o')
    console.log(JSON.stringify([first, second]))
    if (process.env.THIRD) console.log(JSON.stringify(await ask([], 'gpt-4o')))
  }
  main()`

describe('the result of a replay', () => {
  it('does not name exactly what changed, or lets a call out', { timeout: 120_000 }, async () => {
    const bodies: string[] = []
    const server = http.createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      bodies.push(body)
      const message = { role: 'assistant', content: `answer ${bodies.length} for bob@example.com` }
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-request-id': `r${bodies.length}`,
        'set-cookie': 's=secret-cookie',
      })
      response.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          model: 'gpt-4o',
          choices: [{ index: 0, message, finish_reason: 'stop' }],
        }),
      )
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const folder = makeApp({ files: { 'app.js': app }, modules: { '@duckdb/node-api': '@duckdb/node-api' } })
    const env = { HOME: folder, PORT: String((server.address() as AddressInfo).port), PATH: process.env.PATH ?? '' }
    const key = 'sk-proj-abcdefghijklmnopqrstuvwxyz012345'
    const args = ['run', '--port', '0', '--memory', '--record', 'recordings', '--', 'node', 'app.js']
    const recorded = await run(folder, [cli, ...args], { env: { ...env, OPENAI_API_KEY: key } })
    expect(recorded.code, recorded.stderr).toBe(0)
    expect(bodies).toHaveLength(2)
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))

    const files = readdirSync(path.join(folder, 'recordings'))
    const modes = files.map(file => statSync(path.join(folder, 'recordings', file)).mode & 0o777)
    expect([modes, statSync(path.join(folder, 'recordings')).mode & 0o777]).toEqual([files.map(() => 0o600), 0o700])
    const text = files.map(file => readFileSync(path.join(folder, 'recordings', file), 'utf8')).join('')
    expect(text).not.toMatch(/example\.com|sk-proj|secret-cookie/)

    const replay = (more: Record<string, string>, options: string[] = []) =>
      run(
        folder,
        [
          cli,
          ...(options.length > 0 ? ['replay', ...options, 'recordings', '--'] : ['replay', 'recordings', '--']),
          'node',
          'app.js',
        ],
        { env: { ...env, ...more } },
      )
    const same = await replay({})
    expect([same.code, same.stderr]).toEqual([0, expect.stringContaining('the app asks the same')])
    expect(same.stdout).toBe(recorded.stdout.replaceAll('bob@example.com', '[EMAIL]'))

    const changed = await replay({ PROMPT: 'Write to eve@example.com now', MODEL: 'gpt-4o-mini', TOOL: 'refund' }, [
      '--json',
    ])
    expect(changed.code).toBe(1)
    expect(JSON.parse(changed.stdout)).toMatchObject({
      isSame: false,
      notRecorded: [],
      notAsked: [],
      changed: [
        {
          call: 1,
          changes: [
            { kind: 'changed', path: '$.model', before: 'gpt-4o', after: 'gpt-4o-mini' },
            {
              kind: 'changed',
              path: '$.messages[0].content',
              before: 'Write to [EMAIL]',
              after: 'Write to [EMAIL] now',
            },
            { kind: 'added', path: '$.tools[0]', after: { type: 'function', function: { name: 'refund' } } },
          ],
        },
      ],
    })

    const third = await replay({ THIRD: 'yes' })
    expect([third.code, third.stdout]).toEqual([1, expect.stringContaining('afn_replay_unmatched')])
    expect(third.stderr).toContain('not recorded, and refused: POST')
    expect(bodies).toHaveLength(2)
  })

  it('comes for a trace that was not recorded, or without a remedy', async () => {
    const folder = makeApp({ files: { 'app.js': app } })
    const unknown = 'ab'.repeat(16)
    const none = await run(folder, [cli, 'replay', unknown, '--from', '.', '--', 'node', 'app.js'])
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('afn-otel run --record FOLDER -- node app.js'),
    })
    const noFolder = await run(folder, [cli, 'replay', unknown, '--', 'node', 'app.js'])
    expect(noFolder).toMatchObject({ code: 2, stderr: expect.stringContaining('--from FOLDER') })
  })
})

it('an app whose calls can not be recorded gets its answers, and is told of it once', async () => {
  const server = http.createServer((_, response) => response.end('{"id":"c","object":"chat.completion","choices":[]}'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const env = {
    PORT: `${(server.address() as AddressInfo).port}`,
    OPENAI_API_KEY: 'sk-test',
    OTEL_SDK_DISABLED: '',
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    AFN_CAPTURE_CONTENT: 'redacted',
  }
  // a file stands where the folder would be
  const folder = makeApp({ files: { 'app.js': app, taken: '' } })
  const bare = await run(folder, ['app.js'], { env })
  const recorded = await run(folder, ['--require', '@afn/otel', 'app.js'], { env: { ...env, AFN_RECORD: 'taken' } })
  server.close()
  expect(recorded).toMatchObject({ code: 0, stdout: bare.stdout })
  expect(recorded.stderr.match(/AFN153/g)).toHaveLength(1)
})
