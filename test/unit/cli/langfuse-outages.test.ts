// What the log of the proxy says of outages, by a clock of its own.
import { expect, it } from 'vitest'
import { outagesOf } from '../../../src/cli/langfuse/outages'

const SECOND = 1_000
const MINUTE = 60 * SECOND

function watched() {
  const said: string[] = []
  let now = 0
  const note = outagesOf(
    'http://lf',
    line => said.push(line),
    () => now,
  )
  /** A refusal each ten seconds. */
  const away = (ms: number, why = 'it answers 500') => {
    for (const end = now + ms; now < end; now += 10 * SECOND) note(why)
  }
  const well = (ms: number) => {
    note(undefined)
    now += ms
  }
  return { said, away, well }
}

it('an outage right after another one is said when it has lasted a minute, with its end', () => {
  const { said, away, well } = watched()
  away(30 * SECOND)
  well(5 * SECOND)
  away(30 * SECOND, 'it answers 401')
  well(5 * SECOND)
  expect(said).toHaveLength(2)
  away(92 * SECOND, 'ECONNREFUSED')
  well(0)
  expect(said.slice(2).join()).toMatch(/ECONNREFUSED.*accepts spans again/)
})

it('one that lasts is said each ten minutes with the number of refusals, and flapping once a minute at most', () => {
  const { said, away, well } = watched()
  away(60 * MINUTE)
  expect(said).toHaveLength(6)
  expect(said[5]).toMatch(/301 times in 50 min/)
  well(10 * MINUTE)
  said.length = 0
  for (let n = 0; n < 60; n++) {
    away(10 * SECOND)
    well(0)
  }
  expect(said.length).toBeLessThan(22)
})
