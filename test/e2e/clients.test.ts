// The newest version of every client of the never-break suite, in one form each. `npm run test:long -- clients` takes every version,
// `npm run conformance:never-break` every form of it.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { isLong } from '../support/long'
import { root } from '../support/packed'

it('the real LLM clients do the same with us and without', { timeout: 900_000 }, () => {
  const command = ['test/conformance/run.mjs', 'never-break', '--quick', ...(isLong('clients') ? [] : ['--newest'])]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  for (const line of lines.filter(text => text.includes('skipped'))) console.log(line)
  const passed = / ok( \(headers by name and value\))?$|skipped|^sum/
  expect(lines.filter(line => !passed.test(line))).toEqual([])
  expect([status, stderr.replace(/^installing .*\n/, '')]).toEqual([0, ''])
})
