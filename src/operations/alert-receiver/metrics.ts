/** The receiver's metrics for Prometheus. Gauges are read from the database, so that all replicas report the same. */
import type { Database, Value } from './database'

type Labels = Readonly<Record<string, string>>

const help = {
  afn_alerts_notifications_total: ['counter', 'Notifications accepted from Alertmanager, by address.'],
  afn_alerts_refused_total: ['counter', 'Rejected requests.'],
  afn_alerts_tickets_total: ['counter', 'Operations on issues.'],
  afn_alerts_discord_posts_total: ['counter', 'Posts accepted by Discord.'],
  afn_alerts_escalations_total: ['counter', 'Escalation steps taken.'],
  afn_alerts_acknowledgements_total: ['counter', 'Acknowledged incidents.'],
  afn_alerts_failures_total: ['counter', 'Failed requests to a channel; all but rejected ones are retried.'],
  afn_alerts_incidents: ['gauge', 'Firing incidents.'],
  afn_alerts_queue: ['gauge', 'Posts, tickets or escalations pending for a channel.'],
  afn_alerts_queue_oldest_seconds: ['gauge', 'Age of the oldest pending post.'],
  afn_alerts_blocked: ['gauge', '1 while a channel is blocked until somebody fixes it.'],
} as const

export type MetricName = keyof typeof help
type CounterName = { [N in MetricName]: (typeof help)[N][0] extends 'counter' ? N : never }[MetricName]

export class Metrics {
  readonly #counts = new Map<string, { name: CounterName; labels: Labels; value: number }>()

  /** @param by 0 creates the series: Prometheus sees no increase in a series that begins with 1 */
  count(name: CounterName, labels: Labels, by = 1): void {
    const key = `${name}${shown(labels)}`
    const entry = this.#counts.get(key) ?? { name, labels, value: 0 }
    entry.value += by
    this.#counts.set(key, entry)
  }

  /** Renders Prometheus' text format 0.0.4. */
  async exposition(database: Database, now: number): Promise<string> {
    const samples = [...this.#counts.values(), ...(await gauges(database, now))]
    return (Object.keys(help) as MetricName[])
      .flatMap(name => {
        const [type, text] = help[name]
        const own = samples.filter(sample => sample.name === name)
        return [
          `# HELP ${name} ${text}`,
          `# TYPE ${name} ${type}`,
          ...own.map(({ labels, value }) => `${name}${shown(labels)} ${value}`),
        ]
      })
      .join('\n')
      .concat('\n')
  }
}

async function gauges(database: Database, now: number): Promise<{ name: MetricName; labels: Labels; value: number }[]> {
  const [incidents, posts, tickets, escalations, channels] = await Promise.all([
    database.read(
      `SELECT severity, acknowledged_at IS NOT NULL AS known, count(*) AS n FROM incidents WHERE status = 'firing' AND synthetic = 0
        GROUP BY severity, known`,
    ),
    database.read(
      'SELECT channel, count(*) AS n, min(queued_at) AS oldest FROM posts WHERE sent_at IS NULL GROUP BY channel',
    ),
    database.read('SELECT channel, count(*) AS n FROM tickets WHERE wanted > done GROUP BY channel'),
    database.read('SELECT count(*) AS n FROM escalations WHERE done = 0 AND (ended_at IS NOT NULL OR posted_at = 0)'),
    database.read('SELECT name, blocked FROM channels'),
  ])
  const gauge = (name: MetricName, labels: Labels, value: Value | undefined) => ({
    name,
    labels,
    value: Number(value ?? 0),
  })
  const waiting = new Map<string, Value | undefined>(channels.map(({ name }) => [String(name), 0]))
  for (const { channel, n } of [...posts, ...tickets]) waiting.set(String(channel), n)
  waiting.set('Alertmanager', escalations[0]?.n)
  return [
    ...incidents.map(({ severity, known, n }) =>
      gauge('afn_alerts_incidents', { severity: String(severity), state: known === 1 ? 'acknowledged' : 'firing' }, n),
    ),
    ...[...waiting].map(([channel, n]) => gauge('afn_alerts_queue', { channel }, n)),
    ...posts.map(({ channel, oldest }) =>
      gauge('afn_alerts_queue_oldest_seconds', { channel: String(channel) }, Math.max(0, now - Number(oldest)) / 1_000),
    ),
    ...channels.map(({ name, blocked }) =>
      gauge('afn_alerts_blocked', { channel: String(name) }, blocked === '' ? 0 : 1),
    ),
  ]
}

function shown(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, character => (character === '\n' ? '\\n' : `\\${character}`))}"`) // biome-ignore format: one line
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
