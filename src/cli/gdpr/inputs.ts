// What the commands of `afn-otel gdpr` read besides their options: persons on stdin, and the audit log.
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { type AuditLog, openLog } from '../../app/audit/log'
import type { Settings } from '../../shared/config/settings'
import { createRedactor } from '../../shared/redact'
import { retention } from '../../shared/tiers'

/** @param subjects with `-`, a line of stdin each, too */
export function subjectsIn(subjects: readonly string[]): readonly string[] {
  if (!subjects.includes('-')) return subjects
  return [...subjects.filter(one => one !== '-'), ...readFileSync(0, 'utf8').split('\n').filter(Boolean)]
}

export interface Audit {
  readonly folder: string
  /** File of the key ring. */
  readonly keys: string
  readonly log: AuditLog
}

/** @returns undefined where the settings name none */
export function openAudit({ auditDir: folder, auditKeys: keys, auditCheckpoints }: Settings): Audit | undefined {
  if (!folder || !keys) return undefined
  const redactor = createRedactor()
  const log = openLog({
    folder,
    keys,
    checkpoints: auditCheckpoints ?? folder,
    whenFull: 'fail',
    retentionDays: retention.logs.audit,
    maxBytes: Number.POSITIVE_INFINITY,
    now: Date.now,
    redact: value => redactor.value('audit', value),
    onProblem: problem => console.error(`afn-otel gdpr: ${problem}`),
  })
  return { folder, keys, log }
}

/** Who runs the command. */
export const actor = (): { id: string } => ({ id: `os-user:${userInfo().username}` })
