import path from 'node:path'
import { it } from 'vitest'
import { bundled } from '../../adversary/bundled'
import { expectNothingDear, TIMEOUT } from '../../adversary/expect'
import { redaction } from '../../adversary/redact.mjs'

const root = path.resolve(import.meta.dirname, '../../..')
const { redact } = await bundled<typeof import('../../../src/redact')>(`export * from './src/redact'`)

/** Five, with room for a busy machine: half of the texts that services write cost twice as much as the others. */
const BAR = 8

it(
  'no text costs redaction much more than what services write',
  async () => {
    await expectNothingDear(redaction(root, redact), BAR)
  },
  TIMEOUT,
)
