/**
 * Why an audit log could not be opened, or an entry not be recorded:
 * - `keys`: the key ring is missing, unreadable or no key ring
 * - `folder`: the folder cannot be used: it is missing, others may write into it, a link stands where a file should
 * - `entry`: the entry is not valid; the message names each field
 * - `full`: the disk has no room
 * - `unwritable`: the file cannot be written, or what was written is not safely on the disk
 * - `closed`: `close()` was called before
 * - `hold`: a legal hold forbids it
 */
export type AuditErrorCode = 'keys' | 'folder' | 'entry' | 'full' | 'unwritable' | 'closed' | 'hold'

/** The one error that the audit log throws and rejects with. `code` says what kind of failure it is. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
  constructor(
    readonly code: AuditErrorCode,
    message: string,
  ) {
    super(message)
  }
}

/** The error of a system call, by what it means for an audit log. */
export function systemError(doing: string, error: unknown): AuditError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AuditError('full', `${doing}: the disk is full (${code}); free up space. Nothing was recorded`)
  return new AuditError('unwritable', `${doing}: ${code ?? message}; nothing was recorded`)
}
