// A file system of its own that is soon full. Only root may mount one; elsewhere its suite says that it is skipped.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'

/** While the tests run; before them it is a folder like any other. */
export interface Disk {
  readonly folder: string
}

/** @param size as tmpfs takes it, such as `3m` */
export function onFullDisk(size: string, tests: (disk: Disk) => void): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-disk-'))
  const mount = () => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0750`, 'tmpfs', folder]).status === 0
  // also while something still has a file open there
  const unmount = () => spawnSync('umount', ['-l', folder])
  const canMount = mount()
  if (canMount) unmount()
  else console.log('skipped: full disk: only root may mount a tmpfs')
  describe.skipIf(!canMount)(`on a disk of ${size}`, () => {
    beforeAll(() => {
      mount()
      process.once('exit', unmount)
    })
    afterAll(() => {
      unmount()
      process.off('exit', unmount)
      rmSync(folder, { recursive: true, force: true })
    })
    tests({ folder })
  })
}
