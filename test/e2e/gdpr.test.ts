// `afn-otel gdpr` as the real command of the package: killed before each change that it makes to a file, two at once, a store that is away,
// an `afn-otel up` that runs, receipts after two years. Oracles: the signal that ended the process, grep over all folders, OpenSSL, and
// the rows of the others.
import { spawnSync } from 'node:child_process'
import { createHash, createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  clock,
  contentOf,
  copyOf,
  fillStore,
  foundIn,
  idOf,
  killer,
  type Machine,
  mailOf,
  makeMachine,
} from '../support/gdpr-machine'
import { startLangfuseServer } from '../support/langfuse-server'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { type Run, run } from '../support/run'

const app = makeApp({
  files: { 'clock.cjs': clock, 'killer.cjs': killer },
  modules: { '@duckdb/node-api': '@duckdb/node-api' },
})
const MINUTE = 60_000
const persons = Array.from({ length: 12 }, (_, person) => person)
const others = persons.filter(person => person !== 7)

/** @param aheadMs of the command's clock */
function gdpr(machine: Machine, args: string[], aheadMs = 0, env: Record<string, string> = {}): Promise<Run> {
  const command = ['--require', path.join(app, 'clock.cjs'), '--require', path.join(app, 'killer.cjs'), 'node_modules/@afn/otel/dist/cli.cjs', 'gdpr', ...args] // biome-ignore format: one line
  const own = { AFN_TEST_AHEAD: String(aheadMs), AFN_TEST_CHANGES: machine.at('keys/changes') }
  return run(app, command, { env: { ...machine.env, ...own, ...env }, limitMs: 300_000 })
}

function erasure({ at }: Machine, person: number): string[] {
  const subject = ['--subject', idOf(person), '--subject', mailOf(person), '--key-file', at('keys/earlier.key')]
  return ['erase', ...subject, '--proof', 'ticket 4711, passport seen']
}

/** As a job would: each run two minutes after the one before. @param killAt the change before which the first of them is killed, counted over all */
async function untilDone(machine: Machine, args: string[], { killAt = -1, aheadMs = 0 } = {}) {
  let left = killAt
  let changes = 0
  let isKilled = false
  for (let runs = 0; runs < 20; runs++) {
    const ended = await gdpr(machine, args, aheadMs, { AFN_TEST_KILL_AT: String(left) })
    aheadMs += 2 * MINUTE
    if (ended.signal === 'SIGKILL') {
      isKilled = true
      left = -1
      continue
    }
    const made = Number(readFileSync(machine.at('keys/changes'), 'utf8'))
    changes += made
    if (ended.code === 0) return { ...ended, changes, isKilled, aheadMs }
    expect(ended).toMatchObject({ code: 3 })
    if (left >= 0) left -= made
  }
  throw new Error('it is not done after 20 runs')
}

const receiptIn = (stdout: string) => /^(\{"receipt".*\})\nreceipt ([\da-f]{64})$/m.exec(stdout) ?? []
const verified = (machine: Machine) => spawnSync(process.execPath, [path.join(app, 'node_modules/@afn/otel/dist/cli.cjs'), 'audit', 'verify'], { env: { ...process.env, ...machine.env } }).status // biome-ignore format: one line

async function fresh(): Promise<Machine> {
  const machine = await makeMachine(persons)
  await fillStore(machine, persons)
  return machine
}

it(
  'killed before any change that it makes to a file, it goes on, and ends as if it had not been',
  async () => {
    const template = await fresh()
    const content = await contentOf(template, others)
    const whole = copyOf(template)
    const { changes } = await untilDone(whole, erasure(whole, 7))
    expect(changes).toBeGreaterThan(40)
    expect(foundIn(whole.folder, [7])).toEqual([])
    expect(await contentOf(whole, others)).toEqual(content)
    // in short one of the first run and one of the last
    const all = Array.from({ length: changes }, (_, change) => change)
    const points = isLong('gdpr') ? all : [0.3, 0.9].map(part => Math.floor(changes * part))
    const killed = async (killAt: number) => {
      const machine = copyOf(template)
      const { isKilled, stdout } = await untilDone(machine, erasure(machine, 7), { killAt })
      expect([killAt, isKilled, foundIn(machine.folder, [7])]).toEqual([killAt, true, []])
      expect([killAt, await contentOf(machine, others)]).toEqual([killAt, content])
      const { stores } = JSON.parse(receiptIn(stdout)[1] ?? '{}').receipt
      const left = stores.map(({ store, remaining }: { store: string; remaining: number }) => [store, remaining])
      expect(left).toEqual(['spool', 'embedded', 'log-files', 'audit'].map(store => [store, 0]))
      expect([killAt, verified(machine)]).toEqual([killAt, 0])
      rmSync(machine.folder, { recursive: true })
    }
    // two at a time: each is one process after another
    const lane = async (first: number) => {
      for (let at = first; at < points.length; at += 2) await killed(points[at]!)
    }
    await Promise.all([lane(0), lane(1)])
  },
  isLong('gdpr') ? 7_200_000 : 600_000,
)

describe('two erasures at once', { timeout: 300_000 }, () => {
  it('of one person, of another, and of the first again, end for both, and nobody else loses anything', async () => {
    const machine = await fresh()
    const before = await contentOf(machine, others.filter(person => person !== 8)) // biome-ignore format: one line
    const codes = (await Promise.all([7, 8, 7].map(person => gdpr(machine, erasure(machine, person))))).map(
      ({ code }) => code,
    )
    expect(codes).toEqual([3, 3, 3])
    await Promise.all([7, 8].map(person => untilDone(machine, erasure(machine, person), { aheadMs: 2 * MINUTE })))
    expect(foundIn(machine.folder, [7, 8])).toEqual([])
    expect(
      await contentOf(
        machine,
        others.filter(person => person !== 8),
      ),
    ).toEqual(before)
    expect(verified(machine)).toBe(0)
  })
})

