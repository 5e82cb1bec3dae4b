// Ordinary services over a week, as series for promtool, which an app of ours or of another SDK sends.

import { isLong } from '../support/long'

const [HOUR, DAY] = [60, 24 * 60]
/** Minutes between two samples. */
export const STEP = 2
/** Minutes: a Thursday, a Friday, a Saturday, and all of a week in the long suite. */
export const TIME = (isLong('quiet') ? 7 : 3) * DAY

/** Events a minute while it is busy. */
interface Traffic {
  readonly perMinute: number
  /** Whether there is traffic in a minute of the week, of which the first day is a Thursday. */
  readonly busy: (minute: number) => boolean
  /** Whether the process is there; all the time where nothing is said. */
  readonly up?: (minute: number) => boolean
}

/** A counter; where the process is not there it has no samples, and begins anew afterwards. */
function counter({ perMinute, busy, up = () => true }: Traffic): string {
  let value = 0
  return samples(minute => {
    if (!up(minute)) {
      value = 0
      return undefined
    }
    if (busy(minute)) value += perMinute * STEP
    return value
  })
}

const gauge = (up: (minute: number) => boolean = () => true): string => samples(minute => (up(minute) ? 1 : undefined))

/** In promtool's notation, runs of the same step together. */
function samples(valueAt: (minute: number) => number | undefined): string {
  const runs: { from: number | undefined; step: number; repeats: number }[] = []
  let before: number | undefined
  for (let minute = 0; minute <= TIME; minute += STEP) {
    const value = valueAt(minute)
    const run = runs.at(-1)
    const step = value !== undefined && before !== undefined ? value - before : undefined
    const goesOn = run && (value === undefined ? run.from === undefined : step !== undefined && run.from !== undefined)
    if (goesOn && (value === undefined || run.repeats === 0 || run.step === step)) {
      run.repeats += 1
      run.step = step ?? 0
    } else runs.push({ from: value, step: 0, repeats: 0 })
    before = value
  }
  return runs
    .map(({ from, step, repeats }) => (from === undefined ? `_x${repeats}` : `${from}+${step}x${repeats}`))
    .join(' ')
    .replaceAll('+-', '-')
}

const hourOf = (minute: number) => Math.floor((minute % DAY) / HOUR)
const between = (from: number, to: number) => (minute: number) => hourOf(minute) >= from && hourOf(minute) < to
const weekday = (minute: number) => Math.floor(minute / DAY + 3) % 7 < 5
const always = () => true

type Series = Readonly<Record<string, string>>

interface Labels {
  readonly service: string
  readonly instance?: string
  readonly environment?: string
}

const labelsOf = ({ service, instance = '1', environment }: Labels) =>
  [
    `job="${service}"`,
    `service_name="${service}"`,
    `instance="${instance}"`,
    ...(environment ? [`deployment_environment_name="${environment}"`] : []),
  ].join(', ')

const node = 'telemetry_distro_name="@afn/otel"'

function process(labels: Labels, traffic: Traffic): Series {
  const of = labelsOf(labels)
  return {
    [`target_info{${of}, ${node}}`]: gauge(traffic.up),
    [`afn_span_calls_total{${of}}`]: counter(traffic),
  }
}

/** Of ours, whose histogram has the edges of the conventions. One request of 2,000 fails. */
function server(labels: Labels, traffic: Traffic): Series {
  const of = labelsOf(labels)
  const bucket = (le: string) => `http_server_request_duration_seconds_bucket{${of}, le="${le}"}`
  const count = (status: number) =>
    `http_server_request_duration_seconds_count{${of}, http_response_status_code="${status}"}`
  const all = counter(traffic)
  return {
    ...process(labels, traffic),
    [count(200)]: all,
    ...Object.fromEntries(['1', '2.5', '+Inf'].map(le => [bucket(le), all])),
  }
}

function calls(labels: Labels, traffic: Traffic): Series {
  const of = labelsOf(labels)
  return { [`gen_ai_client_inference_duration_seconds_count{${of}}`]: counter(traffic) }
}

const shop = { service: 'shop' }
const steady: Traffic = { perMinute: 60, busy: always }

/** By what is ordinary in it. */
export const healthyWeeks: Readonly<Record<string, Series>> = {
  'traffic day and night': { ...server(shop, steady), ...calls(shop, { ...steady, perMinute: 6 }) },
  'office hours on weekdays': server(shop, {
    perMinute: 60,
    busy: minute => weekday(minute) && between(9, 18)(minute),
  }),
  'traffic for 14 hours a day': server(shop, { perMinute: 60, busy: between(7, 21) }),
  'a process that is stopped for the night': server(shop, { perMinute: 60, busy: between(7, 21), up: between(7, 21) }),
  'a batch for an hour of each night, which calls models': {
    ...process({ service: 'batch' }, { perMinute: 10, busy: between(2, 3), up: between(2, 3) }),
    ...calls({ service: 'batch' }, { perMinute: 10, busy: between(2, 3), up: between(2, 3) }),
    ...server(shop, steady),
  },
  'a worker without a server': {
    ...process({ service: 'worker' }, { perMinute: 10, busy: always }),
    ...calls({ service: 'worker' }, { perMinute: 10, busy: always }),
  },
  'two environments, of which one is used by day alone': {
    ...server({ ...shop, environment: 'production' }, steady),
    ...server({ ...shop, environment: 'staging', instance: '2' }, { perMinute: 1, busy: between(9, 18) }),
  },
  "a service in Java, with OpenTelemetry's default edges, beside one of ours": {
    ...server(shop, steady),
    ...Object.fromEntries(
      ['1', '2.5', '5', '+Inf'].map(le => [
        `http_server_request_duration_seconds_bucket{${labelsOf({ service: 'java' })}, le="${le}"}`,
        counter({ perMinute: 600, busy: always }),
      ]),
    ),
    [`http_server_request_duration_seconds_count{${labelsOf({ service: 'java' })}}`]: counter({
      perMinute: 600,
      busy: always,
    }),
  },
  'no app at all': {},
  'a deployment every three hours': Object.assign(
    {},
    ...Array.from({ length: TIME / HOUR / 3 }, (_, n) => {
      // the old one and the new one run side by side for two minutes
      const up = (minute: number) => minute >= n * 3 * HOUR && minute <= (n + 1) * 3 * HOUR + STEP
      return server({ ...shop, instance: `deployment-${n}` }, { perMinute: 60, busy: up, up })
    }),
  ),
}
