/**
 * Extends the deadline of a complex request by two months (Art. 12(3) GDPR). The person must be informed, with the reasons, within the
 * first month.
 */
import { takeLease } from '../../shared/files/lease'
import { dueDate } from './due'
import { LEASE_REMEDY } from './saga'
import type { SagaOptions } from './saga-options'
import type { RequestState } from './state'

const MONTHS = 3

/**
 * @param id of the request, as printed by `status`
 * @param reason recorded in the audit log
 * @returns undefined if another process is working on this person
 * @throws Error if the request does not exist or must not be extended
 */
export async function extend(
  { state, audit, now }: Pick<SagaOptions, 'state' | 'audit' | 'now'>,
  id: string,
  reason: string,
): Promise<RequestState | undefined> {
  const read = () => state.all().find(one => one.id === id)
  const handle = read()?.handle
  if (handle === undefined) throw new Error(`unknown request "${id}"; afn-otel gdpr status lists all requests`)
  const lease = takeLease(state.leaseOf(handle), LEASE_REMEDY)
  if (!lease) return undefined
  try {
    const request = read() as RequestState
    const first = dueDate(request.receivedAt)
    if (request.phase === 'done') throw new Error(`request ${id} is already done`)
    if (request.isExtended)
      throw new Error(`request ${id} was already extended; Art. 12(3) GDPR allows only one extension`)
    if (now() > first)
      throw new Error(
        `request ${id} was due on ${new Date(first).toISOString().slice(0, 10)}; the person had to be informed of an extension by then`,
      )
    await audit('gdpr.erase.extended', { request: id, reason })
    request.isExtended = true
    request.dueAt = dueDate(request.receivedAt, MONTHS)
    state.save(request)
    return request
  } finally {
    lease.release()
  }
}
