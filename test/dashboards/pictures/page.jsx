// Draws a dashboard of Grafana's JSON with Grafana's own panels, units, thresholds and colours (@grafana/ui, @grafana/data), which stand
// in the cache. What Grafana's server would do besides is here in short: answers of Prometheus become frames, and overrides are applied.
import {
  BarGauge,
  BigValue,
  createRoot,
  createTheme,
  dateTime,
  FieldType,
  GlobalStyles,
  getDisplayProcessor,
  PanelChrome,
  // biome-ignore lint/correctness/noUnusedImports: markup is calls of it
  React,
  Table,
  ThemeContext,
  TimeSeries,
} from 'grafana-panels'

const theme = createTheme({ colors: { mode: 'light' } })
const ROW = 38
const GAP = 8

const legendOf = (format, metric) => format.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '').trim()

/** An expression of ours stands between its slashes. */
const fits = ({ id, options }, name) =>
  id === 'byRegexp' ? new RegExp(options.slice(1, -1)).test(name) : options === name

/** A field with what the defaults and the overrides of a panel say of it. */
function withConfig(panel, field) {
  const config = { ...panel.fieldConfig.defaults, displayNameFromDS: field.name, ...field.config }
  for (const { matcher, properties } of panel.fieldConfig.overrides)
    if (fits(matcher, field.name))
      for (const { id, value } of properties) {
        if (id.startsWith('custom.')) config.custom = { ...config.custom, [id.slice(7)]: value }
        else config[id] = value
      }
  const made = { ...field, config, state: { ...field.state, displayName: field.name } }
  made.display = getDisplayProcessor({ field: made, theme })
  return made
}

/** Every series of a panel: its name, its points, and its last value. */
const seriesOf = (panel, answers) =>
  panel.targets.flatMap(({ refId, legendFormat }) =>
    (answers[refId] ?? []).map(({ metric, value, values }, index) => {
      const points = (values ?? [value]).map(([time, text]) => [time * 1000, Number(text)])
      const name = legendOf(legendFormat, metric) || (index === 0 ? panel.title : JSON.stringify(metric))
      return { name, metric, points, last: points.filter(([, number]) => !Number.isNaN(number)).at(-1)?.[1] }
    }),
  )

const Nothing = ({ text }) => (
  <div style={{ display: 'grid', placeItems: 'center', height: '100%', color: '#888' }}>{text}</div>
)

function Lines({ panel, series, width, height, time }) {
  const frames = series.map(({ name, points }, index) => {
    const field = withConfig(panel, {
      name,
      type: FieldType.number,
      values: points.map(([, value]) => value),
      state: { seriesIndex: index },
    })
    const at = { name: 'time', type: FieldType.time, values: points.map(([time]) => time), config: {} }
    return { fields: [at, field], length: points.length, refId: String(index) }
  })
  const timeRange = {
    from: dateTime(time.from),
    to: dateTime(time.to),
    raw: { from: dateTime(time.from), to: dateTime(time.to) },
  }
  return (
    <TimeSeries
      frames={frames}
      structureRev={1}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone="utc"
      legend={panel.options.legend}
      options={panel.options}
    />
  )
}

function Stats({ panel, series, width, height }) {
  const columns = width > height * 1.5 ? (series.length > 6 ? 4 : series.length) : 1
  const rows = Math.ceil(series.length / columns)
  const size = { width: Math.floor(width / columns) - 4, height: Math.floor(height / rows) - 4 }
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
      {series.map(({ name, last }) => {
        const field = withConfig(panel, { name, type: FieldType.number, values: [last], config: {} })
        const value = { ...field.display(last), title: panel.options.textMode === 'value' ? undefined : name }
        return (
          <BigValue
            key={name}
            value={value}
            theme={theme}
            {...size}
            colorMode={panel.options.colorMode}
            graphMode="none"
            justifyMode="auto"
            textMode={panel.options.textMode}
          />
        )
      })}
    </div>
  )
}

function Bars({ panel, series, width, height }) {
  const each = Math.min(40, Math.floor(height / Math.max(1, series.length)) - 4)
  const most = Math.max(...series.map(({ last }) => last), 0)
  const config = { min: 0, max: most, ...panel.fieldConfig.defaults }
  return series.map(({ name, last }) => {
    const field = withConfig(panel, {
      name,
      type: FieldType.number,
      values: [last],
      config: { max: config.max, min: config.min },
    })
    return (
      <div key={name} style={{ marginBottom: 4 }}>
        <BarGauge
          theme={theme}
          width={width}
          height={each}
          orientation="horizontal"
          displayMode="basic"
          field={field.config}
          value={{ ...field.display(last), title: name }}
          display={field.display}
          showUnfilled
          namePlacement="left"
          valueDisplayMode="text"
          alignmentFactors={{
            title: series.reduce((long, one) => (one.name.length > long.length ? one.name : long), ''),
            text: '0000000',
          }}
        />
      </div>
    )
  })
}

