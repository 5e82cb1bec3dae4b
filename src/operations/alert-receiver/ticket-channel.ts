// A channel that creates GitHub issues, and its reports.
import type { Repository } from './github'
import type { Failure } from './request'

export interface TicketChannel {
  readonly name: string
  readonly repository: Repository
  readonly labels: readonly string[]
  /** Maximum number of new issues per hour; further incidents go into a digest. */
  readonly limitPerHour: number
}

/** Values of the metric's label. */
export const ticketActions = ['opened', 'closed', 'reopened', 'digest'] as const
export type TicketAction = (typeof ticketActions)[number]

export interface TicketReports {
  done(action: TicketAction): void
  /** Called for a ticket whose content GitHub rejects; others continue. */
  refused(failure: Failure): void
}
