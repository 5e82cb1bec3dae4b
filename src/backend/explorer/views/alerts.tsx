// Which alerts fire, and how each service level objective stands.
import { useEffect, useState } from 'preact/hooks'
import type { AlertsAnswer, Objective, ObjectiveFigures, RaisedAlert } from '../../api/alert-answers'
import { url } from '../data/client'
import { count, durationMs, percent } from '../data/format'
import { useAnswer } from '../data/use-answer'
import { type TextKey, useText } from '../i18n'
import { Service } from '../parts/badges'
import { MarkedText } from '../parts/marked-text'
import { Empty, Failure, Loading, Warnings } from '../parts/state'
import { TimeOfSeconds } from '../parts/time'
import type { ViewProps } from '.'

/** Milliseconds. The server evaluates once a minute. */
const ASK_EACH = 30_000

export function AlertsView({ round, again }: ViewProps) {
  const t = useText()
  const own = useRounds(ASK_EACH)
  const { data, error, loading } = useAnswer<AlertsAnswer>(url('api/afn/alerts'), round + own)
  if (error) return <Failure error={error} again={again} />
  if (!data) return loading ? <Loading /> : null
  const { alerts, objectives, problems, by, evaluated } = data
  return (
    <div class="scroll alerts">
      <Warnings warnings={problems} />
      {evaluated === null ? (
        <Empty title={t('alerts.reading')} />
      ) : (
        <>
          <Alerts alerts={alerts} />
          <h2>{t('alerts.objectives')}</h2>
          <Objectives objectives={objectives} evaluated={evaluated} />
          <p class="quiet">
            <ByWhom text={t(`alerts.by.${by}`, { time: '\n' })} evaluated={evaluated} />
          </p>
        </>
      )}
    </div>
  )
}

function Alerts({ alerts }: { alerts: readonly RaisedAlert[] }) {
  const t = useText()
  return (
    <>
      {alerts.some(({ state }) => state !== 'resolved') || (
        <Empty title={t('alerts.none')}>
          <p>{t('alerts.none_why')}</p>
        </Empty>
      )}
      {alerts.length > 0 && (
        <ul aria-label={t('alerts.list')}>
          {alerts.map(alert => (
            <Alert key={`${alert.name} ${alert.service} ${alert.summary} ${alert.state}`} alert={alert} />
          ))}
        </ul>
      )}
    </>
  )
}

function Part({ environment, team }: { environment: string; team: string }) {
  const name = [environment, team].filter(Boolean).join(', ')
  return (
    name !== '' && (
      <span class="quiet">
        {' '}
        <MarkedText short text={name} />
      </span>
    )
  )
}

/** The time stands where the text has its line end. */
function ByWhom({ text, evaluated }: { text: string; evaluated: number }) {
  const [before, after] = text.split('\n')
  return (
    <>
      {before}
      <TimeOfSeconds seconds={evaluated} />
      {after}
    </>
  )
}

function Alert({ alert }: { alert: RaisedAlert }) {
  const t = useText()
  const { name, severity, state, since, resolved, service, environment, team, summary, description } = alert
  return (
    <li class={`alert alert-${state} severity-${severity}`}>
      <div class="alert-line">
        <span class="alert-severity">{severity}</span>
        <strong>
          <MarkedText short text={name} />
        </strong>
        <span class={state === 'firing' ? 'bad' : 'quiet'}>{t(`alerts.${state}`)}</span>
        <span class="quiet">
          {resolved === null && `${t('alerts.since')} `}
          <TimeOfSeconds seconds={resolved ?? since} />
        </span>
        <Service name={service} />
        <Part environment={environment} team={team} />
      </div>
      <p>
        <MarkedText text={summary} />
      </p>
      {state !== 'resolved' && (
        <p class="quiet">
          <MarkedText text={description} />
        </p>
      )}
    </li>
  )
}

const HOUR = 3_600
const DAY = 24 * HOUR
/** Of the windows, those that a reader compares: what goes on, and whether it matters. In seconds. */
const SHOWN = [300, HOUR, 6 * HOUR, 3 * DAY]

function Objectives({ objectives, evaluated }: { objectives: readonly Objective[]; evaluated: number }) {
  const t = useText()
  if (objectives.length === 0)
    return (
      <Empty title={t('alerts.no_objectives')}>
        <p>{t('alerts.no_objectives_why')}</p>
      </Empty>
    )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which a keyboard has to reach
    <section class="objectives" tabIndex={0} aria-label={t('alerts.objectives')}>
      <table class="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('alerts.objective')}</th>
            <th scope="col" class="number">
              {t('alerts.target')}
            </th>
            {SHOWN.map(seconds => (
              <th key={seconds} scope="col" class="number" title={t('alerts.burn_why')}>
                {t('alerts.burn', { window: windowText(seconds) })}
              </th>
            ))}
            <th scope="col" class="number">
              {t('alerts.bad')}
            </th>
            <th scope="col" class="number">
              {t('alerts.left')}
            </th>
            <th scope="col">{t('alerts.data')}</th>
          </tr>
        </thead>
        <tbody>
          {objectives.map(objective => (
            <ObjectiveRow
              key={`${objective.id} ${objective.environment} ${objective.team}`}
              objective={objective}
              evaluated={evaluated}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ObjectiveRow({ objective, evaluated }: { objective: Objective; evaluated: number }) {
  const t = useText()
  const { service, name, environment, team, objective: target, period, state, figures, burns } = objective
  const days = period / DAY
  return (
    <tr>
      <th scope="row">
        <MarkedText short text={name} /> <Service name={service} />
        <Part environment={environment} team={team} />
      </th>
      <td class="number">
        {target} % · {days} d
      </td>
      {state === 'rated' ? (
        <>
          {SHOWN.map(seconds => (
            <td key={seconds} class="number">
              {burnText(burns.find(each => each.seconds === seconds)?.burn)}
            </td>
          ))}
          <td class="number">{figures && eventsText(figures)}</td>
          <td class={figures && figures.left < 0 ? 'number bad' : 'number'}>{figures && percent(figures.left, 1)}</td>
          <td>{figures && <Data since={figures.since} evaluated={evaluated} period={period} />}</td>
        </>
      ) : (
        <td colSpan={SHOWN.length + 3} class={state === 'no_events' ? 'quiet' : 'warn'}>
          {t(`alerts.state.${state}` as TextKey)}
        </td>
      )}
    </tr>
  )
}

/** A period that is longer than the data go back is judged on less than it says. */
function Data({ since, evaluated, period }: { since: number; evaluated: number; period: number }) {
  const t = useText()
  const days = period / DAY
  const time = durationMs(Math.max(60, Math.min(period, evaluated - since)) * 1_000)
  const isPartial = evaluated - since < period - HOUR
  return isPartial ? (
    <span class="warn">{t('alerts.partial', { time, days })}</span>
  ) : (
    t('alerts.data_of', { time, days })
  )
}

/** Prometheus records rates alone. */
function eventsText({ bad, events }: ObjectiveFigures): string {
  return bad === null || events === null ? '–' : `${count(bad)} / ${count(events)}`
}

function burnText(burn: number | null | undefined): string {
  return burn === null || burn === undefined ? '–' : `${count(Number(burn.toPrecision(3)))}×`
}

const windowText = (seconds: number): string =>
  seconds < HOUR ? `${seconds / 60} m` : seconds < DAY ? `${seconds / HOUR} h` : `${seconds / DAY} d`

/** A number that grows each time the page is looked at for so long. */
function useRounds(each: number): number {
  const [round, setRound] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setRound(before => before + 1), each)
    return () => clearInterval(timer)
  }, [each])
  return round
}
