// OpenTelemetry's own instrumentation of openai; content goes out as log records.
const { OpenAIInstrumentation } = require('@opentelemetry/instrumentation-openai')
const { register } = require('./provider.cjs')

register(new OpenAIInstrumentation({ captureMessageContent: process.env.CONTENT !== 'off' }))
