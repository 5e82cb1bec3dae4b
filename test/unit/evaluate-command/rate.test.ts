// Rating of many cases at once.
import { expect, it } from 'vitest'
import { type Rating, rateAll } from '../../../src/cli/evaluate/rate'
import type { Case } from '../../../src/cli/evaluate/read-dataset'

const passed: Rating = { verdict: 'pass', score: 1, label: null, explanation: null }

it('a report lists cases in the order in which the model that judges answered, not in that of the dataset', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `case-${index + 1}`)
  const cases = ids.map(id => ({ id }) as Case)
  const answers = new Map(ids.map(id => [id, []]))
  const waiting: (() => void)[] = []
  const rater = {
    name: 'politeness',
    // the last one asked is the first one answered
    rate: () =>
      new Promise<Rating>(resolve => {
        waiting.push(() => resolve(passed))
        setImmediate(() => waiting.pop()?.())
      }),
  }
  const { byCase } = await rateAll(rater, cases, answers)
  expect([...byCase.keys()]).toEqual(ids)
})
