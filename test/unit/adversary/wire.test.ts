// What others write and we read: no text costs much more than what comes all day.
import { describe, it } from 'vitest'
import { bundled } from '../../adversary/bundled'
import { expectNothingDear, TIMEOUT } from '../../adversary/expect'

const { surfaces } = await bundled<typeof import('../../adversary/surfaces')>(
  `export * from './test/adversary/surfaces'`,
)

describe.each(surfaces)('$name', ({ surface, lengths, seconds }) => {
  it('has no text that costs much more than another of its length', { timeout: TIMEOUT }, async () => {
    await expectNothingDear(await surface(), { lengths, seconds })
  })
})
