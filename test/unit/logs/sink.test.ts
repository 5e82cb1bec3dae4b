// Where lines go, and what becomes of them where the disk does not take them: each has a number, and every number is counted. The
// full disk is a tmpfs of the kernel.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Loss, Sink } from '../../../src/app/logs/sink'
import type { LogClass } from '../../../src/shared/tiers'
import { onFullDisk } from '../../support/full-disk'

const DAY = 86_400_000
const start = Date.parse('2026-11-27T10:00:00Z')
const sinks: Sink[] = []
afterEach(() => {
  for (const sink of sinks.splice(0)) sink.close()
})

function open(folder: string, { maxBytes = 1e9, maxWaitingBytes = 64 * 2 ** 20 } = {}) {
  const failures: unknown[] = []
  const dropped: Record<string, number> = {}
  const reasons = new Set<Loss>()
  const sink = new Sink({
    placeOf: logClass => ({ folder, link: path.join(folder, `${logClass}.log`), maxBytes }),
    onOpen() {},
    onFailure: error => failures.push(error),
    onDropped: (logClass, lines, why) => {
      dropped[logClass] = (dropped[logClass] ?? 0) + lines
      reasons.add(why)
    },
    lossLine: (lines, why) => ({ line: `${JSON.stringify({ lost: lines, why })}\n`, at: start }),
    maxWaitingBytes,
  })
  sinks.push(sink)
  return { sink, failures, dropped, reasons }
}

const line = (n: number, text = '') => `${JSON.stringify({ n, text })}\n`
const files = (folder: string, logClass = '') =>
  readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.startsWith(logClass) && entry.name.endsWith('.log'))
    .map(entry => path.join(folder, entry.name))
/** Every line is whole JSON, or this throws. */
const numbers = (folder: string, logClass = ''): number[] =>
  files(folder, logClass)
    .flatMap(file => readFileSync(file, 'utf8').split('\n'))
    .filter(text => text !== '')
    .map(text => JSON.parse(text).n)
    .filter(n => n !== undefined)
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)
const sorted = (list: number[]) => [...list].sort((a, b) => a - b)

describe('files', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'afn-logs-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('a line is in the file of its own day when the call returns, also where the clock goes back', () => {
    const { sink } = open(folder)
    for (const [n, at] of [start, start + DAY, start + 40 * DAY, start, start - 1].entries()) {
      sink.write('info', line(n), at)
      const day = new Date(at).toISOString().slice(0, 10)
      expect(numbers(folder, `info-${day}`)).toContain(n)
    }
    expect(sorted(numbers(folder))).toEqual(upTo(5))
  })

  it('a file that has its size is followed by the next, and the link leads to the newest', () => {
    const { sink } = open(folder, { maxBytes: 1_000 })
    for (const n of upTo(300)) sink.write('error', line(n), start)
    expect(numbers(folder).length).toBe(300)
    expect(sorted(numbers(folder))).toEqual(upTo(300))
    const names = files(folder).map(file => path.basename(file))
    expect(names.length).toBeGreaterThan(5)
    const newest = readlinkSync(path.join(folder, 'error.log'))
    expect(readFileSync(path.join(folder, newest), 'utf8')).toContain('"n":299')
  })

  it('a file that somebody removes is followed by a new one within a second of the lines', () => {
    const { sink } = open(folder)
    sink.write('info', line(0), start)
    for (const file of files(folder)) rmSync(file)
    for (const n of upTo(50)) sink.write('info', line(n), start + 100 * n)
    expect(numbers(folder).at(-1)).toBe(49)
    expect(numbers(folder).length).toBeGreaterThan(30)
  })

  it('a warning stands among the information of its moment and in a file of its own', () => {
    const { sink } = open(folder)
    sink.write('info', line(0), start)
    sink.write('warn', line(1), start)
    expect([numbers(folder, 'info'), numbers(folder, 'warn')]).toEqual([[0, 1], [1]])
  })

  it('leaves what stands in the place of a link, and follows no link that somebody put in the place of a file', () => {
    writeFileSync(path.join(folder, 'info.log'), 'of somebody else\n')
    const { sink } = open(folder)
    sink.write('info', line(0), start)
    expect(readFileSync(path.join(folder, 'info.log'), 'utf8')).toBe('of somebody else\n')
    expect(numbers(folder, 'info-')).toEqual([0])
  })

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written is tried again', async () => {
    chmodSync(folder, 0o500)
    const { sink, failures } = open(folder)
    sink.write('info', line(0), start)
    expect(failures.length).toBeGreaterThan(0)
    chmodSync(folder, 0o700)
    await expect.poll(() => numbers(folder), { timeout: 20_000 }).toEqual([0])
  })

  it('a folder whose place a file has is tried again, and nothing is lost', async () => {
    const place = path.join(folder, 'logs')
    writeFileSync(place, '')
    const { sink, failures, dropped } = open(place)
    for (const n of upTo(100)) sink.write('info', line(n), start)
    expect(failures.length).toBeGreaterThan(0)
    rmSync(place)
    await expect
      .poll(() => (readdirSync(folder).length > 0 ? numbers(place) : []), { timeout: 20_000 })
      .toEqual(upTo(100))
    expect(dropped).toEqual({})
  })
})

