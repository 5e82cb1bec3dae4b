// Foreign oracle: promtool of Prometheus 2.42 and 3.16 runs the tests that are generated with the rules.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { testFile } from '../../src/monitoring/slo/promtool-tests'
import { readSlos } from '../../src/monitoring/slo/read'
import { renderRules } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { findOldPromtool, findPrometheus, findVmalert } from '../support/binaries.mjs'
import { oddFiles } from './odd'

const newest = findPrometheus()
const oldest = findOldPromtool()
const promtools = {
  'promtool 3': 'missing' in newest ? undefined : newest.promtool,
  'promtool 2.42': 'missing' in oldest ? undefined : oldest.binary,
}
for (const [name, binary] of Object.entries(promtools))
  if (!binary) writeSync(1, `skipped: rules of SLOs at ${name}: see scripts/prepare-binaries.mjs\n`)

const vmalert = findVmalert()
if ('missing' in vmalert) writeSync(1, `skipped: rules of SLOs at vmalert: ${vmalert.missing}\n`)

const folder = mkdtempSync(path.join(tmpdir(), 'slo-scenes-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Of one file: its rules on one server and on two, and their tests. */
function written(name: string, text: string): { rules: string[]; tests: { at: string; isNative: boolean }[] } {
  const read = readSlos(text)
  expect(read.mistakes).toEqual([])
  const [rules, tests]: [string[], { at: string; isNative: boolean }[]] = [[], []]
  for (const placement of [{ days: 40 }, { days: 7, longDays: 40 }]) {
    if (read.slos.some(({ compat }) => compat === 'sloth') && placement.days === 7) continue
    const at = path.join(folder, name, String(placement.days))
    mkdirSync(at, { recursive: true })
    const { made, refused } = ruleFiles(read.slos, placement)
    expect(refused).toEqual([])
    for (const one of made) {
      for (const file of one.files) writeFileSync(path.join(at, file.name), renderRules('of a test', file.groups))
      rules.push(...one.files.map(file => path.join(at, file.name)))
      if (placement.days === 7) continue
      const test = testFile(one, ({ name }) => name, 'of a test')
      if (!test) throw new Error(`no series for ${one.slo.id}`)
      writeFileSync(path.join(at, test.name), test.content)
      tests.push({ at: path.join(at, test.name), isNative: test.isNative })
    }
  }
  return { rules, tests }
}

const compat = `compat: sloth\n${oddFiles["Sloth's own example, over 28 days"]?.replace('version', '\nversion').trim()}`
const everyFile = {
  'the five defaults': defaultSloFile(),
  ...oddFiles,
  "Sloth's own rules": compat,
}

describe.each(Object.entries(promtools).filter(([, binary]) => binary) as [string, string][])(
  '%s',
  (name, promtool) => {
    const isOld = name !== 'promtool 3'

    it.each(Object.entries(everyFile))('%s: the rules do in six scenes what the objective says', (title, text) => {
      const { rules, tests } = written(title.replace(/\W+/g, '-'), text)
      const check = spawnSync(promtool, ['check', 'rules', ...rules], { encoding: 'utf8' })
      expect([check.status, check.stderr]).toEqual([0, ''])
      const runnable = tests.filter(({ isNative }) => !(isNative && isOld)).map(({ at }) => at)
      if (runnable.length === 0) return
      const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', ...runnable], { encoding: 'utf8' })
      expect(
        `${stdout}${stderr}`.split('\n').filter(line => !/SUCCESS|test file: |^Unit Testing|^\s*$/.test(line)),
      ).toEqual([])
      expect(status).toBe(0)
    })
  },
)

it.skipIf('missing' in vmalert)('a second engine of rules takes them too: vmalert of VictoriaMetrics', () => {
  const all = Object.entries(everyFile).flatMap(
    ([title, text]) => written(`vm-${title.replace(/\W+/g, '-')}`, text).rules,
  )
  const { binary } = vmalert as { binary: string }
  // Debian's is of 2022, and does not know this field
  for (const file of all) writeFileSync(file, readFileSync(file, 'utf8').replace(/^ +keep_firing_for: .*\n/gm, ''))
  const { status, stderr } = spawnSync(binary, ['-dryRun', ...all.map(file => `-rule=${file}`)], { encoding: 'utf8' })
  expect(status, stderr.slice(-2_000)).toBe(0)
})
