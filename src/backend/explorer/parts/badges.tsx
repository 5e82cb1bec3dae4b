// The tier of a trace, and the dot of a service or of what else has a colour.
import type { TierName } from '../../api/answers'
import { type Colour, colourOf, paint } from '../data/colours'
import { isTextKey, type Translate, useText } from '../i18n'

export function Tier({ tier, reason }: { tier: TierName; reason: string }) {
  const t = useText()
  return (
    <span class={`tier tier-${tier}`} title={`${t(`tier.${tier}`)} · ${reasonText(t, reason)}`}>
      {t(`tier.${tier}`)}
    </span>
  )
}

/** A policy that this page doesn't know keeps its own name. */
export function reasonText(t: Translate, reason: string): string {
  const key = `reason.${reason.replace(/ /g, '_')}`
  return isTextKey(key) ? t(key) : reason
}

/** @param colour of the palette; by default that of the name */
export function Service({ name, colour = colourOf(name) }: { name: string; colour?: number | undefined }) {
  return (
    <span class="service">
      <Dot colour={colour} />
      <bdi>{name || '–'}</bdi>
    </span>
  )
}

/** @param colour undefined: of what has none */
export function Dot({ colour }: { colour: Colour | undefined }) {
  return (
    <span class="dot" style={colour === undefined ? undefined : { background: paint(colour) }} aria-hidden="true" />
  )
}
