// Where `afn-otel up` has its data unless --data names another folder.
import { homedir } from 'node:os'
import path from 'node:path'

/** https://specifications.freedesktop.org/basedir-spec/ */
export function dataFolder(): string {
  const { AFN_DATA_DIR, XDG_DATA_HOME } = process.env
  return AFN_DATA_DIR || path.join(XDG_DATA_HOME || path.join(homedir(), '.local/share'), 'afn-otel')
}
