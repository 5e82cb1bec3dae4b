// `afn-otel evaluate` of the packed package: versions of an app as processes, and evaluators of a file.
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { makeApp } from '../support/packed'
import { type Run, run } from '../support/run'

/** Answers as its argument says; logs on stdout, as apps do. */
const app = `
  const lines = require('node:readline').createInterface({ input: process.stdin })
  const [, , version, seen] = process.argv
  console.log('version ' + version + ' started')
  let n = 0
  lines.on('line', line => {
    if (seen) require('node:fs').appendFileSync(seen, line + '\\n')
    const { id, messages } = JSON.parse(line)
    const question = messages.at(-1).parts[0].content
    const say = output => console.log(JSON.stringify({ id, output }))
    n++
    if (version === 'brief') say('Order ' + question.slice(-2) + ' left today.')
    else if (version === 'long') say('Well, '.repeat(30) + 'order ' + question.slice(-2) + ' left today.')
    else if (version === 'messages') say([{ role: 'assistant', parts: [{ type: 'text', content: 'Order ' + question.slice(-2) + ' left today.' }] }])
    else if (version === 'half' && n % 2) say('Order ' + question.slice(-2) + ' left today.')
    else if (version === 'half') console.log(JSON.stringify({ id, error: 'model is down' }))
    else if (version === 'hangs') setInterval(() => {}, 1000)
    else process.exit(7)
  })`

const caseOf = (n: number) => ({
  id: `case-${n}`,
  model: 'gpt-5-mini',
  messages: [{ role: 'user', parts: [{ type: 'text', content: `Where is order A${n}` }] }],
  output: [{ role: 'assistant', parts: [{ type: 'text', content: `Order A${n} left today.` }] }],
  expected: `Order A${n} left today.`,
  scores: [{ name: 'secret', verdict: 'fail' }],
})

let folder: string
const evaluate = (args: string[], env: Record<string, string> = {}): Promise<Run> =>
  run(folder, ['node_modules/@afn/otel/dist/cli.cjs', 'evaluate', ...args], {
    env: { PATH: process.env.PATH!, ...env },
  })
const node = (version: string) => `"${process.execPath}" app.cjs ${version}`

beforeAll(() => {
  folder = makeApp({
    files: {
      'app.cjs': app,
      'cases.jsonl': Array.from({ length: 9 }, (_, n) => JSON.stringify(caseOf(n + 1))).join('\n'),
      'evaluators.yaml':
        'version: 1\nevaluators:\n  - { name: short, type: length, max: 20, rate: 0, per_hour: 0 }\n  - { name: other, type: length, max: 1, when: { model: claude-* } }\n',
    },
    modules: {},
  })
})

it('a worse version is not found, or its cases are not named', async () => {
  const args = ['--dataset', 'cases.jsonl', '--evaluators', 'evaluators.yaml', '--run', node('long'), '--against', node('brief')] // biome-ignore format: one command
  const { code, stdout, stderr } = await evaluate(args)
  expect(stdout).toBe(
    [
      'short: Worse (9 cases, 0 better, 9 worse, p = 0.004); passed 100 % → 0 %, difference −100 points, 95 % interval −100 to −58',
      '  worse: case-1 case-2 case-3 case-4 case-5 case-6 case-7 case-8 case-9',
      'other: Nothing to compare (no case was rated in both versions)',
      '',
    ].join('\n'),
  )
  expect(stderr).toBe('version brief started\nversion long started\n')
  expect(code).toBe(1)
}, 60_000)

it('the same answers as recorded are a difference, or the app is told what is expected', async () => {
  const { code, stdout } = await evaluate(['--dataset', 'cases.jsonl', '--expected', '--run', `${node('messages')} seen.jsonl`, '--json']) // biome-ignore format: one command
  expect(code).toBe(0)
  const { cases, baseline, comparisons, ratings } = JSON.parse(stdout)
  expect({ cases, baseline }).toEqual({ cases: 9, baseline: { command: null, errors: {} } })
  expect(comparisons).toMatchObject([
    { evaluator: 'expected', measure: 'verdict', pairs: 9, better: 0, worse: 0, p: 1, finding: 'no difference' },
  ])
  expect(ratings[0].candidate['case-1']).toMatchObject({ verdict: 'pass' })
  const seen = readFileSync(path.join(folder, 'seen.jsonl'), 'utf8')
  expect(seen.trim().split('\n')).toHaveLength(9)
  expect(seen).not.toMatch(/left today|secret/)
}, 60_000)

it('cases without an answer are passed over in silence', async () => {
  const { code, stdout, stderr } = await evaluate(['--dataset', 'cases.jsonl', '--expected', '--run', node('half')])
  expect(stderr).toContain('left 4 of 9 cases without an answer (exit code 0; model is down)')
  expect(stdout).toContain('answered: No difference seen (9 cases, 0 better, 4 worse, p = 0.25)')
  expect(stdout).toContain('expected: No difference seen (5 cases, 0 better, 0 worse, p = 1.00)')
  expect(stdout).toContain('p is adjusted for 2 comparisons (Holm)')
  expect(code).toBe(0)
}, 60_000)

