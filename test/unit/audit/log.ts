// An audit log in a folder of its own, with a clock that a test may set.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publicKeyOf } from '../../../src/app/audit/checkpoint'
import { createKeyRing, readKeyRing } from '../../../src/app/audit/keys'
import { type LogOptions, openLog } from '../../../src/app/audit/log'
import { openPersons } from '../../../src/app/audit/persons'
import { type ReadEntry, readEntries } from '../../../src/app/audit/read'
import { type VerifyReport, verifyLog } from '../../../src/app/audit/verify'
import { createRedactor } from '../../../src/shared/redact'

export function makeLog(options: Partial<LogOptions> = {}) {
  const base = mkdtempSync(path.join(tmpdir(), 'afn-audit-'))
  const folder = options.folder ?? mkdtempSync(path.join(base, 'log-'))
  const checkpoints = options.checkpoints ?? mkdtempSync(path.join(base, 'checkpoints-'))
  const keys = options.keys ?? path.join(base, 'ring.json')
  if (!options.keys) createKeyRing(keys)
  const problems: string[] = []
  const redactor = createRedactor()
  const open = (more: Partial<LogOptions> = {}) =>
    openLog({
      folder,
      keys,
      checkpoints,
      whenFull: 'fail',
      retentionDays: 730,
      maxBytes: Number.POSITIVE_INFINITY,
      now: Date.now,
      redact: value => redactor.value('audit', value),
      onProblem: problem => problems.push(problem),
      ...options,
      ...more,
    })
  const verify = (now = Date.now()): VerifyReport => {
    const ring = readKeyRing(keys)
    return verifyLog({ folder, checkpoints, keys: ring.keys, publicKey: publicKeyOf(ring), retentionDays: 730, now })
  }
  const read = (): ReadEntry[] => {
    const ring = readKeyRing(keys)
    const persons = openPersons(path.join(path.dirname(keys), 'persons')).all(ring)
    return [...readEntries({ folder, keys: ring.keys, persons })]
  }
  return { folder, checkpoints, keys, problems, open, verify, read }
}
