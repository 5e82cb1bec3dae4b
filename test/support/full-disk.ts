// A file system of its own that is soon full. Only root may mount one; elsewhere its suite says that it is skipped.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, it } from 'vitest'

export interface Disk {
  readonly folder: string
  /** Unmounts it. */
  free(): void
}

/** @param size as tmpfs takes it, such as `3m` */
export function onFullDisk(size: string, tests: (disk: Disk) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0750`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    rmSync(folder, { recursive: true })
    it.skip('skipped: full disk: only root may mount a tmpfs')
    return
  }
  const free = () => {
    execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  }
  describe(`on a disk of ${size}`, () => tests({ folder, free }))
}
