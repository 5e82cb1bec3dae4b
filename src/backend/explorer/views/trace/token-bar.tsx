// Tokens by kind as one bar, and what each side cost.
import { count, usd } from '../../data/format'
import type { Cost, TokenKind, Tokens } from '../../data/llm'
import { type Translate, useText } from '../../i18n'

const KINDS: readonly TokenKind[] = ['input', 'cached', 'cacheWrite', 'output', 'reasoning']

const isReported = (source: string): boolean => source === 'provider' || source === 'application'

function sourceText(t: Translate, source: string, isStream: boolean): string {
  if (source === 'estimated') return t('tokens.estimated')
  if (source === 'missing') return t(isStream ? 'tokens.missing_stream' : 'tokens.missing')
  return t('tokens.source', { source })
}

export interface TokenBarProps {
  readonly tokens: Tokens
  readonly cost: Cost
  readonly isStream: boolean
}

export function TokenBar({ tokens, cost, isStream }: TokenBarProps) {
  const t = useText()
  const shown = KINDS.filter(kind => tokens.kinds[kind] > 0)
  const sum = KINDS.reduce((total, kind) => total + tokens.kinds[kind], 0)
  const label = shown.map(kind => `${t(`tokens.${kind}`)} ${tokens.kinds[kind]}`).join(', ')
  return (
    <section class="tokens">
      <div class="token-bar" role="img" aria-label={label}>
        {shown.map(kind => (
          <span key={kind} class={`token-${kind}`} style={{ width: `${(100 * tokens.kinds[kind]) / sum}%` }} />
        ))}
      </div>
      <ul class="token-legend">
        {shown.map(kind => (
          <li key={kind}>
            <span class={`dot token-${kind}`} aria-hidden="true" />
            {t(`tokens.${kind}`)} <b>{count(tokens.kinds[kind])}</b>
          </li>
        ))}
        {tokens.source && (
          <li class={isReported(tokens.source) ? 'quiet' : 'warn'}>{sourceText(t, tokens.source, isStream)}</li>
        )}
      </ul>
      {cost.total !== undefined && (
        <>
          <table class="plain-table cost-table">
            <tbody>
              {cost.input !== undefined && (
                <tr>
                  <th scope="row">{t('cost.input')}</th>
                  <td class="number">{usd(cost.input)}</td>
                </tr>
              )}
              {cost.output !== undefined && (
                <tr>
                  <th scope="row">{t('cost.output')}</th>
                  <td class="number">{usd(cost.output)}</td>
                </tr>
              )}
              <tr class="total">
                <th scope="row">{t('cost.total')}</th>
                <td class="number">
                  {usd(cost.total)} <span class="quiet">{cost.currency}</span>
                </td>
              </tr>
            </tbody>
          </table>
          <p class="quiet cost-from">
            {[cost.source && t('cost.source', { source: cost.source }), cost.priceTable].filter(Boolean).join(' · ')}
          </p>
        </>
      )}
    </section>
  )
}
