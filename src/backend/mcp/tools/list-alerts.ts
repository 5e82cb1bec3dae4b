// `list-alerts`: firing and pending alerts, and those resolved within a day.

import { getJson } from '../../../shared/queries/http'
import type { AlertsAnswer, RaisedAlert } from '../../api/alert-answers'
import { numberOf, offsetArgument, string, type Tool, textOf } from '../tool'
import { isoOf } from '../window'

export const listAlerts: Tool = {
  name: 'list-alerts',
  title: 'List alerts',
  description: `Lists alerts, the firing ones first: what is wrong, in which service, since when. pending: the condition holds, but not yet for as long as
the rule wants; resolved: within the last day. problems says what keeps rules from being evaluated.`,
  input: {
    type: 'object',
    properties: {
      state: string('Only alerts in this state.', { enum: ['firing', 'pending', 'resolved'] }),
      severity: string('Only this severity, such as critical.'),
      service: string('Only this service.name.'),
      offset: offsetArgument,
    },
  },
  async run(args, { backend }) {
    const { by, evaluated, problems, alerts } = (await getJson(backend, 'api/afn/alerts', {})) as AlertsAnswer
    const isWanted = (alert: RaisedAlert) =>
      (['state', 'severity', 'service'] as const).every(name => (textOf(args, name) ?? alert[name]) === alert[name])
    const found = alerts.filter(isWanted)
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: {
        evaluated_by: by,
        evaluated_at: evaluated === null ? null : isoOf(evaluated * 1_000),
        firing: found.filter(({ state }) => state === 'firing').length,
        problems,
      },
      list: { name: 'alerts', items: found.slice(offset).map(alertOf), offset, total: found.length },
    }
  },
}

const alertOf = ({ since, resolved, ...alert }: RaisedAlert) => ({
  ...alert,
  since: isoOf(since * 1_000),
  ...(resolved !== null && { resolved: isoOf(resolved * 1_000) }),
})
