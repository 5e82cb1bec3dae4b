/** A legal hold: while the folder contains the file `HOLD`, nothing is swept and nobody is erased. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const fileOf = (folder: string): string => path.join(folder, 'HOLD')

export const isHeld = (folder: string): boolean => existsSync(fileOf(folder))

/** The reason and start of the hold; undefined without one. */
export const holdOf = (folder: string): string | undefined =>
  isHeld(folder) ? readFileSync(fileOf(folder), 'utf8').trim() : undefined

export function setHold(folder: string, reason: string): void {
  writeFileSync(fileOf(folder), `${new Date().toISOString()} ${reason}\n`, { mode: 0o640 })
}

export function liftHold(folder: string): void {
  rmSync(fileOf(folder), { force: true })
}
