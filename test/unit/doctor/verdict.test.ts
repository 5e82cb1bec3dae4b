// The first line of `afn-otel doctor`, over checks as the other files make them.
import { expect, it } from 'vitest'
import { checksOf } from '../../../src/pipeline/doctor/check'
import { verdictOf } from '../../../src/pipeline/doctor/verdict'

const app = checksOf('app')
const refused = (signal: string) =>
  app.fails(signal, `http://localhost:4318/v1/${signal} rejects them (ECONNREFUSED); start a Collector`)
const started = { state: 'started' } as const

it.each([
  [[app.holds('preload', 'started'), app.holds('traces', 'answer')], 'The app is traced, and all checks hold.'],
  [
    [refused('traces'), refused('metrics'), refused('logs')],
    'The app is traced, but nothing listens on http://localhost:4318. To see its traces here: npx afn-otel run app.js',
  ],
  [
    [app.fails('traces', 'https://x/v1/traces rejects them (401)'), app.holds('logs', 'answer')],
    'The app is traced, but its traces do not arrive: see below.',
  ],
  [
    [checksOf('Tempo').fails('reachable', 'no'), checksOf('settings').fails('names', 'AFN_X')],
    'The app is traced; to fix: Tempo, reachable and 1 more.',
  ],
])('leaves what the checks come to to the reader: %#', (checks, verdict) => {
  expect(verdictOf(checks, started)).toBe(verdict)
})

it('says of an app without the SDK that it is traced', () => {
  const checks = [app.fails('preload', 'not started (disabled: OTEL_SDK_DISABLED)'), refused('traces')]
  expect(verdictOf(checks, { state: 'stood-down' })).toBe(
    'The app is not traced: not started (disabled: OTEL_SDK_DISABLED).',
  )
})