describe('a store that is away', { timeout: 300_000 }, () => {
  it('keeps the request open with exit code 3; the next run ends it, and one more changes nothing', async () => {
    const machine = await fresh()
    const traceId = '000000000000000000000000000000ff'
    const langfuse = await startLangfuseServer({
      observations: [7, 8].map((person, n) => ({
        id: `o${n}`,
        traceId: traceId.replace('ff', `f${n}`),
        userId: idOf(person),
        startTime: new Date(),
      })),
    })
    const env = { LANGFUSE_HOST: langfuse.url, LANGFUSE_PUBLIC_KEY: 'pk-lf-1', LANGFUSE_SECRET_KEY: 'sk-lf-2' }
    Object.assign(machine.env, env)
    langfuse.refusals.push(...Array.from({ length: 50 }, () => ({ status: 503 })))
    const first = await gdpr(machine, [...erasure(machine, 7), '--json'])
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
      3,
      { status: 'partial', stores: { langfuse: { step: 'find', attempts: 1 }, audit: { found: 1 } } },
    ])
    expect((await gdpr(machine, ['status'])).code).toBe(3)
    langfuse.refusals.length = 0
    const done = await untilDone(machine, erasure(machine, 7), { aheadMs: 2 * MINUTE })
    const [, , hash] = receiptIn(done.stdout)
    expect(langfuse.batches).toEqual([[traceId.replace('ff', 'f0')]])
    expect((await gdpr(machine, ['status'], done.aheadMs)).code).toBe(0)

    const snapshot = () =>
      ['requests', 'logs', 'spool'].flatMap(name => filesIn(machine.at(name))).map(file => `${file} ${hashOf(file)}`)
    const before = snapshot()
    expect(before.length).toBeGreaterThan(2)
    const again = await gdpr(machine, erasure(machine, 7), done.aheadMs)
    expect([again.code, receiptIn(again.stdout)[2]]).toEqual([0, hash])
    expect(snapshot()).toEqual(before)
    await langfuse.close()
  })
})

const TWO_YEARS = 2 * 365 * 24 * 60 * MINUTE
const missing = [
  ['openssl', 'version'],
  ['jq', '--version'],
].filter(([command, version]) => spawnSync(command!, [version!]).status !== 0)
for (const [command] of missing) console.log(`skipped: ${command}: not installed`)

describe('a receipt', () => {
  let machine: Machine
  let text: string
  beforeAll(async () => {
    machine = await fresh()
    text = receiptIn((await untilDone(machine, erasure(machine, 7))).stdout)[1] ?? ''
  }, 300_000)

  it('verifies two years later, by its command and by OpenSSL, and one that was changed does not', async () => {
    const signed = JSON.parse(text)
    const publicKey = createPublicKey(readFileSync(machine.at('keys/gdpr.pem'))).export({ format: 'pem', type: 'spki' })
    writeFileSync(machine.at('public.pem'), publicKey)
    const verify = (receipt: object, ...args: string[]) => {
      writeFileSync(machine.at('receipt.json'), JSON.stringify(receipt))
      return gdpr(machine, ['verify', machine.at('receipt.json'), ...args], TWO_YEARS)
    }
    const forged = structuredClone(signed)
    forged.receipt.stores[0].found++
    const byOpenssl = (receipt: unknown) => {
      // numbers here are whole, so jq's order of members is that of RFC 8785
      const bytes = spawnSync('jq', ['-cSj', '.'], { input: JSON.stringify(receipt) }).stdout
      writeFileSync(machine.at('bytes'), bytes)
      writeFileSync(machine.at('signature'), Buffer.from(signed.signature, 'base64'))
      return spawnSync('openssl', ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', machine.at('public.pem'), '-sigfile', machine.at('signature'), '-in', machine.at('bytes')]).status // biome-ignore format: one line
    }
    expect(await verify(signed)).toMatchObject({ code: 0, stdout: 'ok\n' })
    expect(await verify(signed, '--public-key', machine.at('public.pem'))).toMatchObject({ code: 0, stdout: 'ok\n' })
    expect(await verify(forged)).toMatchObject({ code: 1, stdout: 'forged\n' })
    if (missing.length > 0) return
    expect([byOpenssl(signed.receipt), byOpenssl(forged.receipt)]).toEqual([0, 1])
  })

  it.skipIf(spawnSync('faketime', ['--version']).status !== 0)(
    'verifies when the whole machine is two years ahead',
    async () => {
      writeFileSync(machine.at('receipt.json'), text)
      const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
      const env = { ...process.env, ...machine.env }
      const later = (...args: string[]) =>
        spawnSync('faketime', ['-f', '+730d', process.execPath, ...args], { env, encoding: 'utf8' })
      const year = Number(later('-p', 'new Date().getUTCFullYear()').stdout)
      expect(year).toBe(new Date(Date.now() + TWO_YEARS).getUTCFullYear())
      expect(later(cli, 'gdpr', 'verify', machine.at('receipt.json'))).toMatchObject({ status: 0, stdout: 'ok\n' })
    },
  )
})

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
const filesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => !name.endsWith('.lock'))
    .map(name => path.join(folder, name))
