/**
 * Why an audit log could not be opened, or an entry could not be recorded:
 * - `keys`: the key ring is missing, unreadable or invalid
 * - `folder`: the folder is unusable: it is missing, writable by others, or contains a link in place of a file
 * - `entry`: the entry is invalid; the message names each field
 * - `full`: the disk is full
 * - `unwritable`: the file cannot be written, or written data is not safely on disk
 * - `closed`: `close()` was called before
 * - `hold`: a legal hold forbids it
 */
export type AuditErrorCode = 'keys' | 'folder' | 'entry' | 'full' | 'unwritable' | 'closed' | 'hold'

/** The only error that the audit log throws or rejects with. `code` is the kind of failure. */
export class AuditError extends Error {
  override readonly name = 'AuditError'
  constructor(
    readonly code: AuditErrorCode,
    message: string,
  ) {
    super(message)
  }
}

/** Converts a system error to its meaning for the audit log. */
export function systemError(doing: string, error: unknown): AuditError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AuditError('full', `${doing}: the disk is full (${code}); free up space. Nothing was recorded`)
  return new AuditError('unwritable', `${doing}: ${code ?? message}; nothing was recorded`)
}
