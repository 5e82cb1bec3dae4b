/** What the four boards have in common: variables, annotations, links, and how panels come to their places. */
import {
  ATTR_DEPLOYMENT_ENVIRONMENT_NAME,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions/incubating'
import {
  type Board,
  COLUMNS,
  type GridPos,
  type Panel,
  type Query,
  type Range,
  type Row,
  type Variable,
} from '../board'
import { level } from '../metric-queries'
import { labelOf, metrics, nameOf, records } from '../metrics'
import type { Text, TextKey } from '../words'

/** A panel by its text, before it has a place. */
export type Sketch = Omit<Panel, 'title' | 'description' | 'place'> & {
  readonly text: Extract<TextKey, `${string}.about`> extends `${infer Stem}.about` ? Stem : never
  readonly w: number
  readonly h: number
}

type Of = (text: Sketch['text'], unit: string, queries: readonly Query[], more?: Partial<Sketch>) => Sketch
const sketch =
  (type: Panel['type'], w: number, h: number): Of =>
  (text, unit, queries, more = {}) => ({ text, type, unit, queries, w, h, ...more })

/** In the sizes that they mostly have. */
export const [stat, lines, bars] = [sketch('stat', 4, 4), sketch('timeseries', 8, 8), sketch('bars', 12, 7)]

export interface Lines {
  readonly title: TextKey
  readonly panels: readonly Sketch[]
}

/** What differs between one set of boards and another. */
export interface Frame {
  readonly text: Text
  readonly ranges: readonly Range[]
}

const values = (metric: (typeof metrics)[keyof typeof metrics], attribute: string): string =>
  `label_values(${nameOf(metric)}, ${labelOf(attribute)})`

const variablesOf = (text: Text): Variable[] => [
  {
    name: 'environment',
    label: text('variable.environment'),
    query: values(metrics.uptime, ATTR_DEPLOYMENT_ENVIRONMENT_NAME),
  },
  { name: 'service', label: text('variable.service'), query: values(metrics.spans, ATTR_SERVICE_NAME) },
]

/** What a board has apart from its panels. */
export function common({ text, ranges }: Frame): Omit<Board, 'uid' | 'title' | 'description' | 'rows' | 'panels'> {
  const linked = `afn-otel-${text('language')}`
  const versions = level(metrics.uptime, { by: [ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION] }, 'max')
  return {
    tags: ['afn-otel', linked],
    linked,
    variables: variablesOf(text),
    annotations: [
      {
        name: text('annotation.deploys'),
        // a version that was not there ten minutes before
        expr: `${versions} unless ${versions.replace('})', '} offset 10m)')}`,
        title: '{{service_name}} {{service_version}}',
        level: 'neutral',
        store: 'high',
      },
      {
        name: text('annotation.maintenance'),
        expr: `max by (sloth_service, sloth_slo) (${records.excluded}) > 0`,
        title: '{{sloth_service}} {{sloth_slo}}',
        level: 'warning',
        store: 'high',
      },
    ],
    ranges,
    frame: { datasource: text('variable.datasource') },
  }
}

export function boardOf(
  name: 'overview' | 'llm' | 'agents' | 'performance' | 'security',
  uid: string,
  frame: Frame,
  lines: readonly Lines[],
): Board {
  const { text } = frame
  return {
    uid: text('language') === 'en' ? uid : `${uid}-${text('language')}`,
    title: text(`${name}.title`),
    description: text(`${name}.title.about`),
    ...common(frame),
    ...placed(text, lines),
  }
}

/** From left to right, and on in the next line where the board ends. */
export function placed(text: Text, lines: readonly Lines[]): { rows: Row[]; panels: Panel[] } {
  const rows: Row[] = []
  const panels: Panel[] = []
  let y = 0
  for (const { title, panels: sketches } of lines) {
    rows.push({ title: text(title), y })
    y += 1
    let [x, tallest] = [0, 0]
    for (const { text: key, w, h, ...sketch } of sketches) {
      if (x + w > COLUMNS) [x, y, tallest] = [0, y + tallest, 0]
      const place: GridPos = { x, y, w, h }
      panels.push({ ...sketch, title: text(key), description: text(`${key}.about`), place })
      x += w
      tallest = Math.max(tallest, h)
    }
    y += tallest
  }
  return { rows, panels }
}
