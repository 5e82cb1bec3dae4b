/** Verifies an audit log: every line, their order, and what checkpoints and later chains know about it. */
import type { KeyObject } from 'node:crypto'
import path from 'node:path'
import { linesOf } from '../../shared/files/lines'
import { mayRun, type Writer } from '../../shared/files/process'
import { type Checkpoint, readCheckpoints } from './checkpoint'
import { fieldsOf, GENESIS, isGenuine, type Line, readLine } from './entry'
import { type AuditFile, checkpointFilesIn, filesIn } from './files'
import type { KeyRing } from './keys'
import { type Finding, lastOf, type Marks, Order } from './order'
import type { SweptFile } from './sweep'
import { headOf } from './tail'

export interface VerifyOptions {
  readonly folder: string
  /** Folder of the checkpoints. */
  readonly checkpoints: string
  readonly keys: KeyRing['keys']
  readonly publicKey: KeyObject
  /** Chains that ended earlier than this may be missing altogether. Days. */
  readonly retentionDays: number
  readonly now: number
}

export interface VerifyReport {
  /** Whether there are no findings. */
  readonly ok: boolean
  readonly entries: number
  readonly chains: number
  /** In the order of chains and lines. */
  readonly findings: readonly Finding[]
  /** Persons whose keys were deleted. */
  readonly erased: readonly {
    readonly chain: string
    readonly seq: number
    readonly time: string
    readonly person: string
  }[]
  /** Number of incomplete lines that were removed after a crash. */
  readonly repaired: number
  /** Files that were removed after their retention. */
  readonly swept: readonly SweptFile[]
  /** Number of lines after the last checkpoint, which somebody with the key ring could remove unnoticed. */
  readonly unsigned: number
}

/** The result for one chain. */
interface Chain {
  readonly order: Order
  readonly signed: number
  entries: number
}

/** @throws errors of the file system */
export function verifyLog(options: VerifyOptions): VerifyReport {
  const chains = byChain(filesIn(options.folder))
  const { marks, findings, checkpointed } = readMarks(options, chains)
  const report = { erased: [] as VerifyReport['erased'][number][], repaired: 0, swept: [] as SweptFile[] }
  const read = new Map<string, Chain>()
  for (const [chain, ofChain] of chains) {
    const order = new Order(chain, marks.get(chain) ?? new Map())
    const known: Chain = { order, signed: checkpointed.get(chain)?.seq ?? -1, entries: 0 }
    read.set(chain, known)
    readChain(ofChain, options, known, line => note(line, report))
  }
  const swept = new Map(report.swept.map(file => [`${file.chain} ${file.to}`, file]))
  for (const [chain, { order }] of read) {
    findings.push(...order.findings, ...withoutBeginning(chain, order, swept))
  }
  findings.push(...goneChains(marks, read, report.swept, checkpointed, options))
  return {
    ok: findings.length === 0,
    entries: sum([...read.values()].map(({ entries }) => entries)),
    chains: chains.size,
    findings,
    ...report,
    unsigned: sum([...read.values()].map(({ order, signed }) => Math.max(0, order.length - 1 - signed))),
  }
}

function byChain(files: readonly AuditFile[]): Map<string, AuditFile[]> {
  const chains = new Map<string, AuditFile[]>()
  for (const file of files) {
    const ofChain = chains.get(file.chain)
    if (ofChain) ofChain.push(file)
    else chains.set(file.chain, [file])
  }
  return chains
}

