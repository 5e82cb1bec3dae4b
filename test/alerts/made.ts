// Files that are right, made by chance: whatever a person may write, in whatever combination.

import { stringify } from 'yaml'
import { type AlertmanagerVersion, weekdays } from '../../src/monitoring/alerts/config'
import { durationOf } from '../../src/monitoring/alerts/times'
import { severities } from '../../src/shared/severities'
import type { Random } from '../support/random'

const zones = Intl.supportedValuesOf('timeZone')
const names = ['ops', 'on-call', 'lead_2', 'x', 'mail', 'tickets9']
const texts = [
  'Checkout is slow',
  '決済が遅い',
  'it’s "quoted" \\ and {{ $value }}',
  'a: b # c',
  "o'clock",
  '-',
  '*star',
  '99 %',
]

export function madeFile(random: Random, version: AlertmanagerVersion): string {
  const channels = Object.fromEntries(
    random
      .shuffle(names)
      .slice(0, 1 + random.below(names.length))
      .map(name => [name, channel(random, version)]),
  )
  const some = (least = 1) =>
    random.shuffle(Object.keys(channels)).slice(0, least + random.below(Object.keys(channels).length))
  const hours = random.below(severities.length + 1)
  const file = {
    alertmanager: version,
    ...(random.chance(0.5) && { environment: random.pick(['production', 'eu-1', 'prod.tokyo']) }),
    ...(random.chance(0.5) && { language: random.pick(['en', 'ja']) }),
    ...(random.chance(0.5) && { time_zone: random.pick(zones) }),
    channels,
    severities: Object.fromEntries(
      severities.map((severity, index) => [severity, severityOf(random, index, some, index >= hours)]),
    ),
    ...(random.chance(0.5) && {
      routes: [
        { match: { team: 'pay' }, channels: some(0) },
        {
          match: { service: ['shop', 'shop.v2'], team: 'sell' },
          channels: some(1),
          escalation: random.chance(0.5) ? [] : [{ after: '1d', channels: some(1) }],
        },
      ],
    }),
    ...(random.chance(0.5) && { environments: { staging: some(0), 'dev-2': [] } }),
    ...(random.chance(0.3) && { inhibition: random.chance(0.5) }),
    ...(random.chance(0.5) && {
      business_hours: { ...times(random), days: daysOf(random), time_zone: random.pick(zones) },
    }),
    maintenance: Array.from({ length: random.below(4) }, (_, index) => maintenance(random, `window-${index}`)),
    rules: Array.from({ length: random.below(4) }, (_, index) => rule(random, `Rule${index}`)),
    ...(version !== '0.25' &&
      random.chance(0.5) && {
        watchdog: { heartbeats: ['a', 'b'].map(name => ({ name, url_file: `secrets/${name}` })) },
      }),
  }
  return stringify(file)
}

function channel(random: Random, version: AlertmanagerVersion): object {
  const kinds = ['discord', 'email', 'webhook', 'tickets', ...(version === '0.25' ? [] : ['jira'])]
  const token_file = random.pick(['secrets/token', '/run/secrets/t o k e n', 'ああ'])
  switch (random.pick(kinds)) {
    case 'discord':
      return { kind: 'discord', webhook_url_file: token_file }
    case 'email':
      return {
        kind: 'email',
        to: random.pick([['a@example.com'], ['a@example.com', 'b+c@example.org']]),
        from: 'alerts@example.com',
        smarthost: random.pick(['smtp.example.com:587', 'localhost:25', '[::1]:465', '10.0.0.1:2525']),
        ...(random.chance(0.5) && { username: random.pick(['me', 'me@example.com']), password_file: token_file }),
        ...(random.chance(0.5) && { require_tls: random.chance(0.5) }),
      }
    case 'webhook':
      return {
        kind: 'webhook',
        ...(version === '0.25' || random.chance(0.5)
          ? {
              url: random.pick(['http://localhost:8080', 'https://example.com/hooks/ops?team=a b'.replace(' ', '%20')]),
            }
          : { url_file: token_file }),
        ...(random.chance(0.5) && { token_file }),
      }
    case 'tickets':
      return { kind: 'tickets', repository: 'example/operations', token_file }
    default:
      return {
        kind: 'jira',
        api_url: 'https://example.atlassian.net/rest/api/2/',
        project: 'OPS',
        token_file,
        ...(random.chance(0.5) && { username: 'me@example.com' }),
        ...(random.chance(0.5) && { resolve_transition: '完了', reopen_transition: 'To Do' }),
      }
  }
}

function severityOf(random: Random, index: number, some: () => string[], business_hours: boolean): object {
  const interval = random.pick([10, 60, 90, 300])
  return {
    respond_within: durationOf([300, 900, 3_600, 86_400][index]! + random.below(100)),
    delay: durationOf(1 + random.below(250)),
    group_interval: durationOf(interval),
    repeat: durationOf(interval * (1 + random.below(100))),
    ...(random.chance(0.7) && { channels: some() }),
    business_hours,
    ...(random.chance(0.5) && {
      escalation: Array.from({ length: random.below(4) }, (_, step) => ({
        after: durationOf(300 * (step + 1) + random.below(100)),
        channels: some(),
      })),
    }),
  }
}

const timeOf = (random: Random) =>
  `${String(random.below(24)).padStart(2, '0')}:${String(random.below(60)).padStart(2, '0')}`

function times(random: Random): { from: string; to: string } {
  const from = timeOf(random)
  const to = random.chance(0.2) ? '24:00' : timeOf(random)
  return from === to ? times(random) : { from, to }
}

const daysOf = (random: Random) => random.shuffle(weekdays).slice(0, 1 + random.below(7))

function maintenance(random: Random, name: string): object {
  const more = {
    ...(random.chance(0.5) && { time_zone: random.pick(zones) }),
    ...(random.chance(0.5) && {
      services: random.shuffle(['checkout', 'メール', 'a b', "it's"]).slice(0, 1 + random.below(3)),
    }),
  }
  if (random.chance(0.5))
    return { name, ...times(random), ...(random.chance(0.7) && { days: daysOf(random) }), ...more }
  const start = Date.UTC(2026, random.below(24), 1 + random.below(28), random.below(24), random.below(60))
  const end = start + 60_000 * (1 + random.below(30 * 1_440))
  const moment = (time: number) =>
    new Date(time)
      .toISOString()
      .slice(0, 16)
      .replace('T', random.pick([' ', 'T']))
  return { name, from: moment(start), to: moment(end), ...more }
}

const rule = (random: Random, name: string): object => ({
  name,
  expr: random.pick([
    'up == 0',
    'sum by (job) (rate(x_total{a=~"b.*"}[5m])) > 0.5',
    'absent(up)',
    '1 - (a / b) < 0.99',
  ]),
  ...(random.chance(0.5) && { for: durationOf(1 + random.below(100_000)) }),
  severity: random.pick(severities),
  ...(random.chance(0.5) && { service: random.pick(['checkout', 'メール']) }),
  ...(random.chance(0.5) && { labels: { team: random.pick(['a', 'チーム', '5']) } }),
  ...(random.chance(0.7) && { annotations: { summary: random.pick(texts), description: random.pick(texts) } }),
})
