import path from 'node:path'
import { it } from 'vitest'
import { bundled } from '../../adversary/bundled'
import { expectNothingDear, TIMEOUT } from '../../adversary/expect'
import { redaction } from '../../adversary/redact.mjs'

const root = path.resolve(import.meta.dirname, '../../..')
const { redact } = await bundled<typeof import('../../../src/shared/redact')>(`export * from './src/shared/redact'`)

it(
  'no text costs redaction much more than what services write',
  async () => {
    await expectNothingDear(redaction(root, redact))
  },
  TIMEOUT,
)
