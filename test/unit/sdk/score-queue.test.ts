// Scores that wait for LangFuse: which are sent again, and which are not.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Score } from '../../../src/app/llm/report/quality/score'
import { type Outcome, ScoreQueue } from '../../../src/app/sdk/score-queue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const score = (id: string, value = 1, comment?: string) => ({ id, value, comment, metadata: {} }) as unknown as Score
const taken: Outcome = { waiting: [], pauseMs: 0 }

/** @param answers in turn; the last for all that follow */
function queue(...answers: ((scores: readonly Score[]) => Outcome)[]) {
  const sent: string[][] = []
  let dropped = 0
  const made = new ScoreQueue({
    onDropped: () => dropped++,
    send: async scores => {
      sent.push(scores.map(({ id, value }) => `${id}=${value}`))
      return answers[Math.min(sent.length, answers.length) - 1]!(scores)
    },
  })
  return { queue: made, sent, dropped: () => dropped }
}
const away = (scores: readonly Score[]): Outcome => ({ waiting: scores, pauseMs: 30_000 })

it('scores are sent until they are taken, oldest first, one request at a time', async () => {
  const { queue: it, sent } = queue(away, away, () => taken)
  it.add(score('a'))
  await vi.advanceTimersByTimeAsync(1_000)
  it.add(score('b'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([['a=1'], ['a=1', 'b=1'], ['a=1', 'b=1']])
})

it('a correction replaces the score that it corrects, which is not sent after it', async () => {
  const { queue: it, sent } = queue(away, () => taken)
  it.add(score('a', 2))
  it.add(score('b', 2))
  await vi.advanceTimersByTimeAsync(1_000)
  it.add(score('a', 5))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([
    ['a=2', 'b=2'],
    ['b=2', 'a=5'],
  ])
})

it('only scores that may be taken later wait', async () => {
  const { queue: it, sent } = queue(
    scores => ({ waiting: scores.slice(1), pauseMs: 5_000 }),
    () => taken,
  )
  for (const id of ['bad', 'good']) it.add(score(id))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([['bad=1', 'good=1'], ['good=1']])
})

it('a flush sends scores once more and does not wait for the end of an outage', async () => {
  const { queue: it, sent } = queue(away, away, () => taken)
  it.add(score('a'))
  await it.flush()
  await it.flush()
  expect(sent).toEqual([['a=1'], ['a=1']])
  await it.flush()
  await it.flush()
  expect(sent).toHaveLength(3)
})

it('waiting scores are bounded by number and by size, and the excess is reported', async () => {
  const { queue: it, sent, dropped } = queue(away, () => taken)
  for (let n = 0; n < 3_000; n++) it.add(score(`${n}`))
  await it.flush()
  // those that wait already may be corrected
  it.add(score('2', 9))
  const before = dropped()
  expect(before).toBeGreaterThanOrEqual(3_000 - 2_048 - 100)
  await it.flush()
  expect(
    new Set(
      sent
        .slice(1)
        .flat()
        .map(line => line.split('=')[0]),
    ).size,
  ).toBe(3_000 - before)

  const large = 'x'.repeat(900_000)
  const full = queue(away)
  for (let n = 0; n < 12; n++) full.queue.add(score(`${n}`, 1, large))
  expect(full.dropped()).toBeGreaterThan(0)
  await full.queue.flush()
  for (const batch of full.sent) expect(batch).toHaveLength(1)
})
