// The tools of coding agents: how often each ran, how often it failed, and how long it took.
import type { AgentsAnswer } from '../../../api/agent-answers'
import { count, durationMs, percent } from '../../data/format'
import { useText } from '../../i18n'
import { MarkedText } from '../../parts/marked-text'
import { href, type Route, rangeOf } from '../../route'
import { productOf, queryOfTool } from './agent-queries'

const COLUMNS = ['agent', 'server', 'runs', 'failed', 'share', 'p95'] as const
const TEXTS: ReadonlySet<string> = new Set(['agent', 'server'])

export function ToolsPanel({ answer: { tools, all }, route }: { answer: AgentsAnswer; route: Route }) {
  const t = useText()
  if (tools.length === 0) return null
  const link = (q: string) => href(['traces'], { ...rangeOf(route), q })
  return (
    <section class="panel agents-tools">
      <h2>{t('agents.tools_title')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a narrow screen it scrolls, which a keyboard has to reach */}
      <section class="wide-table" tabIndex={0} aria-label={t('agents.tools_title')}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('agents.tool')}</th>
              {COLUMNS.map(name => (
                <th key={name} scope="col" class={TEXTS.has(name) ? undefined : 'number'}>
                  {t(`agents.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tools.map(tool => (
              <tr key={JSON.stringify([tool.agent, tool.server, tool.name])}>
                <th scope="row">
                  <a href={link(queryOfTool(tool, false))} title={t('agents.traces')}>
                    <MarkedText short text={tool.name} />
                  </a>
                </th>
                <td>{productOf(tool.agent)}</td>
                <td>{tool.server === null ? '–' : <MarkedText short text={tool.server} />}</td>
                <td class="number">{count(tool.runs)}</td>
                <td class="number">
                  {tool.failed === 0 ? '0' : <a href={link(queryOfTool(tool, true))}>{count(tool.failed)}</a>}
                </td>
                <td class="number">
                  <span class={tool.failed > 0 ? 'bad' : undefined}>{percent(tool.failed, tool.runs)}</span>
                </td>
                <td class="number">{tool.p95Ms === null ? '–' : durationMs(tool.p95Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {all.tools > tools.length && (
        <p class="cut">{t('agents.tools_cut', { n: count(tools.length), all: count(all.tools) })}</p>
      )}
    </section>
  )
}
