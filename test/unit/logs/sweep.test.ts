// What is kept, by the table of src/shared/tiers. GNU date counts the days.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sweep } from '../../../src/app/logs/sweep'
import { type LogClass, retention } from '../../../src/shared/tiers'

const classes = ['debug', 'info', 'warn', 'error', 'audit'] as const
const today = '2026-11-27'
const noon = Date.parse(`${today}T12:00:00Z`)
const days = (logClass: LogClass) => retention.logs[logClass]
/** The day so many days before today, by GNU date: one call for all. */
const daysBack = (count: number): string[] => {
  const dates = Array.from({ length: count }, (_, back) => `${today} UTC - ${back} days`).join('\n')
  return execFileSync('date', ['-u', '-f', '-', '+%F'], { input: dates, encoding: 'utf8' }).trim().split('\n')
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'afn-sweep-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const touch = (name: string) => writeFileSync(path.join(folder, name), '{}\n')
const kept = (logClass: string) =>
  readdirSync(folder)
    .filter(name => name.startsWith(`${logClass}-`))
    .map(name => name.slice(logClass.length + 1, logClass.length + 11))
    .sort()

it('removes a file the day after its last line has been kept as long as its class, none before and none later', async () => {
  const past = daysBack(740)
  for (const logClass of classes) for (const day of past) touch(`${logClass}-${day}-4711.log`)
  await sweep(folder, noon, days)
  // the first millisecond of the day and its last are the same day
  expect(await sweep(folder, Date.parse(`${today}T00:00:00.000Z`), days)).toEqual([])
  expect(await sweep(folder, Date.parse(`${today}T23:59:59.999Z`), days)).toEqual([])
  const oldest = { debug: 1, info: 7, warn: 30, error: 90, audit: 730 }
  for (const logClass of classes) expect(kept(logClass)).toEqual(past.slice(0, oldest[logClass] + 1).sort())
  const next = await sweep(folder, Date.parse('2026-11-28T00:00:00.000Z'), days)
  expect([...next].sort()).toEqual(classes.map(logClass => `${logClass}-${past[oldest[logClass]]}-4711.log`).sort())
})

it('judges by the name: a time that was set, a day of the future, and every part of every process', async () => {
  const names = ['info-2026-11-19-1.log', 'info-2026-11-19.3-1.log', 'info-2026-11-19-7t2.log']
  const staying = ['info-2031-01-01-1.log', 'info-2026-11-20-1.log']
  for (const name of [...names, ...staying]) touch(name)
  for (const name of names) utimesSync(path.join(folder, name), new Date('2030-01-01'), new Date('2030-01-01'))
  for (const name of staying) utimesSync(path.join(folder, name), new Date(0), new Date(0))
  expect([...(await sweep(folder, noon, days))].sort()).toEqual([...names].sort())
  for (const name of staying) expect(existsSync(path.join(folder, name))).toBe(true)
})

it('touches nothing that is not a log file of ours', async () => {
  const others = [
    'info-2020-02-30-1.log',
    'info-2020-01-01.log',
    'notes-2020-01-01-1.log',
    'info-2020-01-01-1.log.gz',
    'audit-2020-01-01-3f9a1c20.log',
    'audit-2020-01-01-12345678.log',
  ]
  for (const name of others) touch(name)
  symlinkSync('info-2020-02-30-1.log', path.join(folder, 'info-2020-01-02-1.log'))
  expect(await sweep(folder, noon, days)).toEqual([])
  expect(readdirSync(folder)).toHaveLength(others.length + 1)
})

it('leaves it to another process that sweeps, and takes over from one that has ended', async () => {
  touch('debug-2026-01-01-1.log')
  const lock = path.join(folder, '.sweeping')
  const { thisProcess } = await import('../../../src/shared/files/process')
  writeFileSync(lock, JSON.stringify(thisProcess()))
  expect(await sweep(folder, noon, days)).toEqual([])
  writeFileSync(lock, JSON.stringify({ ...thisProcess(), started: '1' }))
  expect(await sweep(folder, noon, days)).toEqual(['debug-2026-01-01-1.log'])
  expect(existsSync(lock)).toBe(false)
})
