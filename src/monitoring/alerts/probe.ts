/**
 * Why a channel refuses: Alertmanager's metrics say that, and only its log says why. The requests here leave no trace that
 * anybody would see. No answer shows a secret.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { textWithoutCredentials } from '../../shared/config/credentials'
import { reasonOf } from '../../shared/queries/http'
import type { Channel, DiscordChannel, JiraChannel } from './config'
import { askMailServer } from './smtp'

const TIMEOUT_MS = 10_000

/**
 * @param folder to which paths of secrets are relative
 * @returns what is refused and what to do; undefined where nothing is wrong that can be seen from here
 */
export async function whyRefused(channel: Channel, folder: string): Promise<string | undefined> {
  try {
    switch (channel.kind) {
      case 'discord':
        return await askDiscord(channel, folder)
      case 'email':
        return await askMailServer(channel, folder)
      case 'jira':
        return await askJira(channel, folder)
      // each request to them is a message
      case 'webhook':
      case 'tickets':
        return undefined
    }
  } catch (error) {
    const { code, path: file } = error as NodeJS.ErrnoException
    if (file !== undefined) return `the secret in ${path.relative(folder, file)} can't be read here (${code})`
    throw error
  }
}

/** A GET of a webhook's URL shows the webhook, and posts nothing. */
async function askDiscord({ webhookUrlFile }: DiscordChannel, folder: string): Promise<string | undefined> {
  const url = readFileSync(path.resolve(folder, webhookUrlFile), 'utf8').trim()
  if (!URL.canParse(url)) return `${webhookUrlFile} does not contain a URL`
  const answer = await ask('Discord', url, {})
  if (typeof answer === 'string') return answer
  if (answer.ok) return undefined
  const error = (await answer.json().catch(() => ({}))) as { message?: string; code?: number }
  const words = [String(answer.status), error.message, error.code && `(${error.code})`].filter(Boolean).join(' ')
  if (answer.status === 404)
    return `Discord responded with ${words}: the webhook was deleted, or its URL is incomplete; create a new one in the channel's settings, and write its URL into ${webhookUrlFile}`
  if (answer.status === 401) return `Discord answers ${words}: the URL in ${webhookUrlFile} is incomplete`
  return `Discord answers ${words}`
}

async function askJira(
  { apiUrl, project, username, tokenFile }: JiraChannel,
  folder: string,
): Promise<string | undefined> {
  const token = readFileSync(path.resolve(folder, tokenFile), 'utf8').trim()
  const basic = Buffer.from(`${username}:${token}`).toString('base64')
  const authorization = username === undefined ? `Bearer ${token}` : `Basic ${basic}`
  const answer = await ask('Jira', `${apiUrl.replace(/\/+$/, '')}/project/${project}`, { authorization })
  if (typeof answer === 'string') return answer
  if (answer.ok) return undefined
  if (answer.status === 401 || answer.status === 403)
    return `Jira responded with ${answer.status}: it rejects the token in ${tokenFile}`
  if (answer.status === 404)
    return `Jira responded with 404: project ${project} does not exist or is not visible to this user`
  return `Jira answers ${answer.status}`
}

async function ask(name: string, url: string, headers: Record<string, string>): Promise<Response | string> {
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (error) {
    return textWithoutCredentials(`${name} does not respond (${reasonOf(error)})`)
  }
}