onFullDisk('3m', disk => {
  let folder: string
  let ballast: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(disk.folder, 'logs-'))
    ballast = path.join(disk.folder, 'ballast')
  })
  afterEach(() => {
    for (const sink of sinks.splice(0)) sink.close()
    rmSync(folder, { recursive: true, force: true })
    rmSync(ballast, { force: true })
  })
  const fill = () => {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(64 * 1024), { flag: 'a' })
    } catch {
      // full
    }
  }

  it('takes every line when there is room again: none lost, none twice, none torn, all in order', async () => {
    const { sink, failures, dropped } = open(folder)
    for (const n of upTo(500)) sink.write('info', line(n, 'ö'.repeat(50)), start)
    fill()
    for (let n = 500; n < 20_000; n++) sink.write('info', line(n, 'ö'.repeat(50)), start)
    expect(failures.length).toBeGreaterThan(0)
    rmSync(ballast)
    for (let n = 20_000; n < 20_100; n++) sink.write('info', line(n), start)
    await expect.poll(() => numbers(folder).length, { timeout: 30_000 }).toBeGreaterThan(19_000)
    sink.flush()
    expect(numbers(folder)).toEqual(upTo(20_100))
    expect(dropped).toEqual({})
  })

  it('never has a part of a line in a file, however often it fills up and is freed', async () => {
    const { sink } = open(folder)
    let n = 0
    for (const _ of upTo(6)) {
      fill()
      for (const _ of upTo(300)) sink.write('error', line(n++, 'x'.repeat(n % 997)), start)
      const texts = files(folder).map(file => readFileSync(file, 'utf8'))
      for (const text of texts) expect(text === '' || text.endsWith('\n')).toBe(true)
      rmSync(ballast)
      sink.flush()
    }
    expect(numbers(folder)).toEqual(upTo(n))
  })

  it.each<[LogClass, LogClass]>([
    ['debug', 'info'],
    ['info', 'error'],
    ['error', 'audit'],
  ])('while it is full memory has its bound, and %s is lost before %s, the oldest first', async (less, more) => {
    fill()
    const maxWaitingBytes = 2 * 2 ** 20
    const { sink, dropped, reasons } = open(folder, { maxWaitingBytes })
    const text = 'x'.repeat(1_000)
    for (const n of upTo(500)) sink.write(more, line(n, text), start)
    const before = process.memoryUsage().arrayBuffers
    for (const n of upTo(40_000)) sink.write(less, line(n, text), start)
    // 40 MB were written; what is dropped is garbage for some time
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6)
    expect(Object.keys(dropped)).toEqual([less])
    expect([...reasons]).toEqual(['disk_full'])
    rmSync(ballast)
    sink.flush()
    await sleep(300)
    expect(numbers(folder, more).slice(0, 500)).toEqual(upTo(500))
    const rest = numbers(folder, less)
    expect(rest.length + (dropped[less] as number)).toBe(40_000)
    expect(rest).toEqual(upTo(40_000).slice(40_000 - rest.length))
    // the file says where lines are missing
    expect(
      files(folder, less)
        .map(file => readFileSync(file, 'utf8'))
        .join(''),
    ).toContain(`"lost":${dropped[less]}`)
  })
})
