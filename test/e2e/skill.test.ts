// The skill for coding agents, followed by a script, to the letter: each of its commands runs in a copy of examples/chat that nothing
// observes yet, in the order in which they stand there.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { type Child, startChild } from '../examples/child'
import { makeApp, root } from '../support/packed'
import { blocksOf } from '../support/pages'
import { run } from '../support/run'

const blocks = blocksOf('skills/instrument-llm-app/SKILL.md')
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text.trim().replaceAll('APP', 'server.cjs'))
const example = path.join(root, 'examples/chat')
const cli = 'node_modules/@afn/otel/dist/cli.cjs'

const open: (ChildProcess | Child)[] = []
afterAll(async () => {
  for (const one of open) await ('stop' in one ? one.stop() : ended(one))
})

/** As Ctrl+C does it: a signal to npm alone does not reach the app below it. The streams are closed when all of them are gone. */
async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  process.kill(-child.pid!, 'SIGINT')
  await closed
}

/** The words behind `npx afn-otel`. */
function argumentsOf(command: string): string[] {
  const line = commands.flatMap(text => text.split('\n')).find(text => text.startsWith(`npx afn-otel ${command}`))
  return line!.split(' ').slice(2)
}

it('a script that does what the skill says ends with a trace that has the model, tokens and cost', async () => {
  const manifest = JSON.parse(readFileSync(path.join(example, 'package.json'), 'utf8'))
  manifest.scripts.start = 'node server.cjs'
  const modules = ['@anthropic-ai/sdk', '@duckdb/node-api', 'express', 'openai', 'pino']
  const folder = makeApp({
    files: {
      'package.json': JSON.stringify(manifest),
      'server.cjs': readFileSync(path.join(example, 'server.cjs'), 'utf8'),
    },
    modules: Object.fromEntries(modules.map(name => [name, name])),
  })
  const replay = await startChild(example, ['replay.cjs'], { PORT: '0' }, /http:\S+\n/)
  open.push(replay)
  const providers = /http:\S+/.exec(replay.said())![0]
  const env = {
    HOME: folder,
    PORT: '0',
    OPENAI_BASE_URL: `${providers}/v1`,
    OPENAI_API_KEY: 'none',
    ANTHROPIC_BASE_URL: providers,
    ANTHROPIC_API_KEY: 'none',
  }

  // 2: what it installs is what the folder has
  expect(commands[0]).toBe('npm install @afn/otel\nnpm install --save-dev @duckdb/node-api')
  // 3
  const preload = commands.find(text => text.startsWith('npm pkg set'))!
  expect((await run(folder, ['-e', `require('child_process').execSync(${JSON.stringify(preload)})`])).code).toBe(0)
  const { scripts } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  expect(scripts.start).toBe('node --require @afn/otel server.cjs')
  // 4: no Collector is there, which is the one thing that it names
  const doctor = await run(folder, [cli, ...argumentsOf('doctor')], { env })
  expect(doctor.stdout).toMatch(/express/)

  const [command, ...rest] = argumentsOf('run')
  const child = spawn(process.execPath, [cli, command!, '--port', '0', '--memory', ...rest], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    detached: true,
  })
  open.push(child)
  const said = { all: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      said.all += chunk
    })
  await expect.poll(() => said.all, { timeout: 60_000 }).toMatch(/"port":\d+/)
  const port = /"port":(\d+)/.exec(said.all)![1]
  const explorer = /explorer (http:\S+)/.exec(said.all)![1]!
  const response = await fetch(`http://127.0.0.1:${port}/chat?user=ada`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ provider: 'openai', message: 'Where is Gion?' }),
  })
  expect(response.status).toBe(200)
  await response.text()
  const traces = async () => (await run(folder, [cli, ...argumentsOf('traces'), '--url', explorer], { env })).stdout
  await expect.poll(traces, { timeout: 30_000, interval: 1_000 }).toMatch(/POST \/chat.*gpt-4o-mini/)
  expect(await traces()).toMatch(/\d+ USD|\$\d|0\.0\d+/)
}, 180_000)

it('the file that it has Next.js write is the one of the example, which is built and tested', () => {
  const file = readFileSync(path.join(root, 'examples/next-chat/instrumentation.ts'), 'utf8')
  const next = blocks.find(({ language, text }) => language === 'ts' && text.includes('@afn/otel/next'))
  expect(file.endsWith(next!.text)).toBe(true)
})
