// `list-erasures`: how far the requests of persons have come. Nothing of it names a person.

import { existsSync } from 'node:fs'
import { numberOf, offsetArgument, type Tool, ToolError } from '../../backend/mcp/tool'
import { isoOf } from '../../backend/mcp/window'
import { openStateFolder, type RequestState } from '../../operations/gdpr/state'
import { readSettings } from '../read-settings'

export const listErasures: Tool = {
  name: 'list-erasures',
  title: 'List erasure requests',
  description: `Lists the requests to erase a person's data (GDPR), open ones by due date first: phase, due date, whether it is overdue, and for each store the
step, the records found and left, and the last problem. A request has a random id and never names the person.`,
  input: { type: 'object', properties: { offset: offsetArgument } },
  async run(args, { now }) {
    const folder = readSettings().gdprDir
    if (!folder)
      throw new ToolError('The folder of erasure requests is not known: set AFN_GDPR_DIR where afn-otel starts.')
    // to look makes no folder
    const requests = existsSync(folder) ? openStateFolder(folder).all() : []
    const isOpen = ({ phase }: RequestState) => phase !== 'done'
    const found = requests.toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || a.dueAt - b.dueAt)
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: { open: requests.filter(isOpen).length },
      list: {
        name: 'requests',
        items: found.slice(offset).map(request => requestOf(request, now().getTime())),
        offset,
        total: found.length,
      },
    }
  },
}

const requestOf = ({ id, phase, receivedAt, dueAt, isExtended, stores }: RequestState, now: number) => ({
  id,
  phase,
  received: isoOf(receivedAt),
  due: isoOf(dueAt),
  overdue: phase !== 'done' && dueAt < now,
  extended: isExtended ?? false,
  stores: Object.entries(stores).map(([store, { step, found, remaining, problem, notBefore }]) => ({
    store,
    step,
    found,
    remaining,
    problem,
    ...(step !== 'done' && { continues_at: isoOf(notBefore) }),
  })),
})
