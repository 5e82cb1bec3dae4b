/** `@afn/otel/audit`: a log of who did what to whose data, which reveals any later change to it. */
import { isSpanContextValid, logs, SeverityNumber, trace } from '@opentelemetry/api'
import {
  ATTR_AFN_AUDIT_LOG_CHAIN,
  ATTR_AFN_AUDIT_LOG_CHECKPOINT,
  ATTR_AFN_AUDIT_LOG_MAC,
  ATTR_AFN_AUDIT_LOG_SEQ,
  ATTR_EVENT_OUTCOME,
} from '../../../semconv'
import { workingDirectory } from '../../shared/config/entry'
import { report } from '../../shared/diag/report'
import { auditAttribute, retention } from '../../shared/tiers'
import { loadChunk } from '../chunks'
import { loadSettings } from '../load-settings'
import { AuditError } from './error'
import { type AuditLog, openLog } from './log'

export { AuditError, type AuditErrorCode } from './error'
export type { AuditEntry, Party } from './fields'
export type { AuditLog } from './log'
export type { Sweep, SweptFile } from './sweep'
export type { Receipt } from './writer'

export interface AuditOptions {
  /** Folder of the log. Default: AFN_AUDIT_DIR. */
  folder?: string
  /** File of the key ring, created by `afn-otel audit init`. Default: AFN_AUDIT_KEYS. */
  keys?: string
  /** Folder of the checkpoints, preferably on another machine's disk. Default: AFN_AUDIT_CHECKPOINTS, else the folder of the log. */
  checkpoints?: string
  /**
   * What to do if the disk is full: `fail` rejects the entry, `block` waits for space (`recordSync` fails), `drop` loses the entry with a
   * diagnostic. Default: `fail`.
   */
  whenFull?: 'fail' | 'block' | 'drop'
}

const MAX_BYTES = 100 * 1024 * 1024

/**
 * Opens the audit log of this process. Several processes can share a folder.
 * @throws AuditError `keys` or `folder`, with the remedy: an app that must audit should not start without its log
 * @example
 * const audit = auditLog()
 * await audit.record({ action: 'user.delete', actor: { id: admin.id }, subject: { id: user.id }, details: { reason } })
 */
export function auditLog(options: AuditOptions = {}): AuditLog {
  const { settings } = loadSettings(workingDirectory())
  const folder = options.folder ?? settings.auditDir
  const keys = options.keys ?? settings.auditKeys
  if (!folder)
    throw new AuditError('folder', 'the audit log has no folder; set AFN_AUDIT_DIR, or pass one to auditLog()')
  if (!keys)
    throw new AuditError(
      'keys',
      'the audit log has no key ring; create one with afn-otel audit init, and set AFN_AUDIT_KEYS',
    )
  const redactor = loadChunk('redact').createRedactor()
  const logger = logs.getLogger('@afn/otel/audit')
  const emit = (body: string, attributes: Record<string, string | number>) => {
    try {
      logger.emit({
        body,
        severityNumber: SeverityNumber.INFO,
        severityText: 'INFO',
        attributes: { [auditAttribute]: true, ...attributes },
      })
    } catch {
      // the file is the log; the Collector only gets a copy
    }
  }
  return openLog({
    folder,
    keys,
    checkpoints: options.checkpoints ?? settings.auditCheckpoints ?? folder,
    whenFull: options.whenFull ?? 'fail',
    retentionDays: retention.logs.audit,
    maxBytes: MAX_BYTES,
    now: Date.now,
    redact: value => redactor.value('audit', value) ?? {},
    context: currentSpan,
    onRecord: ({ chain, seq, mac }, action, outcome) =>
      emit(action, {
        [ATTR_AFN_AUDIT_LOG_CHAIN]: chain,
        [ATTR_AFN_AUDIT_LOG_SEQ]: seq,
        [ATTR_AFN_AUDIT_LOG_MAC]: mac,
        ...(outcome && { [ATTR_EVENT_OUTCOME]: outcome }),
      }),
    onCheckpoint: (line, { chain, seq }) =>
      emit(line, {
        [ATTR_AFN_AUDIT_LOG_CHAIN]: chain,
        [ATTR_AFN_AUDIT_LOG_SEQ]: seq,
        [ATTR_AFN_AUDIT_LOG_CHECKPOINT]: 1,
      }),
    onProblem: problem => report('AFN190', problem),
  })
}

function currentSpan(): { traceId: string; spanId: string } | undefined {
  const context = trace.getActiveSpan()?.spanContext()
  return context && isSpanContextValid(context) ? { traceId: context.traceId, spanId: context.spanId } : undefined
}