/** The known codes of each chain, from checkpoints and from the first lines of later chains. */
function readMarks({ checkpoints: folder, publicKey, keys }: VerifyOptions, chains: Map<string, AuditFile[]>) {
  const marks = new Map<string, Map<number, string>>()
  const mark = ({ chain, seq, mac }: Pick<Checkpoint, 'chain' | 'seq' | 'mac'>) => {
    const ofChain = marks.get(chain) ?? new Map<number, string>()
    marks.set(chain, ofChain.set(seq, mac))
  }
  const findings: Finding[] = []
  const checkpointed = new Map<string, Checkpoint>()
  for (const [chain, file] of checkpointFilesIn(folder)) {
    const { checkpoints, forged } = readCheckpoints(file, publicKey)
    for (const line of forged)
      findings.push({ kind: 'checkpoint', chain, seq: 0, at: `${path.basename(file)}:${line}` })
    for (const checkpoint of checkpoints) {
      mark(checkpoint)
      if ((checkpointed.get(checkpoint.chain)?.seq ?? -1) < checkpoint.seq)
        checkpointed.set(checkpoint.chain, checkpoint)
    }
  }
  for (const [first] of chains.values()) {
    const line = headOf(first!.path)
    const key = line && keys.get(line.key)
    if (!line || !key || line.seq !== 0 || !isGenuine(line, key.chain)) continue
    for (const end of (fieldsOf(line).ends ?? []) as Checkpoint[]) mark(end)
  }
  return { marks, findings, checkpointed }
}

function readChain(files: AuditFile[], { keys }: VerifyOptions, chain: Chain, noted: (line: Line) => void): void {
  const { order } = chain
  let torn: string | undefined
  let writer: Writer | undefined
  for (const file of files) {
    const name = path.basename(file.path)
    let number = 0
    for (const { bytes, whole } of linesOf(file.path)) {
      number++
      const at = `${name}:${number}`
      if (!whole) {
        torn = at
        continue
      }
      const line = readLine(bytes)
      const key = line && keys.get(line.key)
      if (!line || line.chain !== file.chain) order.stranger(at, undefined)
      else if (!key) order.stranger(at, line.seq, 'unverifiable')
      else if (!isGenuine(line, key.chain)) order.stranger(at, line.seq)
      else {
        order.genuine({ seq: line.seq, mac: line.mac, prev: line.prev, at })
        chain.entries++
        if (bytes.includes('"action":"audit.')) noted(line)
        if (line.seq === 0) writer = fieldsOf(line).writer as Writer | undefined
      }
    }
  }
  order.end(torn && !(writer && mayRun(writer)) ? torn : undefined)
}

function note(line: Line, report: { erased: object[]; repaired: number; swept: SweptFile[] }): void {
  const { action, time, person, files } = fieldsOf(line)
  if (action === 'audit.erased') report.erased.push({ chain: line.chain, seq: line.seq, time, person })
  else if (action === 'audit.repaired') report.repaired++
  else if (action === 'audit.swept') report.swept.push(...(files as SweptFile[]))
}

/** A chain may begin after its first line if its earlier files were swept. */
function withoutBeginning(chain: string, { first }: Order, swept: Map<string, SweptFile>): Finding[] {
  if (!first || first.seq === 0)
    return first && first.prev !== GENESIS ? [{ kind: 'rewritten', chain, seq: 0, at: first.at }] : []
  if (swept.get(`${chain} ${first.seq - 1}`)?.mac === first.prev) return []
  return [{ kind: 'deleted', chain, seq: 0, ...(first.seq > 1 && { to: first.seq - 1 }), at: first.at }]
}

/** Chains that are known from elsewhere but have no files. */
function goneChains(
  marks: ReadonlyMap<string, Marks>,
  read: ReadonlyMap<string, Chain>,
  swept: readonly SweptFile[],
  checkpointed: ReadonlyMap<string, Checkpoint>,
  { retentionDays, now }: VerifyOptions,
): Finding[] {
  const oldest = new Date(now - retentionDays * 86_400_000).toISOString()
  return [...marks].flatMap(([chain, ofChain]): Finding[] => {
    const last = lastOf(ofChain)
    const time = checkpointed.get(chain)?.time
    if (read.has(chain) || (time !== undefined && time < oldest)) return []
    if (swept.some(file => file.chain === chain && file.to >= last)) return []
    return [{ kind: 'deleted', chain, seq: 0, ...(last > 0 && { to: last }) }]
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
