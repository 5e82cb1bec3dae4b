/** URLs whose path is the credential: whoever has one may post. */
import { codeAt } from '../../../scan/chars'
import type { Detector } from '../../../scan/scanner'

/** Slack, Discord, Microsoft Teams, Google Chat, Zapier, IFTTT, as each documents its incoming webhooks. */
const WEBHOOK = new RegExp(
  [
    String.raw`hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{20,120}`,
    String.raw`(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/[\w-]{60,90}`,
    String.raw`(?:[\w-]{1,63}\.webhook\.office\.com\/webhookb2|outlook\.office(?:365)?\.com\/webhook)\/[\w@/-]{40,240}`,
    String.raw`chat\.googleapis\.com\/v1\/spaces\/[\w-]{1,40}\/messages\?[\w=&%.-]{40,240}`,
    String.raw`hooks\.zapier\.com\/hooks\/catch\/\d{4,12}\/\w{5,20}`,
    String.raw`maker\.ifttt\.com\/trigger\/[\w-]{1,60}\/(?:json\/)?with\/key\/[\w-]{15,60}`,
  ].join('|'),
  'y',
)

export const webhook: Detector = {
  finds: 'secret',
  anchors: [{ at: ':', before: '/' }],
  at(text, at, hits) {
    if (codeAt(text, at + 1) !== 47 || codeAt(text, at + 2) !== 47) return at
    WEBHOOK.lastIndex = at + 3
    if (!WEBHOOK.test(text)) return at
    hits.add(at + 3, WEBHOOK.lastIndex, 'SECRET')
    return WEBHOOK.lastIndex
  },
}
