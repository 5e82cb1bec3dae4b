// Node's own tests without and with us: the part of `npm run conformance:suites` that needs no sources but Debian's.
import { expect, it } from 'vitest'
import { runNode } from '../conformance/node-process'
import { isLong } from '../support/long'
import { findNodeTests } from '../support/node-tests.mjs'
import { root } from '../support/packed'

const major = '20'
const limitMs = 1_800_000
const tests = isLong('suites') ? findNodeTests(major) : { missing: 'AFN_TEST_LONG=suites runs it' }
if ('missing' in tests) console.error(`skipped: Node's own tests: ${tests.missing}`)

it.skipIf('missing' in tests)("Node's own tests of HTTP end as they do without us", { timeout: limitMs }, async () => {
  const args = ['test/conformance/run.mjs', 'suites', 'node', '--node', major, '--files', 'parallel/test-https?-']
  const env = process.env as Record<string, string>
  const { code, stdout, stderr } = await runNode(process.execPath, args, root, env, limitMs)
  expect({ code, differing: stdout.match(/^ +DIFFERS.*$/gm) ?? [] }, stderr).toEqual({ code: 0, differing: [] })
})
