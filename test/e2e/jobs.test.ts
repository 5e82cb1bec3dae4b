// `afn-otel jobs`, by the packed command: what runs, what is told of it, and that neither a job nor the table ends the others.
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { makeApp } from '../support/packed'
import { freePorts } from '../support/ports'
import { startReceiver } from '../support/receiver'

const cli = 'node_modules/@afn/otel/dist/cli.cjs'

interface State {
  readonly status: string
  readonly jobs: readonly {
    readonly name: string
    readonly lastSuccess: string | null
    readonly failures: number
    readonly reads: string | null
  }[]
}

const ending: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

const shown = { name: 'shown', seconds: 3_600, command: ['--version'], reads: 'slo.yaml' }
const failing = { name: 'failing', seconds: 1, command: ['trace', 'abc', '--url', 'http://127.0.0.1:9'] }

async function start(jobs: readonly object[]) {
  const receiver = await startReceiver()
  ending.push(() => receiver.close())
  const app = makeApp({ files: { 'jobs.json': JSON.stringify({ jobs }), 'slo.yaml': 'version: prometheus/v1\n' } })
  const [port] = await freePorts(1)
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const child = spawn(process.execPath, [cli, 'jobs', 'jobs.json', '--port', String(port)], { cwd: app, env })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (log += text))
  ending.push(() => child.kill('SIGKILL'))
  const state = async () => (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as State
  const job = async (name: string) => (await state()).jobs.find(one => one.name === name)
  const until = (check: () => unknown) => vi.waitFor(check, { timeout: 60_000, interval: 200 })
  return { app, receiver, child, job, until, write: (file: string, text: string) => writeFileSync(path.join(app, file), text), log: () => log } // biome-ignore format: one line
}

it('tells of each run when it was and whether it failed, so that an alert can say both', async () => {
  const { receiver, job, until, log } = await start([
    { ...shown, command: ['config', 'init', 'slo.yaml'], done: [1] },
    failing,
  ])
  await until(async () => expect(await job('shown')).toMatchObject({ failures: 0, lastSuccess: expect.any(String) }))
  await until(async () => expect(await job('failing')).toMatchObject({ failures: 1, lastSuccess: null }))
  const told = (metric: string, job: string) =>
    receiver.points(metric).find(({ attributes }) => attributes['afn.job.name'] === job)?.value
  await until(() => expect(told('afn.job.failures', 'failing')).toBe(1))
  expect(told('afn.job.failures', 'shown')).toBe(0)
  expect(told('afn.job.interval', 'shown')).toBe(3_600)
  expect(told('afn.job.last_success', 'shown')).toBeGreaterThan(Date.now() / 1_000 - 600)
  expect(told('afn.job.last_success', 'failing')).toBeUndefined()
  expect(told('afn.job.last_run', 'failing')).toBeGreaterThan(Date.now() / 1_000 - 600)
  expect(log()).toMatch(/^failing: afn-otel trace: /m)
})

it('runs a job again when the file that it reads changes, takes a new row, and keeps to the table before where it has a mistake', async () => {
  const { job, until, write, log, child } = await start([shown])
  await until(async () => expect(await job('shown')).toMatchObject({ lastSuccess: expect.any(String) }))
  const before = (await job('shown'))!
  write('slo.yaml', 'version: prometheus/v1\nslos: []\n')
  await until(async () => expect((await job('shown'))!.reads).not.toBe(before.reads))
  write('jobs.json', '{"jobs": [{"name": "shown"}]}')
  await until(() =>
    expect(log()).toMatch(/jobs\[0\] has no valid number of seconds.*; the previous version stays in use/),
  )
  expect(await job('shown')).toBeDefined()
  write('jobs.json', JSON.stringify({ jobs: [failing] }))
  await until(async () => expect(await job('failing')).toMatchObject({ failures: 1 }))
  expect(await job('shown')).toBeUndefined()
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
})

it('runs one job by hand, and says by its exit code what became of it', async () => {
  const app = makeApp({ files: { 'jobs.json': JSON.stringify({ jobs: [shown, failing] }), 'slo.yaml': '' } })
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [cli, 'jobs', 'jobs.json', ...args], { cwd: app, encoding: 'utf8' })
  expect(run('--run', 'failing')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^failing: failed \(exit/m),
  })
  expect(run('--run', 'other')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('jobs: shown, failing'),
  })
})
