// What an attacker with the disk, and without the key ring, can do to an audit log. The truth is what each tampering did; the
// generator is seeded, and no finding is taken from the code under test.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Finding, FindingKind } from '../../../src/app/audit/order'
import { Random } from '../../support/random'
import { makeLog } from './log'

const ENTRIES = 60

type Expected = { kind: FindingKind; seq: number; to?: number }

/** Each changes the lines, and says what has to be found. `n` is the number of a line that is neither the first nor the last two. */
const tamperings: Record<string, (lines: string[], n: number, other: string) => Expected[]> = {
  'a letter of an entry is changed': (lines, n) => {
    lines[n] = lines[n]!.replace('"action":"thing.', '"action":"thinG.')
    return [{ kind: 'edited', seq: n }]
  },
  'a number in the code is changed': (lines, n) => {
    lines[n] = lines[n]!.replace(/"mac":"(.)/, (_, digit) => `"mac":"${digit === '0' ? '1' : '0'}`)
    return [{ kind: 'edited', seq: n }]
  },
  'the outcome is turned round': (lines, n) => {
    lines[n] = lines[n]!.replace('"outcome":"denied"', '"outcome":"success"')
    return [{ kind: 'edited', seq: n }]
  },
  'a ciphertext is replaced by that of another entry': (lines, n) => {
    const data = (line: string) => /"data":"[^"]+"/.exec(line)![0]
    lines[n] = lines[n]!.replace(data(lines[n]!), data(lines[n - 1]!))
    return [{ kind: 'edited', seq: n }]
  },
  'white space is put in, which no reader of JSON sees': (lines, n) => {
    lines[n] = lines[n]!.replace('","outcome"', '", "outcome"')
    return [{ kind: 'edited', seq: n }]
  },
  'a line is overwritten with rubbish': (lines, n) => {
    lines[n] = 'x'.repeat(lines[n]!.length)
    return [{ kind: 'edited', seq: n }]
  },
  'two lines that follow each other are changed': (lines, n) => {
    for (const line of [n, n + 1]) lines[line] = lines[line]!.replace('"thing.', '"thinG.')
    return [
      { kind: 'edited', seq: n },
      { kind: 'edited', seq: n + 1 },
    ]
  },
  'a line is taken out': (lines, n) => {
    lines.splice(n, 1)
    return [{ kind: 'deleted', seq: n }]
  },
  'five lines are taken out': (lines, n) => {
    lines.splice(n, 5)
    return [{ kind: 'deleted', seq: n, to: n + 4 }]
  },
  'the first line is taken out': lines => {
    lines.splice(0, 1)
    return [{ kind: 'deleted', seq: 0 }]
  },
  'a forged line is put in': (lines, n) => {
    lines.splice(n, 0, lines[n]!.replace('"thing.', '"thinG.'))
    return [{ kind: 'inserted', seq: n }]
  },
  'a genuine line of another chain is put in': (lines, n, other) => {
    lines.splice(n, 0, other)
    return [{ kind: 'inserted', seq: n }]
  },
  'an empty line is put in': (lines, n) => {
    lines.splice(n, 0, '')
    return [{ kind: 'inserted', seq: n }]
  },
  'a genuine line is put in again': (lines, n) => {
    lines.splice(n + 2, 0, lines[n]!)
    return [{ kind: 'repeated', seq: n }]
  },
  'two lines that follow each other change places': (lines, n) => {
    ;[lines[n], lines[n + 1]] = [lines[n + 1]!, lines[n]!]
    return [{ kind: 'reordered', seq: n + 1 }]
  },
  'two lines far from each other change places': (lines, n) => {
    const far = n + 7
    ;[lines[n], lines[far]] = [lines[far]!, lines[n]!]
    return [
      { kind: 'reordered', seq: far },
      { kind: 'reordered', seq: n },
    ]
  },
  'the last lines are taken out': lines => {
    const from = lines.length - 4
    lines.splice(from)
    return [{ kind: 'truncated', seq: from, to: from + 3 }]
  },
  'the end of the last line is cut off': lines => {
    const last = lines.length - 1
    lines[last] = lines[last]!.slice(0, -30)
    return [
      { kind: 'torn', seq: last },
      { kind: 'truncated', seq: last, to: last },
    ]
  },
}

it('100 tamperings are found, each by its kind and its entry', async () => {
  const log = makeLog()
  // a chain from before, of which a genuine line is taken
  const earlier = log.open()
  for (let n = 0; n < 3; n++) await earlier.record({ action: `thing.${n}`, actor: { id: 'ann' } })
  earlier.close()
  const [before] = readdirSync(log.folder).filter(name => name.startsWith('audit-'))
  const foreign = readFileSync(path.join(log.folder, before!), 'utf8').split('\n')[2]!
  const audit = log.open()
  for (let n = 1; n < ENTRIES; n++)
    audit.recordSync({ action: `thing.${n}`, outcome: 'denied', actor: { id: `person-${n % 7}`, name: `Nora ${n}` } })
  audit.close()
  expect(log.verify()).toMatchObject({ ok: true, findings: [], entries: ENTRIES + 4, unsigned: 0 })
  const name = readdirSync(log.folder).find(file => file.startsWith('audit-') && file !== before)!
  const file = path.join(log.folder, name)
  const chain = /-([\da-f]{8})\.log/.exec(name)![1]!
  const genuine = readFileSync(file, 'utf8')
  const random = new Random(20_261_127)
  const kinds = Object.entries(tamperings)

  const wrong: object[] = []
  for (let round = 0; round < 102; round++) {
    const [title, tamper] = kinds[round % kinds.length]!
    const lines = genuine.trimEnd().split('\n')
    const expected = tamper(lines, 2 + random.below(ENTRIES - 16), foreign)
    const isCut = expected.some(({ kind }) => kind === 'torn')
    writeFileSync(file, lines.join('\n') + (isCut ? '' : '\n'))
    const { ok, findings } = withDeadWriter(log.verify)
    const seen = findings.map(({ at: _, ...finding }: Finding) => finding)
    const whole = expected.map(finding => ({ ...finding, chain }))
    if (ok || !sameFindings(seen, whole)) wrong.push({ title, expected: whole, seen })
  }
  expect(wrong).toEqual([])
  writeFileSync(file, genuine)
  expect(log.verify().ok).toBe(true)
})

it('files and checkpoints that are gone, moved, or forged are found', async () => {
  const log = makeLog({ maxBytes: 4_000 })
  const audit = log.open()
  for (let n = 1; n < 40; n++) audit.recordSync({ action: `thing.${n}`, actor: { id: 'ann' } })
  audit.close()
  const files = readdirSync(log.folder).filter(name => name.startsWith('audit-'))
  expect(files.length).toBeGreaterThan(3)
  expect(log.verify()).toMatchObject({ ok: true, entries: 40, chains: 1 })
  const kept = `${log.folder}-kept`
  cpSync(log.folder, kept, { recursive: true, verbatimSymlinks: true })
  const restored = () => {
    rmSync(log.folder, { recursive: true })
    cpSync(kept, log.folder, { recursive: true, verbatimSymlinks: true })
  }
  const kinds = () => [...new Set(log.verify().findings.map(({ kind }) => kind))]

  rmSync(path.join(log.folder, files[1]!))
  expect(kinds(), 'a file in the middle is gone').toEqual(['deleted'])
  restored()
  rmSync(path.join(log.folder, files.find(name => !/\.\d+\.log$/.test(name))!))
  expect(kinds(), 'the first file is gone').toEqual(['deleted'])
  restored()
  for (const name of files) rmSync(path.join(log.folder, name))
  expect(log.verify().findings, 'the whole chain is gone').toMatchObject([{ kind: 'deleted', seq: 0, to: 39 }])
  restored()
  const [checkpoint] = readdirSync(log.checkpoints)
  const checkpointFile = path.join(log.checkpoints, checkpoint!)
  const signed = readFileSync(checkpointFile, 'utf8')
  writeFileSync(checkpointFile, signed.replace(/"seq":\d+/, '"seq":1000'))
  expect(kinds(), 'a checkpoint is forged').toContain('checkpoint')
  writeFileSync(checkpointFile, signed)
  expect(log.verify().ok).toBe(true)
})

it('who has the key ring and not the checkpoints cannot write the past anew', async () => {
  const log = makeLog()
  const honest = log.open()
  await honest.record({ action: 'money.transfer', actor: { id: 'mallory' } })
  honest.close()
  const [checkpoint] = readdirSync(log.checkpoints)
  const chain = /([\da-f]{8})\.log/.exec(checkpoint!)![1]!
  // the thief makes a chain by the same ring, under the name of the first one
  const forged = makeLog({ keys: log.keys })
  const thief = forged.open()
  await thief.record({ action: 'money.look', actor: { id: 'mallory' } })
  thief.close()
  const [name] = readdirSync(forged.folder).filter(file => file.startsWith('audit-'))
  const [file] = readdirSync(log.folder).filter(file => file.startsWith('audit-'))
  writeFileSync(path.join(log.folder, file!), readFileSync(path.join(forged.folder, name!)))
  const { ok, findings } = log.verify()
  expect(ok).toBe(false)
  expect(findings.every(finding => finding.chain === chain)).toBe(true)
})

/** A torn line of a process that still runs may be a line that it writes now: to these tests the writer is dead. */
function withDeadWriter<T>(verify: () => T): T {
  const { kill } = process
  process.kill = () => {
    throw Object.assign(new Error('dead'), { code: 'ESRCH' })
  }
  try {
    return verify()
  } finally {
    process.kill = kill
  }
}

function sameFindings(seen: object[], expected: object[]): boolean {
  const sorted = (findings: object[]) =>
    findings.map(finding => JSON.stringify(Object.entries(finding).sort(([a], [b]) => (a < b ? -1 : 1)))).sort()
  return JSON.stringify(sorted(seen)) === JSON.stringify(sorted(expected))
}
