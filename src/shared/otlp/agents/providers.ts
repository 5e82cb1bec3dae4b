// Who charges for a model that an agent names without its provider, by how each provider writes the names of models.

/** The first that fits; names are in lower case. */
export const providers: readonly (readonly [name: string, models: RegExp])[] = [
  // regions and makers stand in front: us.anthropic.claude-sonnet-5-v1:0
  ['aws.bedrock', /^(?:arn:aws:bedrock:|(?:[a-z]{2,6}\.)?anthropic\.)/],
  ['gcp.vertex_ai', /^claude-.*@\d{8}$/],
  ['anthropic', /^claude-/],
  ['openai', /^(?:gpt-|o\d|codex-|chatgpt-)/],
  ['gcp.gemini', /^(?:models\/)?gemini-/],
  ['dashscope', /^(?:qwen|qwq)/],
  ['x_ai', /^grok-/],
  ['deepseek', /^deepseek-/],
  ['moonshot_ai', /^kimi-/],
  ['mistral_ai', /^(?:mistral|devstral|codestral|magistral)/],
]

/** `gen_ai.provider.name`; undefined where the name says nothing. */
export const providerOf = (model: string): string | undefined =>
  providers.find(([, models]) => models.test(model.toLowerCase()))?.[0]

/** Claude Code writes the size of the context behind it. */
export const modelOf = (model: string): string => model.replace(/\[\d+[km]\]$/i, '')
