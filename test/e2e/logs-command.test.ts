// Log files through rotations: of two processes at once, as GNU tail and jq read them, and as afn-otel logs does. The load counts its own lines.
import { execFile, spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

const exec = promisify(execFile)
// 64 KiB a file: 8,000 lines of 100 bytes and more are twelve
const app = makeApp({
  files: {
    'load.cjs': `const logger = require('@afn/otel/logs').createLogger()
      const [name, most] = process.argv.slice(2)
      let n = 0
      const some = () => {
        for (let i = 0; i < 50 && n < Number(most); i++) logger.info({ name, n: n++ }, 'a line of the load')
        if (n < Number(most)) setTimeout(some, 1)
      }
      some()`,
    'logging-config.json': '{"size": "64 KiB", "classes": {"debug": {"retention": 1}}}',
  },
  modules: { pino: 'pino', '@opentelemetry/api': '@opentelemetry/api' },
})
const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
const newFolder = () => mkdtempSync(path.join(tmpdir(), 'afn-logs-'))
const load = (folder: string, name: string, most: number) =>
  run(app, ['load.cjs', name, String(most)], { env: { AFN_LOG_DIR: folder } })
const logs = (folder: string, ...args: string[]) =>
  exec(process.execPath, [cli, 'logs', ...args, '--dir', folder], { cwd: app, maxBuffer: 2 ** 26 }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    error => ({ code: error.code as number, stdout: error.stdout as string }),
  )
const filesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => (entry.isFile() ? path.join(folder, entry.name) : []))
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

/** What comes out of a command while it runs. */
function follow(command: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd: app, env: { ...process.env, ...env }, detached: true })
  let text = ''
  child.stdout.on('data', chunk => {
    text += chunk
  })
  return { text: () => text, end: () => process.kill(-(child.pid as number), 'SIGKILL') }
}

it('two processes and ten rotations under load: every line once, in the order of its process', async () => {
  const folder = newFolder()
  await Promise.all(['a', 'b'].map(name => load(folder, name, 8_000)))
  const files = filesOf(folder)
  expect(files.length).toBeGreaterThan(20)
  for (const name of ['a', 'b']) {
    const lines = files
      .map(file => readFileSync(file, 'utf8'))
      .filter(text => text.includes(`"name":"${name}"`))
      .sort((x, y) => JSON.parse(x.split('\n', 1)[0] as string).n - JSON.parse(y.split('\n', 1)[0] as string).n)
      .flatMap(text => text.trimEnd().split('\n'))
      .map(text => JSON.parse(text))
    expect(lines.every(line => line.name === name)).toBe(true)
    expect(lines.map(({ n }) => n)).toEqual(upTo(8_000))
  }
  expect(await logs(folder, 'verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ok: 16000 lines in \d+ files\n$/),
  })
  const { stdout } = await logs(folder, 'query', '--since', '1h', '--text', '"name":"b"')
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map(text => JSON.parse(text).n),
  ).toEqual(upTo(8_000))
})

it('tail -F backend.log | jq goes through rotations', async () => {
  const folder = newFolder()
  await load(folder, 'first', 1)
  const tail = follow('sh', ['-c', 'tail -n 0 -s 0.05 -F "$FOLDER/backend.log" 2>/dev/null | jq --unbuffered -c .n'], {
    FOLDER: folder,
  })
  await sleep(500)
  const loaded = load(folder, 'second', 4_000)
  await loaded
  // tail looks 20 times a second: what was in a file between two looks it may skip, and what is last it has to read
  await expect.poll(() => tail.text().trimEnd().split('\n').at(-1), { timeout: 30_000 }).toBe('3999')
  tail.end()
  expect(filesOf(folder).length).toBeGreaterThan(5)
  for (const text of tail.text().trimEnd().split('\n')) expect(text).toMatch(/^\d+$/)
})

it('afn-otel logs tail misses none, filters, and follows all processes', async () => {
  const folder = newFolder()
  const [all, some] = [[], ['--class', 'info', '--text', '"n":3999,']].map(args =>
    follow(process.execPath, [cli, 'logs', 'tail', '--dir', folder, ...args]),
  )
  await sleep(1_500)
  await Promise.all(['a', 'b'].map(name => load(folder, name, 4_000)))
  await expect.poll(() => all!.text().split('\n').length, { timeout: 30_000 }).toBe(8_001)
  const lines = all!
    .text()
    .trimEnd()
    .split('\n')
    .map(text => JSON.parse(text))
  for (const name of ['a', 'b']) expect(lines.filter(line => line.name === name).map(({ n }) => n)).toEqual(upTo(4_000))
  await expect.poll(() => some!.text().trimEnd().split('\n').length, { timeout: 10_000 }).toBe(2)
  for (const { end } of [all!, some!]) end()
})

