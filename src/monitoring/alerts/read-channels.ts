/** Reads where notifications go, and refuses what the version of Alertmanager can't do. */
import type { Path, Raw } from '../../shared/config/checked-file'
import type { Channel } from './config'
import { namesIn, type RawFile, textOf } from './raw'
import { isSecretUrl } from './secrets'

export function channelOf(file: RawFile, raw: Raw, name: string): Channel {
  const path = ['channels', name]
  switch (raw.kind) {
    case 'discord': {
      const through = raw.through ?? (file.hasReceiver ? 'receiver' : 'alertmanager')
      expectPoster(file, raw.through, path)
      return { kind: 'discord', webhookUrlFile: raw.webhook_url_file as string, through: through as 'receiver' }
    }
    case 'email':
      return emailOf(file, raw, path)
    case 'webhook':
      return {
        kind: 'webhook',
        url: urlOf(file, raw, path),
        tokenFile: raw.token_file as string | undefined,
      }
    case 'jira':
      if (file.version === '0.25')
        file.wrong(
          [...path, 'kind'],
          'Alertmanager supports Jira since 0.28; write alertmanager: "0.28", or use a channel of kind tickets or webhook',
        )
      return {
        kind: 'jira',
        apiUrl: raw.api_url as string,
        project: raw.project as string,
        issueType: (raw.issue_type ?? 'Task') as string,
        username: raw.username as string | undefined,
        tokenFile: raw.token_file as string,
        resolveTransition: raw.resolve_transition as string | undefined,
        reopenTransition: raw.reopen_transition as string | undefined,
      }
    default:
      if (raw.kind === 'tickets' && !file.hasReceiver)
        file.wrong([...path, 'kind'], `tickets are created by the receiver, but the file sets receiver: false`)
      return {
        kind: 'tickets',
        repository: raw.repository as string,
        tokenFile: raw.token_file as string,
        apiUrl: (raw.api_url ?? 'https://api.github.com') as string,
        labels: (raw.labels ?? ['alert']) as string[],
        limitPerHour: (raw.limit_per_hour ?? 10) as number,
      }
  }
}

function expectPoster(file: RawFile, through: unknown, path: Path): void {
  if (file.version === '0.25' && (through === 'alertmanager' || !file.hasReceiver))
    file.wrong(
      [...path, through === 'alertmanager' ? 'through' : 'kind'],
      `Alertmanager reads the URL of Discord from a file since 0.28; write alertmanager: "0.28", or ${file.hasReceiver ? 'through: receiver' : 'remove receiver: false, so that the receiver posts it'}`,
    )
  else if (through === 'receiver' && !file.hasReceiver)
    file.wrong([...path, 'through'], 'there is no receiver to post it: the file sets receiver: false')
  else if (file.version === '0.28' && (through === 'alertmanager' || !file.hasReceiver))
    file.note(
      [...path, 'kind'],
      'Alertmanager before 0.35 drops messages that Discord rate limits (429); write through: receiver, or alertmanager: "0.35"',
    )
}

function emailOf(file: RawFile, raw: Raw, path: Path): Channel {
  const { username, password_file: passwordFile } = raw
  if (username !== undefined && passwordFile === undefined)
    file.wrong([...path, 'username'], 'username needs a password: set password_file')
  if (username === undefined && passwordFile !== undefined)
    file.wrong([...path, 'password_file'], 'password_file needs a username')
  const smarthost = textOf(raw.smarthost)
  const port = Number(smarthost?.split(':').at(-1))
  if (smarthost !== undefined && /:\d{1,5}$/.test(smarthost) && (port < 1 || port > 65_535))
    file.wrong([...path, 'smarthost'], `the port must be a number from 1 to 65535, not ${port}`)
  return {
    kind: 'email',
    to: namesIn(raw.to),
    from: raw.from as string,
    smarthost: raw.smarthost as string,
    login: username === undefined ? undefined : { username: username as string, passwordFile: passwordFile as string },
    requireTls: (raw.require_tls ?? true) as boolean,
  }
}

export function urlOf(file: RawFile, raw: Raw, path: Path): { clear: string } | { file: string } {
  if (raw.url_file !== undefined) {
    if (file.version === '0.25')
      file.wrong(
        [...path, 'url_file'],
        'Alertmanager reads the URL of a webhook from a file since 0.26; write alertmanager: "0.28", or a url without a secret, with a token_file',
      )
    return { file: raw.url_file as string }
  }
  const url = textOf(raw.url)
  // the schema refuses a user name and a password
  if (url !== undefined && !url.includes('@') && isSecretUrl(url))
    file.wrong([...path, 'url'], 'this URL contains a key; write it to a file, and set url_file')
  return { clear: raw.url as string }
}
