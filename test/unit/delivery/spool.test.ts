// What an earlier process left on disk, also when one died while sending it.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import * as otlp from '../../../src/app/delivery/otlp'
import { sendSpooled } from '../../../src/app/delivery/send-spooled'
import { spool } from '../../../src/app/delivery/spool'
import type { SpoolPlace } from '../../../src/app/delivery/spool-place'
import { otlpTarget } from '../../../src/shared/config/otlp'
import { resolve } from '../../../src/shared/config/resolve'
import { diagnostics } from '../../../src/shared/diag/report'

vi.mock('../../../src/app/chunks', () => ({ loadChunk: () => otlp }))

const file = '1790000000000-17-0.traces.otlp'
let close = () => {}
afterEach(() => {
  vi.useRealTimers()
  close()
})

async function collector(status = 200): Promise<{ requests: string[]; url: string }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    let text = ''
    request
      .on('data', chunk => (text += chunk))
      .on('end', () => {
        requests.push(text)
        response.writeHead(status).end()
      })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  close = () => void server.close()
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function folderWith(...files: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-spool-'))
  for (const name of files) writeFileSync(path.join(folder, name), name)
  return folder
}

async function sent(folder: string, url: string): Promise<void> {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  }
  const { settings } = resolve({ env, cwd: '/nowhere', parseYaml: JSON.parse })
  await sendSpooled(named(folder), { traces: otlpTarget('traces', settings), logs: otlpTarget('logs', settings) })
}

const named = (directory: string): SpoolPlace => ({
  directory,
  isNamed: true,
  mostBytes: 2 ** 28,
  longestMs: Number.POSITIVE_INFINITY,
})

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid

it.each([
  ['a process that has died', () => `${file}.${deadPid()}-${hostname()}`],
  [
    'a process with our own number that has died, as in a container',
    () => `${file}.${process.pid}-${hostname()}`,
    3_600,
  ],
  ['a process of another machine, long ago', () => `${file}.1-another`, 3_600],
  ['an earlier version of this package, long ago', () => `${file}.${process.pid}`, 3_600],
])('requests in the spool that %s was sending are sent', async (_, name, ago = 0) => {
  const { requests, url } = await collector()
  const folder = folderWith(name())
  // ctime can't be set: the clock is, instead
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ago * 1_000 })
  await sent(folder, url)
  expect([requests.length, readdirSync(folder)]).toEqual([1, []])
})

it.each([
  ['a living process', () => `${file}.${process.ppid}-${hostname()}`],
  ['a process of another machine', () => `${file}.1-another`],
  ['this process', () => `${file}.${process.pid}-${hostname()}`],
])('requests in the spool that %s sends now are left to it', async (_, name) => {
  const { requests, url } = await collector()
  const folder = folderWith(name())
  await sent(folder, url)
  expect([requests.length, readdirSync(folder).length]).toEqual([0, 1])
})

it('the spool stays for the next start when the Collector is away, and is not tried file by file', async () => {
  const { requests, url } = await collector(503)
  const folder = folderWith(file, file.replace('-0.', '-1.'))
  await sent(folder, url)
  expect([requests.length, readdirSync(folder).sort()]).toEqual([1, [file, file.replace('-0.', '-1.')]])
})

it('a request in the spool is deleted and reported when the Collector will never take it', async () => {
  const { requests, url } = await collector(400)
  const folder = folderWith(file)
  await sent(folder, url)
  expect([requests.length, readdirSync(folder)]).toEqual([1, []])
  expect(diagnostics().some(({ code }) => code === 'AFN132')).toBe(true)
})

it('the spool holds no more than a thousand files', () => {
  const folder = folderWith(...Array.from({ length: 999 }, (_, n) => `1-1-${n}.traces.otlp`))
  let taken = 0
  const take = () => ({ spans: [[], [], []], logs: [], taken: taken++ })
  spool(named(folder), take)
  expect(readdirSync(folder)).toHaveLength(1_000)
  spool(named(folder), take)
  expect([readdirSync(folder).length, taken]).toEqual([1_000, 1])
})

it('the spool leaves files of others alone', async () => {
  const { requests, url } = await collector()
  const folder = folderWith('README', '1-1-1.metrics.otlp', `${file}.bak`)
  utimesSync(path.join(folder, 'README'), 0, 0)
  await sent(folder, url)
  expect([requests.length, readdirSync(folder).length]).toEqual([0, 3])
})
