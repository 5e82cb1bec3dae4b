// A channel that writes issues at GitHub, and what it reports of them.
import type { Repository } from './github'
import type { Failure } from './request'

export interface TicketChannel {
  readonly name: string
  readonly repository: Repository
  readonly labels: readonly string[]
  /** New issues in an hour; what is above goes into a digest. */
  readonly limitPerHour: number
}

/** Values of the metric's label. */
export const ticketActions = ['opened', 'closed', 'reopened', 'digest'] as const
export type TicketAction = (typeof ticketActions)[number]

export interface TicketReports {
  done(action: TicketAction): void
  /** Of one ticket that GitHub refuses for what is in it; the others go on. */
  refused(failure: Failure): void
}