it('query finds by time, class, level, trace and text, and a warning once', async () => {
  const folder = newFolder()
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const line = (level: string, time: string, msg: string, more = {}) =>
    `${JSON.stringify({ level, time, msg, ...more })}\n`
  const warning = line('warn', '2026-11-20T09:00:00.000Z', 'two', { trace_id: trace })
  writeFileSync(path.join(folder, 'info-2026-11-20-1.log'), line('info', '2026-11-20T08:00:00.000Z', 'one') + warning)
  writeFileSync(path.join(folder, 'warn-2026-11-20-1.log'), warning)
  writeFileSync(path.join(folder, 'error-2026-11-20-2.log'), line('fatal', '2026-11-20T08:30:00.000Z', 'Half'))
  writeFileSync(path.join(folder, 'info-2026-11-21-1.log'), line('info', '2026-11-21T08:00:00.000Z', 'three'))
  const found = async (...args: string[]) =>
    (await logs(folder, 'query', ...args)).stdout.split('\n').flatMap(text => (text ? JSON.parse(text).msg : []))
  expect(await found()).toEqual(['one', 'Half', 'two', 'three'])
  expect(await found('--class', 'info')).toEqual(['one', 'three'])
  expect(await found('--class', 'warn', '--class', 'error')).toEqual(['Half', 'two'])
  expect(await found('--level', 'warn')).toEqual(['Half', 'two'])
  expect(await found('--trace', trace)).toEqual(['two'])
  expect(await found('--text', 'half')).toEqual(['Half'])
  expect(await found('--since', '2026-11-20T08:30:00Z', '--until', '2026-11-21')).toEqual(['Half', 'two'])
  expect((await logs(folder, 'query', '--class', 'infos')).code).toBe(2)
})

it('verify names what is torn, what was lost, what is missing and what is of another day', async () => {
  const folder = newFolder()
  await load(folder, 'a', 3_000)
  const [first, second, third] = filesOf(folder).sort(
    (a, b) => Number(/\.(\d+)-/.exec(a)?.[1] ?? 0) - Number(/\.(\d+)-/.exec(b)?.[1] ?? 0),
  )
  appendFileSync(first!, '{"level":"info","time":"2020-01-01T00:00:00.000Z"}\n')
  rmSync(second!)
  appendFileSync(third!, '{"level":"warn","afn.logs.dropped":7}\n{"level":"in')
  symlinkSync('nowhere', path.join(folder, 'info-2026-01-01-1.log'))
  const { code, stdout } = await logs(folder, 'verify', '--json')
  const { findings } = JSON.parse(stdout)
  expect(code).toBe(1)
  expect(findings.map(({ kind, file, lines }: Record<string, unknown>) => [kind, file, lines])).toEqual(
    expect.arrayContaining([
      ['misplaced', path.basename(first!), undefined],
      ['missing', path.basename(second!), undefined],
      ['lost', path.basename(third!), 7],
      ['torn', path.basename(third!), undefined],
    ]),
  )
  expect(findings).toHaveLength(4)
  truncateSync(third!, 100)
  expect((await logs(folder, 'verify')).stdout).toMatch(/torn: .*:1\n/)
})

it('check names every mistake of the file of settings with its place', async () => {
  const folder = newFolder()
  const file = path.join(folder, 'logging.json')
  const check = () =>
    exec(process.execPath, [cli, 'logs', 'check'], { cwd: app, env: { ...process.env, AFN_LOG_CONFIG: file } }).catch(
      error => error,
    )
  writeFileSync(file, '{"level": "warning",\n "sise": 1}')
  const { code, stdout } = await check()
  expect([code, stdout.match(/logging\.json:\d+:\d+/g)]).toEqual([1, ['logging.json:1:11', 'logging.json:2:2']])
  writeFileSync(file, '{"level": "warn"}')
  expect((await check()).stdout).toMatch(/^ok: /)
})
