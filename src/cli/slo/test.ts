// `afn-otel slo test`: has promtool check the rules of each SLO, and run the tests that are generated with them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { testFile } from '../../slo/promtool-tests'
import { renderRules } from '../../slo/rule-file'
import { type RulesOfSlo, ruleFiles } from '../../slo/rule-files'
import { helpOption, print } from '../help'
import { plainText } from '../terminal'
import { placementOf, readAndSay } from './files'

const help = `Usage: afn-otel slo test [FILE…] [--retention 32d] [--promtool PATH]

Makes the rules and their tests in a folder of its own, and has Prometheus' promtool run them: whether it accepts the rules, and
what they do in six scenes: healthy, slow burn, fast burn, recovery, no traffic, missing metric.

--retention 32d   as for afn-otel slo generate
--promtool PATH   [PROMTOOL_BIN, else that of PATH]

Exit codes: 0 all passed; 1 an SLO has a mistake, a test failed, or there is no promtool; 2 the command is not right.`

/** @returns the exit code, as `help` says */
export async function test(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    options: { retention: { type: 'string' }, promtool: { type: 'string' }, ...helpOption },
    allowPositionals: true,
  })
  if (values.help) return print(help)
  const placement = placementOf(values.retention)
  const { slos, mistakes } = readAndSay(positionals)
  const { made, refused } = ruleFiles(slos, placement)
  for (const reason of refused) console.error(plainText(reason))
  const promtool = promtoolAt(values.promtool || process.env.PROMTOOL_BIN || 'promtool')
  if (!promtool) {
    console.error(
      'There is no promtool: it comes with Prometheus. Put it on PATH, or name it with --promtool or PROMTOOL_BIN. Nothing was tested.',
    )
    return 1
  }
  const failed = made.filter(rules => !passes(rules, promtool)).length
  return mistakes.length + refused.length + failed === 0 ? 0 : 1
}

interface Promtool {
  readonly binary: string
  /** Version 2 can't read native histograms in a test. */
  readonly isOld: boolean
}

function promtoolAt(binary: string): Promtool | undefined {
  const { status, stdout, stderr } = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return status === 0 ? { binary, isOld: /version 2\./.test(`${stdout}${stderr}`) } : undefined
}

function passes(rules: RulesOfSlo, { binary, isOld }: Promtool): boolean {
  const { id } = rules.slo
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-otel-slo-'))
  try {
    mkdirSync(path.join(folder, 'tests'))
    const files = rules.files.map(file => path.join(folder, file.name))
    for (const [at, file] of rules.files.entries())
      writeFileSync(files[at]!, renderRules('of afn-otel slo test', file.groups))
    const run = (...args: string[]) => spawnSync(binary, args, { encoding: 'utf8' })
    const check = run('check', 'rules', ...files)
    if (check.status !== 0) return fails(id, 'promtool refuses its rules', check.stdout + check.stderr, folder)
    const test = testFile(rules, '../', 'of afn-otel slo test')
    if (!test) return passed(id, 'rules are accepted; its query is no quotient of counters, so no test is generated')
    if (test.isNative && isOld)
      return passed(id, 'rules are accepted; promtool 2 can’t read native histograms in tests, so none was run')
    writeFileSync(path.join(folder, 'tests', test.name), test.content)
    const { status, stdout, stderr } = run('test', 'rules', path.join(folder, 'tests', test.name))
    return status === 0 ? passed(id, 'six scenes') : fails(id, 'a scene failed', stdout + stderr, folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function passed(id: string, what: string): true {
  console.log(`ok      ${id}: ${what}`)
  return true
}

function fails(id: string, what: string, said: string, folder: string): false {
  console.log(`failed  ${id}: ${what}`)
  console.error(plainText(said.replaceAll(folder, '.').trim()).replace(/^/gm, '        '))
  return false
}
