/**
 * Links by which somebody who got an alert acknowledges it. The signature is the right to do so, for one episode of one incident and for a
 * while. A link is only looked at by GET, since programs that show previews follow it; the button on the page does it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { cut, spanOf, summaryOf, timeOf } from './safe-text'
import type { Incident } from './state'

/** As long as the slowest severity takes, and a weekend. */
const VALID_MS = 72 * 3_600_000
const LONGEST_NAME = 80

export class Links {
  /**
   * @param url where people reach the receiver
   * @param key of the signatures
   */
  constructor(
    private readonly url: string,
    private readonly key: Buffer,
    private readonly now: () => number,
  ) {}

  of(incident: string, episode: number): string {
    // by the hour, so that a link of the same incident is the same for a while
    const expires = Math.ceil((this.now() + VALID_MS) / 3_600_000) * 3_600
    const search = `episode=${episode}&expires=${expires}&signature=${this.#sign(incident, episode, expires)}`
    return `${this.url.replace(/\/+$/, '')}/acknowledge/${incident}?${search}`
  }

  /** @returns the episode for which it holds, or why it does not */
  check(
    incident: string,
    search: URLSearchParams,
  ): { readonly episode: number } | { readonly wrong: 'signature' | 'expired' } {
    const [episode, expires] = [Number(search.get('episode')), Number(search.get('expires'))]
    const signature = Buffer.from(search.get('signature') ?? '')
    const right = Buffer.from(this.#sign(incident, episode, expires))
    if (signature.length !== right.length || !timingSafeEqual(signature, right)) return { wrong: 'signature' }
    return expires * 1_000 < this.now() ? { wrong: 'expired' } : { episode }
  }

  #sign(incident: string, episode: number, expires: number): string {
    return createHmac('sha256', this.key).update(`acknowledge/${incident}/${episode}/${expires}`).digest('base64url')
  }
}

/** Who somebody says to be: one line, of a length that a channel can show. */
export const nameIn = (text: string | null | undefined): string =>
  cut((text ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim(), LONGEST_NAME) || 'somebody with the link'

export type PageState = 'open' | 'done' | 'before' | 'over'

/** @param state whether it can be acknowledged, was a moment ago or before, or fires no more */
export function pageOf(incident: Incident, state: PageState, now: number): string {
  const { name, service, severity, notification, beganAt, acknowledgedAt = now, acknowledgedBy = '' } = incident
  const summary = summaryOf(notification)
  const says = {
    open: `<form method="post"><label>Your name <input name="by" maxlength="${LONGEST_NAME}" autocomplete="name"></label>
<button>Acknowledge</button></form><p>It is escalated no further then. The alert goes on firing until it is resolved.</p>`,
    done: `<p>Acknowledged by ${html(acknowledgedBy)}. Nothing more is escalated.</p>`,
    before: `<p>Acknowledged already, by ${html(acknowledgedBy)} at ${timeOf(acknowledgedAt)}.</p>`,
    over: '<p>This alert fires no more. There is nothing to acknowledge.</p>',
  }[state]
  return page(
    name,
    `<h1>${html(name)}</h1><p>${html(severity)}${service && `, ${html(service)}`}, since ${timeOf(beganAt)} (${spanOf(now - beganAt)})</p>
${summary && `<p>${html(summary)}</p>`}${says}`,
  )
}

export const refusalPage = (why: 'signature' | 'expired' | 'unknown'): string =>
  page(
    'Acknowledge',
    `<h1>This link does not hold</h1><p>${
      {
        signature: 'It is not one that this receiver has made, or a part of it is missing. Copy it once more.',
        expired: 'It has expired. Acknowledge with <code>afn-otel alerts ack ID</code>.',
        unknown: 'The receiver knows no such alert, or it has fired again since.',
      }[why]
    }</p>`,
  )

const page = (title: string, body: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${html(title)}</title>
<style>body{font:1rem/1.5 system-ui;max-width:40rem;margin:2rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}input{font:inherit}</style>
</head><body>${body}</body></html>
`

const html = (text: string): string => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