/** What `merge`, `filterFieldsByName` and `organize` make of the answers. */
function Rows({ panel, answers, width, height }) {
  const { renameByName } = panel.transformations.find(({ id }) => id === 'organize').options
  const labels = Object.keys(renameByName).filter(name => !name.startsWith('Value'))
  const rows = new Map()
  for (const { refId } of panel.targets)
    for (const { metric, value } of answers[refId] ?? []) {
      const key = JSON.stringify(labels.map(label => metric[label]))
      rows.set(key, {
        ...rows.get(key),
        ...Object.fromEntries(labels.map(label => [label, metric[label] ?? ''])),
        [refId]: Number(value[1]),
      })
    }
  const all = [...rows.values()]
  const fields = [
    ...labels.map(label => ({
      name: renameByName[label],
      type: FieldType.string,
      values: all.map(row => row[label]),
      config: {},
    })),
    ...panel.targets.map(({ refId, legendFormat }) => ({
      name: legendFormat,
      type: FieldType.number,
      values: all.map(row => row[refId]),
      config: {},
    })),
  ].map(field => withConfig(panel, field))
  const data = { fields, length: all.length }
  return <Table data={data} width={width} height={height} />
}

const edgeOf = ({ metric }) => (metric.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(metric.le))

/** Grafana's heatmap is not among what @grafana/ui gives away: here are its cells, in its colours. */
function Heatmap({ series, height }) {
  const rows = series.filter(({ metric }) => metric.le !== undefined).toSorted((a, b) => edgeOf(a) - edgeOf(b))
  const cells = rows.map(({ points }, index) =>
    points.map(([, value], at) => value - (rows[index - 1]?.points[at]?.[1] ?? 0)),
  )
  const most = Math.max(...cells.flat(), 1e-9)
  return (
    <table style={{ width: '100%', height, borderSpacing: 1, tableLayout: 'fixed' }}>
      <tbody>
        {cells.toReversed().map((row, index) => (
          <tr key={rows.at(-1 - index).metric.le}>
            <td style={{ width: 50, fontSize: 11 }}>{rows.at(-1 - index).metric.le}</td>
            {row.map((value, at) => (
              <td
                key={rows[0].points[at]?.[0] ?? at}
                style={{ background: `rgba(8, 69, 148, ${Math.sqrt(Math.max(0, value) / most)})` }}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const kinds = { stat: Stats, timeseries: Lines, bargauge: Bars, table: Rows, heatmap: Heatmap }

function Panel({ panel, answers, time, width, height }) {
  const series = seriesOf(panel, answers).filter(({ last }) => last !== undefined)
  const Kind = kinds[panel.type]
  return (
    <PanelChrome title={panel.title} description={panel.description} width={width} height={height}>
      {(innerWidth, innerHeight) =>
        series.length === 0 ? (
          <Nothing text={panel.fieldConfig.defaults.noValue ?? 'No data'} />
        ) : (
          <Kind {...{ panel, series, answers, time }} width={innerWidth} height={innerHeight} />
        )
      }
    </PanelChrome>
  )
}

function Board({ dashboard, answers, time, width }) {
  // as Grafana has it below 769 pixels
  const isNarrow = width < 769
  const column = width / 24
  let y = 0
  const placed = dashboard.panels.map(panel => {
    const { x, y: top, w, h } = panel.gridPos
    if (!isNarrow) return { panel, left: x * column, top: top * ROW, width: w * column - GAP, height: h * ROW - GAP }
    const at = { panel, left: 0, top: y, width: width - GAP, height: h * ROW - GAP }
    y += h * ROW
    return at
  })
  const bottom = Math.max(...placed.map(({ top, height }) => top + height))
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <h1 style={{ fontSize: 20, padding: 8 }}>{dashboard.title}</h1>
      <div style={{ position: 'relative', height: bottom + GAP }}>
        {placed.map(({ panel, left, top, width: w, height: h }) => (
          <div key={panel.id} data-panel={panel.title} style={{ position: 'absolute', left, top, width: w, height: h }}>
            {panel.type === 'row' ? (
              <h2 style={{ fontSize: 16, padding: '6px 8px' }}>{panel.title}</h2>
            ) : (
              <Panel panel={panel} answers={answers[panel.id] ?? {}} time={time} width={Math.floor(w)} height={h} />
            )}
          </div>
        ))}
      </div>
    </ThemeContext.Provider>
  )
}

window.draw = (dashboard, answers, time) => {
  createRoot(document.getElementById('board')).render(
    <Board dashboard={dashboard} answers={answers} time={time} width={document.body.clientWidth} />,
  )
}