it('an app that answers nothing, or never ends, is taken for no worse', async () => {
  const args = ['--dataset', 'cases.jsonl', '--expected', '--run']
  const dies = await evaluate([...args, node('dies')])
  expect(dies).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('answered none of 9 cases (exit code 7)') }) // biome-ignore format: one line
  const hangs = await evaluate([...args, node('hangs'), '--timeout', '2'])
  expect(hangs).toMatchObject({ code: 2, stderr: expect.stringContaining('answered none of 9 cases (stopped after 2 s)') }) // biome-ignore format: one line
}, 60_000)

it('mistakes of a dataset or of evaluators are not told all at once with their places', async () => {
  writeFileSync(
    path.join(folder, 'bad.jsonl'),
    `${JSON.stringify(caseOf(1))}\n{"id": "x"}\nno\n${JSON.stringify(caseOf(1))}\n{"id":"y","messages":[{"role":"user","parts":"hi"}]}\n`,
  )
  const { code, stderr } = await evaluate(['--dataset', 'bad.jsonl', '--expected', '--run', node('brief')])
  expect(code).toBe(2)
  expect(stderr.match(/bad\.jsonl:\d: \w+/g)).toEqual([
    'bad.jsonl:2: messages',
    'bad.jsonl:3: no',
    'bad.jsonl:4: id',
    'bad.jsonl:5: messages',
  ])
  writeFileSync(
    path.join(folder, 'bad.yaml'),
    'version: 1\nevaluators:\n  - { name: a, type: lenght }\n  - { type: refusal }\n',
  )
  const evaluators = await evaluate(['--dataset', 'cases.jsonl', '--run', node('brief'), '--evaluators', 'bad.yaml'])
  expect(evaluators).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.yaml:3:\d+ .*\n.*bad\.yaml:4:\d+ /) })
  const none = await evaluate(['--dataset', 'cases.jsonl', '--run', node('brief')])
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --evaluators FILE') })
  const missing = await evaluate(['--dataset', 'no.jsonl', '--run', node('brief'), '--expected'])
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no.jsonl is no file; write a dataset with'),
  })
}, 60_000)

it('a model that judges is not asked about each answer of both versions, or its scores are lost', async () => {
  const asked: string[] = []
  const instructed: string[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const { messages } = JSON.parse(body)
    asked.push(messages[1].content)
    instructed.push(messages[0].content)
    const { answer } = JSON.parse(messages[1].content)
    const content = JSON.stringify({ explanation: 'by its length', score: answer.length > 60 ? 2 : 4 })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [{ message: { content } }] }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  writeFileSync(
    path.join(folder, 'judge.yaml'),
    `version: 1\nevaluators:\n  - { name: helpful, type: judge, model: m, rubric: is it good, min: 1, max: 5, url: 'http://127.0.0.1:${port}/v1' }\n`,
  )
  const { code, stdout } = await evaluate(['--dataset', 'cases.jsonl', '--run', node('long'), '--evaluators', 'judge.yaml']) // biome-ignore format: one command
  expect(asked).toHaveLength(18)
  // what somebody wrote as the expected answer is told; the recorded answer is not held against itself
  expect(asked.every(one => JSON.parse(one).expected.endsWith('left today.'))).toBe(true)
  expect(instructed.every(one => one.includes('"expected" is an answer that counts as right'))).toBe(true)
  const lines = Array.from({ length: 9 }, (_, n) => JSON.stringify({ ...caseOf(n + 1), expectedFrom: 'answer' }))
  writeFileSync(path.join(folder, 'recorded.jsonl'), lines.join('\n'))
  asked.length = instructed.length = 0
  await evaluate(['--dataset', 'recorded.jsonl', '--run', node('long'), '--evaluators', 'judge.yaml'])
  expect(asked.some(one => 'expected' in JSON.parse(one))).toBe(false)
  expect(instructed.some(one => one.includes('expected'))).toBe(false)
  await evaluate(['--dataset', 'recorded.jsonl', '--run', node('long'), '--against', node('brief'), '--evaluators', 'judge.yaml']) // biome-ignore format: one command
  expect(asked.filter(one => 'expected' in JSON.parse(one))).toHaveLength(18)
  expect(stdout).toBe(
    [
      'helpful (score): Worse (9 cases, 0 better, 9 worse, p = 0.008); mean score 0.75 → 0.25, median difference −0.50, 95 % interval −0.50 to −0.50',
      '  worse: case-1 case-2 case-3 case-4 case-5 case-6 case-7 case-8 case-9',
      'helpful (mean): Worse (9 cases, 0 better, 9 worse, p = 0.008); mean score 0.75 → 0.25, difference −0.50, 95 % interval −0.50 to −0.50',
      'p is adjusted for 2 comparisons (Holm)',
      '',
    ].join('\n'),
  )
  expect(code).toBe(1)
}, 60_000)
