// The alerts of `afn-otel up` without a Prometheus: what an app's metrics say, on the terminal and over HTTP.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { AlertsAnswer } from '../../src/backend/api/alert-answers'
import { metricsUntil, requests, sloFile } from '../prometheus/burning'
import { type RunningUp, startUp, upFolder } from '../support/up'

let up: RunningUp
afterEach(() => up.stop())

const alerts = async (): Promise<AlertsAnswer> => (await fetch(`${up.url}/api/afn/alerts`)).json()
/** Names of those that fire. */
const firing = async (): Promise<string[]> =>
  (await alerts()).alerts.filter(({ state }) => state === 'firing').map(({ name }) => name)
/** Rules are evaluated at whole minutes. */
const patiently = { timeout: 100_000, interval: 1_000 }

it('an alert fires when the budget burns, with a line on the terminal, and goes on for some minutes after that', async () => {
  const folder = upFolder()
  writeFileSync(path.join(folder, 'slo.yaml'), sloFile)
  up = await startUp(['--memory'], { folder })
  const now = Date.now()
  for (const request of requests(now)) expect((await up.post('metrics', request)).status).toBe(200)
  await expect.poll(firing, patiently).toEqual(['AvailabilityFastBurn', 'AvailabilityMediumBurn'])
  const { by, objectives, problems } = await alerts()
  expect([by, problems]).toEqual(['up', []])
  expect(objectives.map(({ id, state }) => [id, state])).toEqual([
    ['fast-availability', 'rated'],
    ['fast-by-query', 'rated'],
  ])
  expect(up.stderr()).toMatch(
    /^afn-otel up: alert firing: AvailabilityFastBurn \(critical, fast\): fast: 5% of availability events/m,
  )

  // a second process answers a million requests within the shortest window
  await up.post('metrics', metricsUntil('fast', Date.now() - 60_000, Date.now(), { ok: 1_000_000, failed: 0 }))
  const isRecovered = async () =>
    (await alerts()).objectives.some(
      ({ id, figures }) => id === 'fast-availability' && (figures?.events ?? 0) > 1_000_000,
    )
  await expect.poll(isRecovered, patiently).toBe(true)
  expect(await firing()).toEqual(['AvailabilityFastBurn', 'AvailabilityMediumBurn'])
  expect(up.stderr()).not.toContain('resolved')
})

it('a mistake in slo.yaml is said with its place, and takes no other objective down', async () => {
  const folder = upFolder()
  writeFileSync(path.join(folder, 'slo.yaml'), sloFile.replace('objective: 99\n', 'objective: 101\n'))
  up = await startUp(['--memory'], { folder })
  const { objectives, problems } = await alerts()
  expect(objectives.map(({ id }) => id)).toEqual(['fast-availability'])
  expect(problems).toEqual([expect.stringMatching(/^slo\.yaml:13:16 .*101/)])
  expect(up.stderr()).toBe(`afn-otel up: ${problems[0]}\n`)
})

it('without slo.yaml the five objectives of the package wait for events, and nothing fires', async () => {
  up = await startUp()
  const { objectives, alerts: raised } = await alerts()
  expect(objectives.map(({ name, state }) => `${name} ${state}`)).toEqual([
    'availability no_events',
    'latency-p95 no_events',
    'http-errors no_events',
    'llm-errors no_events',
    'llm-quality no_events',
  ])
  expect([raised, up.stderr()]).toEqual([[], ''])
})
