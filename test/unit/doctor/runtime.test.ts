// What the doctor says of the version of Node.js.
import { expect, it } from 'vitest'
import { runtime } from '../../../src/pipeline/doctor/app'

it.each([
  ['20.20.2', 'its release line reached end of life in April 2026'],
  ['22.23.5', 'is supported'],
  ['24.22.3', 'is supported'],
  ['25.9.0', 'is not tested; 22, 24 and 26 are'],
  ['26.12.1', 'is supported'],
  ['28.0.0', 'is not tested'],
])('Node.js %s: %s', (version, words) => {
  // a version is no fault of the app: nothing fails for it
  expect(runtime(version)).toMatchObject({ name: 'Node.js', ok: true, detail: expect.stringContaining(words) })
})
