// The Go tests of our own components of the Collector, where there is Go, and where its modules are: this Collector was built with it.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, inject, it } from 'vitest'
import { isLong } from '../support/long'

const folder = path.join(import.meta.dirname, '../../collector/components')
// the flags of the builder, or all of the Collector's packages would be compiled once more
const go = (...args: string[]) =>
  execFileSync('go', args, { cwd: folder, env: { ...process.env, CGO_ENABLED: '0' }, encoding: 'utf8' })

const hasGo = (() => {
  try {
    return go('version').length > 0
  } catch {
    return false
  }
})()

it.runIf(isLong('components') && hasGo && inject('collectorBinary') !== undefined)(
  'our own components of the Collector pass their tests and go vet',
  { timeout: 600_000 },
  () => {
    go('vet', '-trimpath', './...')
    expect(go('test', '-trimpath', './...')).not.toMatch(/^(?:---|FAIL)/m)
  },
)
