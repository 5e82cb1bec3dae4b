// Runs files of a suite by the runner that it is written for, and reads what that reports.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../support/packed'
import { runNode } from '../node-process'
import { type Results, resultsOf } from './results'

export interface Place {
  /** Of the suite; files are relative to it. */
  readonly folder: string
  readonly node: string
  readonly env: Readonly<Record<string, string>>
  /** For the report and the output. */
  readonly log: string
}

export type Run = (place: Place, files: readonly string[]) => Promise<Results>

/** A busy machine meets neither. */
const TEST_MS = 120_000
const SUITE_MS = 1_800_000

/** All files in one process, which ends when they have: some suites leave servers behind. */
export const mocha =
  (...options: string[]): Run =>
  (place, files) =>
    reported(place, readMocha, report => {
      const json = ['--reporter', 'json', '--reporter-option', `output=${report}`, '--timeout', `${TEST_MS}`, '--exit']
      return ['node_modules/mocha/bin/_mocha', ...json, ...options, ...files]
    })

/** A process for each file. */
export const nodeTest =
  (...options: string[]): Run =>
  (place, files) =>
    reported(place, readLines, report => {
      const reporter = path.join(root, 'test/conformance/suites/reporter.mjs')
      const json = [`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`]
      return [...options, '--test', '--test-concurrency=2', `--test-timeout=${TEST_MS}`, ...json, ...files]
    })

export const vitest =
  (...options: string[]): Run =>
  (place, files) =>
    reported(place, readVitest, report => {
      const json = ['--reporter=json', `--outputFile=${report}`, `--testTimeout=${TEST_MS}`]
      return ['node_modules/vitest/vitest.mjs', 'run', '--pool=forks', ...json, ...options, ...files]
    })

/** Node's own: each file alone, with the flags that it names. */
export const nodesOwn: Run = async (place, files) => {
  const tests: Test[] = []
  const log: string[] = []
  const turns = files.values()
  const work = async (_: unknown, thread: number) => {
    for (const file of turns) {
      const flags = /^\/\/ Flags: (.*)$/m.exec(readFileSync(path.join(place.folder, file), 'utf8'))?.[1] ?? ''
      const args = [...flags.split(/\s+/).filter(Boolean), file]
      const env = { ...place.env, TEST_THREAD_ID: `${thread}` }
      const { code, signal, stdout, stderr } = await runNode(place.node, args, place.folder, env, TEST_MS)
      const outcome = /^1\.\.0 # Skipped/m.test(stdout) ? 'skipped' : code === 0 ? 'passed' : 'failed'
      tests.push([file, '', outcome])
      if (outcome === 'failed')
        log.push(`--- ${file} ${code ?? signal}\n${stderr.slice(0, 4_000)}\n${stdout.slice(-1_000)}\n`)
    }
  }
  await Promise.all(Array.from({ length: 2 }, work))
  writeFileSync(place.log, log.join(''))
  return resultsOf(tests.sort())
}

type Test = readonly [file: string, title: string, outcome: Results[string]]

/** @param read gets the text of the report @param args get its path */
async function reported(place: Place, read: (text: string) => Test[], args: (report: string) => string[]) {
  const report = `${place.log}.report`
  rmSync(report, { force: true })
  const env = { ...place.env, PATH: `${path.dirname(place.node)}:${process.env.PATH}` }
  const { code, signal, stdout, stderr } = await runNode(place.node, args(report), place.folder, env, SUITE_MS)
  writeFileSync(place.log, `${code ?? signal}\n${stdout}\n${stderr}`)
  // an old mocha prints its report; where it has ended before, each test is missing
  const text = existsSync(report) ? readFileSync(report, 'utf8') : /^\{\n {2}"stats".*^\}$/ms.exec(stdout)?.[0]
  const tests = text ? read(text) : []
  return resultsOf(tests.map(([file, title, outcome]) => [path.relative(place.folder, file), title, outcome]))
}

function readMocha(text: string): Test[] {
  const report: Record<string, readonly { readonly file: string; readonly fullTitle: string }[]> = JSON.parse(text)
  const outcomes = { passes: 'passed', failures: 'failed', pending: 'skipped' } as const
  return Object.entries(outcomes).flatMap(([list, outcome]) =>
    report[list]!.map(({ file, fullTitle }): Test => [file, fullTitle, outcome]),
  )
}

const readLines = (text: string): Test[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))

interface Ended {
  readonly status: string
}

interface VitestReport {
  readonly testResults: readonly (Ended & {
    readonly name: string
    readonly assertionResults: readonly (Ended & { readonly fullName: string })[]
  })[]
}

function readVitest(text: string): Test[] {
  const { testResults } = JSON.parse(text) as VitestReport
  const outcomeOf = ({ status }: Ended) => (status === 'passed' || status === 'failed' ? status : 'skipped')
  return testResults.flatMap(file => [
    [file.name, '', outcomeOf(file)] as const,
    ...file.assertionResults.map(test => [file.name, test.fullName, outcomeOf(test)] as const),
  ])
}
