// Node's own tests without and with us: the part of `npm run conformance:suites` that needs no sources but Debian's.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { isLong } from '../support/long'
import { findNodeTests } from '../support/node-tests.mjs'
import { root } from '../support/packed'

const major = '20'
const tests = isLong('suites') ? findNodeTests(major) : { missing: 'AFN_TEST_LONG=suites runs it' }
if ('missing' in tests) console.error(`skipped: Node's own tests: ${tests.missing}`)

it.skipIf('missing' in tests)("Node's own tests of HTTP end as they do without us", { timeout: 1_800_000 }, () => {
  const command = ['test/conformance/run.mjs', 'suites', 'node', '--node', major, '--files', 'parallel/test-https?-']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  expect({ status, differing: stdout.match(/^ +DIFFERS.*$/gm) ?? [] }, stderr).toEqual({ status: 0, differing: [] })
})
