// Every client of the never-break suite, one form of each; `npm run conformance:never-break` has them all.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { root } from '../support/packed'

it('the real LLM clients do the same with us and without', { timeout: 900_000 }, () => {
  const command = ['test/conformance/run.mjs', 'never-break', '--quick']
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  const lines = stdout.trim().split('\n')
  for (const line of lines.filter(text => text.includes('skipped'))) console.log(line)
  const passed = / ok( \(headers by name and value\))?$|skipped|^sum/
  expect(lines.filter(line => !passed.test(line))).toEqual([])
  expect([status, stderr.replace(/^installing .*\n/, '')]).toEqual([0, ''])
})
