// OpenLLMetry's instrumentation of openai.
const { OpenAIInstrumentation } = require('@traceloop/instrumentation-openai')
const { register } = require('./provider.cjs')

register(new OpenAIInstrumentation({ traceContent: process.env.CONTENT !== 'off' }))
