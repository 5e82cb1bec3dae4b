// What a tag sets off, as far as it can be told without GitHub: the workflow is right by actionlint, runs commands that are there, and each
// action of others is a commit.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { BUILDKIT_VERSION, findActionlint } from '../support/binaries.mjs'
import { root } from '../support/packed'

interface Step {
  readonly uses?: string
  readonly run?: string
}

const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8')
const text = textOf('.github/workflows/release.yml')
const { env, jobs } = parse(text) as { env: Record<string, string>; jobs: Record<string, { steps: Step[] }> }
const steps = Object.values(jobs).flatMap(job => job.steps)
const manifest = JSON.parse(textOf('package.json'))
const actionlint = findActionlint()
if ('missing' in actionlint) writeSync(1, `skipped: the release workflow by actionlint: ${actionlint.missing}\n`)

it.skipIf('missing' in actionlint)('actionlint finds nothing in the workflows', () => {
  const { status, stdout, stderr } = spawnSync((actionlint as { binary: string }).binary, [], {
    cwd: root,
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
})

it('each action is named by a commit, which nobody can move, with its version beside it', () => {
  const uses = text.split('\n').filter(line => /^\s*(?:- )?uses:/.test(line))
  expect(uses.length).toBe(steps.filter(step => step.uses).length)
  for (const line of uses) expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})

it('the commands of ours that it runs are there', () => {
  const runs = steps.flatMap(step => step.run ?? [])
  const named = runs.flatMap(run => [...run.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name!))
  expect(named.filter(name => !Object.hasOwn(manifest.scripts, name))).toEqual([])
  expect(named).toEqual(expect.arrayContaining(['release:notes', 'build', 'images', 'docs']))
  const files = runs.flatMap(run => [...run.matchAll(/node (scripts\/\S+)/g)].map(([, file]) => file!))
  expect(files.filter(file => !existsSync(path.join(root, file)))).toEqual([])
})

it('it builds with the versions that the suites build with', () => {
  expect(env.BUILDKIT_VERSION).toBe(BUILDKIT_VERSION)
  expect(textOf('collector/Dockerfile')).toContain(`FROM golang:${env.GO_VERSION} `)
})

it('a release says what the changelog has of its version, and there is none for another tag', () => {
  const notes = (tag: string) =>
    spawnSync('npm', ['run', '--silent', 'release:notes', '--', tag], { cwd: root, encoding: 'utf8' })
  const { stdout } = notes(`v${manifest.version}`)
  expect(stdout.trim().length).toBeGreaterThan(100)
  expect(textOf('CHANGELOG.md')).toContain(stdout.trim())
  expect(stdout).not.toMatch(/^## /m)
  for (const tag of ['v99.0.0', manifest.version, ''])
    expect({ tag, ...notes(tag) }).toMatchObject({
      tag,
      status: 1,
      stdout: '',
      stderr: expect.stringContaining(`v${manifest.version}`),
    })
})
