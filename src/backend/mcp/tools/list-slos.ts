// `list-slos`: the remaining error budgets and their burn rates.

import { getJson } from '../../../shared/queries/http'
import type { AlertsAnswer, Objective } from '../../api/alert-answers'
import { numberOf, offsetArgument, string, type Tool, textOf } from '../tool'
import { isoOf } from '../window'

export const listSlos: Tool = {
  name: 'list-slos',
  title: 'List SLOs',
  description: `Lists service level objectives, the smallest error budget first: the objective, the share of the error budget that is left (below 0 when it
is overspent), and burn rates. A burn rate of 1 spends the budget exactly by the end of the period; above 1 sooner. state says why an
objective has no figures: no_events (nothing happened), no_edge (the histogram has no bucket at the threshold), refused or native (its rules
can't be evaluated here).`,
  input: {
    type: 'object',
    properties: { service: string('Only this service.name.'), offset: offsetArgument },
  },
  async run(args, { backend }) {
    const { by, evaluated, problems, objectives } = (await getJson(backend, 'api/afn/alerts', {})) as AlertsAnswer
    const service = textOf(args, 'service')
    const found = objectives
      .filter(one => service === undefined || one.service === service)
      .toSorted((a, b) => leftOf(a) - leftOf(b))
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: { evaluated_by: by, evaluated_at: evaluated === null ? null : isoOf(evaluated * 1_000), problems },
      list: { name: 'slos', items: found.slice(offset).map(sloOf), offset, total: found.length },
    }
  },
}

const leftOf = ({ figures }: Objective): number => figures?.left ?? Number.POSITIVE_INFINITY

const sloOf = ({ id, service, name, environment, team, objective, period, state, figures, burns }: Objective) => ({
  id,
  service,
  name,
  ...(environment !== '' && { environment }),
  ...(team !== '' && { team }),
  objective_percent: objective,
  period_days: period / 86_400,
  state,
  ...(figures && {
    error_budget_left: figures.left,
    known_since: isoOf(figures.since * 1_000),
    ...(figures.events !== null && { events: figures.events, bad_events: figures.bad }),
  }),
  burn_rates: burns.map(({ seconds, burn }) => ({ over_seconds: seconds, burn_rate: burn })),
})
