// The newest clients against providers under their own names, whose answers are made of facts by the providers' types: a part of the cases
// on the Node.js at hand and on 24. `npm run test:long -- wire` takes all of them on 20, 22, 24 and 26, as `npm run conformance:wire` does.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { isLong } from '../support/long'
import { root } from '../support/packed'

it("the newest clients' calls are told once each, with the tokens, cost and finish of their answers", {
  timeout: 3_600_000,
}, () => {
  const command = ['test/conformance/run.mjs', 'wire', ...(isLong('wire') ? [] : ['--quick'])]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' })
  for (const line of stdout.split('\n').filter(text => text.includes('skipped'))) console.log(line)
  expect([status, stderr.replaceAll(/^installing .*\n/gm, '')], stdout).toEqual([0, ''])
})
