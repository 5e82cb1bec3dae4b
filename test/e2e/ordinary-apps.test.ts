// Random ordinary web apps beside stock OpenTelemetry as its users install it: the short form of `npm run conformance:apps`.
import { expect, it } from 'vitest'
import { runApps } from '../conformance/apps/runner'
import { fuzz } from '../conformance/fuzzed'
import { isLong } from '../support/long'

it('random apps have the spans and series that they have with OpenTelemetry as installed, and answer as without us', async () => {
  const { classes, line } = await runApps({ count: isLong('ordinary') ? 10_000 : 150, seed: 1, shrinks: true })
  console.log(line)
  expect(classes.map(({ name, example }) => `${name}\n${example}`)).toEqual([])
}, 3_000_000)

it('random apps that get garbage from their provider answer as without us, and nothing of ours is thrown', async () => {
  const { differences, calls, text } = await fuzz(isLong('ordinary') ? 1_000 : 25, 1, 1)
  console.log(text)
  expect(differences).toEqual([])
  expect(calls).toBeGreaterThan(20)
}, 3_000_000)
