// The whole TraceQL part of collector/queries, sent by `afn-otel query` to `afn-otel up`: the answers that were derived by
// hand for Tempo hold here.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerOf, check, namesOf, parametersOf } from '../support/ask'
import { type RunningUp, startUp } from '../support/up'
import { answers } from '../tempo/answers'
import { nameOf, requests } from '../tempo/traces'

let up: RunningUp
beforeAll(async () => {
  up = await startUp()
  const start = Math.floor(Date.now() / 1_000 - 12) * 1_000
  for (const { body } of requests(start)) expect((await up.post('traces', body)).status).toBe(200)
})
afterAll(() => up.stop())

// Five minutes are as long as a window may be whose step, 5 s, keeps the two calls of a conversation apart: they are 6 s apart.
it.each(namesOf('traceql'))('%s', async name => {
  const expected = answers[name]!
  check(await answerOf(['--tempo', up.url, '--since', '5m', name, ...parametersOf(expected)]), expected, nameOf)
})
