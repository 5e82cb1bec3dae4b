// OpenLIT as its documentation starts it. Its price list would be fetched from GitHub at every start; here it gets none.
const { trace } = require('@opentelemetry/api')
const openlit = require('openlit')

openlit.default.init({
  otlpEndpoint: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  captureMessageContent: process.env.CONTENT !== 'off',
  pricingJson: {},
})
globalThis.flush = () => {
  const provider = trace.getTracerProvider()
  return (provider.getDelegate?.() ?? provider).forceFlush()
}
