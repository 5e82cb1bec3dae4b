// The bytes of a folder, as grep sees them.
import { spawnSync } from 'node:child_process'

export const isFoundIn = (folder: string, word: string): boolean =>
  /:[1-9]/.test(spawnSync('grep', ['-ra', '-c', word, folder], { encoding: 'utf8' }).stdout)
