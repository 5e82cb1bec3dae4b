/** What of an Alertmanager receiver posts to one channel. What the version can't do itself goes to our receiver by a webhook. */
import { type AlertmanagerVersion, type AlertsConfig, type Channel, isThroughReceiver } from './config'
import { type Hook, hookUrl } from './receiver-webhook'
import { bodyTemplate, type TitleOptions, titleTemplate } from './text-templates'

type Section = { [key: string]: unknown }

export interface Places {
  /** Path of a secret as Alertmanager finds it: it takes a relative one from its own working directory. */
  readonly secret: (file: string) => string
  /** Where Alertmanager reaches our receiver. */
  readonly receiver: string | undefined
  /** Where people do, for the page of an incident. */
  readonly page: string | undefined
}

export interface Audience extends TitleOptions {
  /** As routes name it. */
  readonly name: string
  readonly channels: readonly string[]
  /** The name of the escalation that begins with it. */
  readonly ladder: string | undefined
  /** Its alerts say that the receiver is away, so none of them goes through the receiver. */
  readonly isAboutReceiver?: boolean
  /** Nobody is notified of the end of its alerts. */
  readonly isOnce?: boolean
}

/** Kinds of integration, in the order in which Alertmanager documents them. */
const kinds = ['discord_configs', 'email_configs', 'jira_configs', 'webhook_configs'] as const

export function receiverSection(config: AlertsConfig, audience: Audience, places: Places): Section {
  const found: [(typeof kinds)[number], Section][] = []
  const ours: string[] = []
  for (const name of audience.channels) {
    const channel = config.channels[name]!
    if (audience.isAboutReceiver && !isNative(channel, config.alertmanager)) continue
    if (!audience.isAboutReceiver && isThroughReceiver(channel)) ours.push(name)
    else if (channel.kind !== 'tickets') found.push(integrationOf(config, channel, audience, places))
  }
  const { ladder, isTest, isEscalation, isAboutReceiver } = audience
  // it has a page of each incident, whoever is notified
  const isIncident = !isTest && !isEscalation && !isAboutReceiver
  if (places.receiver !== undefined && (ours.length > 0 || isIncident))
    found.push([
      'webhook_configs',
      {
        send_resolved: audience.isOnce !== true,
        ...hookSection(config, places.receiver, { channels: ours, ladder }, places),
      },
    ])
  const section: Section = { name: audience.name }
  for (const kind of kinds) {
    const some = found.filter(([one]) => one === kind).map(([, integration]) => integration)
    if (some.length > 0) section[kind] = some
  }
  return section
}

/** Whether Alertmanager itself can post to it. */
const isNative = ({ kind }: Channel, version: AlertmanagerVersion): boolean =>
  kind !== 'tickets' && (kind !== 'discord' || version !== '0.25')

const hookSection = ({ receiver }: AlertsConfig, url: string, hook: Hook, { secret }: Places): Section => ({
  url: hookUrl(url, hook),
  ...(receiver?.tokenFile !== undefined && {
    http_config: { authorization: { credentials_file: secret(receiver.tokenFile) } },
  }),
})

/** Whether its channels are notified when an alert is resolved. A test is over when it has come. */
const endIsNews = ({ isTest, isOnce }: Audience): boolean => isTest !== true && isOnce !== true

function integrationOf(
  config: AlertsConfig,
  channel: Exclude<Channel, { kind: 'tickets' }>,
  audience: Audience,
  { secret, page }: Places,
): [(typeof kinds)[number], Section] {
  const title = titleTemplate(config, audience)
  // the receiver that is away shows no page
  const body = (format: 'markdown' | 'plain') =>
    bodyTemplate(config, format, audience.isAboutReceiver ? undefined : page)
  const send_resolved = endIsNews(audience)
  switch (channel.kind) {
    case 'discord':
      return [
        'discord_configs',
        {
          send_resolved,
          webhook_url_file: secret(channel.webhookUrlFile),
          title,
          message: body('markdown'),
        },
      ]
    case 'email': {
      const { to, from, smarthost, login, requireTls } = channel
      return [
        'email_configs',
        {
          send_resolved,
          to: to.join(', '),
          from,
          smarthost,
          ...(login && { auth_username: login.username, auth_password_file: secret(login.passwordFile) }),
          require_tls: requireTls,
          headers: { Subject: title },
          // Alertmanager's own page of HTML is in English, and says nothing of runbooks
          html: '',
          text: body('plain'),
        },
      ]
    }
    case 'jira': {
      const { apiUrl, project, issueType, username, tokenFile, resolveTransition, reopenTransition } = channel
      return [
        'jira_configs',
        {
          send_resolved,
          api_url: apiUrl,
          project,
          issue_type: issueType,
          summary: title,
          description: body('plain'),
          ...(resolveTransition !== undefined && { resolve_transition: resolveTransition }),
          ...(reopenTransition !== undefined && { reopen_transition: reopenTransition }),
          http_config:
            username === undefined
              ? { authorization: { credentials_file: secret(tokenFile) } }
              : { basic_auth: { username, password_file: secret(tokenFile) } },
        },
      ]
    }
    case 'webhook': {
      const { url, tokenFile } = channel
      return [
        'webhook_configs',
        {
          send_resolved,
          ...('clear' in url ? { url: url.clear } : { url_file: secret(url.file) }),
          ...(tokenFile !== undefined && { http_config: { authorization: { credentials_file: secret(tokenFile) } } }),
        },
      ]
    }
  }
}
