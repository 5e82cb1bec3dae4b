// Formats a post of the Worker for Discord, https://docs.discord.com/developers/resources/webhook#execute-webhook
import type { Post } from './state'

export type Language = 'en' | 'ja'

const colours: Readonly<Record<Post['kind'], number>> = {
  down: 0xd32f2f,
  blocked: 0xfbc02d,
  recovered: 0x388e3c,
  heartbeat_missing: 0xd32f2f,
  heartbeat_back: 0x388e3c,
}

interface Words {
  title(post: Post, service: string): string
  text(post: Post): string
  readonly twice: string
}

const minutes = ({ lastedMs = 0 }: Post) => Math.max(1, Math.round(lastedMs / 60_000))

const words: Readonly<Record<Language, Words>> = {
  en: {
    title: ({ kind, name }, service) =>
      ({
        down: `[CRITICAL] ${name} is down (${service})`,
        blocked: `[MEDIUM] ${name} is not seen (${service})`,
        recovered: `[RESOLVED] ${name} (${service})`,
        heartbeat_missing: `[CRITICAL] Monitoring is silent (${service})`,
        heartbeat_back: `[RESOLVED] Monitoring (${service})`,
      })[kind],
    text: post =>
      ({
        down: `Two of the last three probes from the edge failed: ${post.why}.`,
        blocked: `${post.why}, so nobody knows from here whether it is up. Let the user agent afn-otel-monitor pass.`,
        recovered: `It is up again, after ${minutes(post)} min.`,
        heartbeat_missing: `The Watchdog of Alertmanager was last here: ${post.why}. Prometheus, Alertmanager or the network of both is gone, and no other alert can arrive.`,
        heartbeat_back: `The Watchdog is back, after ${minutes(post)} min.`,
      })[post.kind],
    twice: 'This may be a duplicate: the first response was lost.',
  },
  ja: {
    title: ({ kind, name }, service) =>
      ({
        down: `【重大】${name} が停止しています (${service})`,
        blocked: `【中】${name} を確認できません (${service})`,
        recovered: `【復旧】${name} (${service})`,
        heartbeat_missing: `【重大】監視が応答しません (${service})`,
        heartbeat_back: `【復旧】監視 (${service})`,
      })[kind],
    text: post =>
      ({
        down: `エッジからの直近3回の確認のうち2回が失敗しました: ${post.why}`,
        blocked: `Cloudflare のルールが確認を拒否しているため、稼働状況が分かりません (${post.why})。ユーザーエージェント afn-otel-monitor を許可してください。`,
        recovered: `復旧しました (${minutes(post)} 分間)。`,
        heartbeat_missing: `Alertmanager の Watchdog が届いていません (最終: ${post.why})。Prometheus、Alertmanager、またはそのネットワークが停止しており、ほかの通知は届きません。`,
        heartbeat_back: `Watchdog が再び届きました (${minutes(post)} 分間)。`,
      })[post.kind],
    twice: '応答が失われたため、重複している可能性があります。',
  },
}

/** Below Discord's limits of 256 and 4,096 characters. */
const LONGEST_TITLE = 250
const LONGEST_TEXT = 2_000

export function messageOf(post: Post, service: string, language: Language): object {
  const { title, text, twice } = words[language]
  const lines = [cut(text(post), LONGEST_TEXT), ...(post.mayBeTwice ? [`_${twice}_`] : [])]
  return {
    username: 'afn-otel monitor',
    // names and error texts may contain mentions
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cut(title(post, service), LONGEST_TITLE),
        description: lines.join('\n\n'),
        color: colours[post.kind],
        timestamp: new Date(post.at).toISOString(),
      },
    ],
  }
}

const cut = (text: string, longest: number) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)
