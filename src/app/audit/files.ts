/**
 * The files of an audit log: `audit-2026-11-27-3f9a1c20.log` has what the chain 3f9a1c20 recorded on that day (UTC), and
 * `audit-2026-11-27-3f9a1c20.1.log` continues it when the first file is full. Each process has its own chain, so several can write to one
 * folder without waiting for each other.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { AuditError } from './error'

export interface AuditFile {
  readonly path: string
  /** `2026-11-27`, in UTC. */
  readonly date: string
  readonly chain: string
  /** Number of the file within its day, from 0. */
  readonly part: number
}

const NAME = /^audit-(\d{4}-\d\d-\d\d)-([\da-f]{8})(?:\.(\d{1,6}))?\.log$/
const CHECKPOINTS = /^audit-checkpoints-([\da-f]{8})\.log$/

export const fileName = ({ date, chain, part }: Omit<AuditFile, 'path'>): string =>
  `audit-${date}-${chain}${part > 0 ? `.${part}` : ''}.log`

/** Whether the name is that of an audit file. */
export const isAuditFile = (name: string): boolean => NAME.test(name)

export const checkpointsName = (chain: string): string => `audit-checkpoints-${chain}.log`

/** In the order of writing, chain by chain. Skips links. */
export function filesIn(folder: string): AuditFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => {
      const match = entry.isFile() ? NAME.exec(entry.name) : null
      if (!match) return []
      return [{ path: path.join(folder, entry.name), date: match[1]!, chain: match[2]!, part: Number(match[3] ?? 0) }]
    })
    .sort((a, b) => compare(a.chain, b.chain) || compare(a.date, b.date) || a.part - b.part)
}

/** Checkpoint files by chain. */
export function checkpointFilesIn(folder: string): Map<string, string> {
  return new Map(
    readdirSync(folder).flatMap(name => {
      const chain = CHECKPOINTS.exec(name)?.[1]
      return chain ? [[chain, path.join(folder, name)] as const] : []
    }),
  )
}

/**
 * Refuses a folder that anybody may write to: a link in place of a file would choose what gets overwritten.
 * @throws AuditError `folder`
 */
export function checkFolder(folder: string): void {
  let mode: number
  try {
    const stats = statSync(folder)
    if (!stats.isDirectory()) throw new AuditError('folder', `${folder} is not a folder; use an existing one`)
    mode = stats.mode
  } catch (error) {
    if (error instanceof AuditError) throw error
    throw new AuditError(
      'folder',
      `${folder} can't be used (${(error as NodeJS.ErrnoException).code}); create the folder with mode 0750`,
    )
  }
  if (mode & 0o002)
    throw new AuditError('folder', `${folder} is writable by everybody; run chmod o-w on it, or use another folder`)
}

/** @throws AuditError `folder` if a link or something else is in place of the file */
export function refuseLink(file: string): void {
  const stats = lstatSync(file, { throwIfNoEntry: false })
  if (stats && !stats.isFile())
    throw new AuditError('folder', `${file} is ${stats.isSymbolicLink() ? 'a link' : 'no file'}; remove it`)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
