// Names that other conventions give to providers.

/** In lower case. A name stands for those below it too (`google.vertex.chat`). */
const names: Readonly<Record<string, string>> = {
  'azure.ai.inference': 'azure.ai.inference',
  'az.ai.openai': 'azure.ai.openai',
  'az.ai.inference': 'azure.ai.inference',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  azure_openai: 'azure.ai.openai',
  aws: 'aws.bedrock',
  amazon: 'aws.bedrock',
  'amazon-bedrock': 'aws.bedrock',
  amazon_bedrock: 'aws.bedrock',
  bedrock: 'aws.bedrock',
  gemini: 'gcp.gemini',
  google: 'gcp.gemini',
  google_genai: 'gcp.gemini',
  'google.generative-ai': 'gcp.gemini',
  vertex: 'gcp.vertex_ai',
  vertexai: 'gcp.vertex_ai',
  vertex_ai: 'gcp.vertex_ai',
  google_vertexai: 'gcp.vertex_ai',
  'google-vertex': 'gcp.vertex_ai',
  'google.vertex': 'gcp.vertex_ai',
  mistral: 'mistral_ai',
  mistralai: 'mistral_ai',
  moonshot: 'moonshot_ai',
  moonshotai: 'moonshot_ai',
  xai: 'x_ai',
  together: 'together_ai',
  togetherai: 'together_ai',
  watsonx: 'ibm.watsonx.ai',
}

/** What the AI SDK adds to say which of a provider's APIs it is. */
const suffix = /\.(?:chat|completion|responses|messages|embedding|image|speech|transcription|reranking)$/

/** The well-known name; one that is not known stays as it is, in lower case. */
export function providerNamed(name: string): string {
  const plain = name.toLowerCase().replace(suffix, '')
  for (let end = plain.length; end > 0; end = plain.lastIndexOf('.', end - 1)) {
    const known = names[plain.slice(0, end)]
    if (known) return known
  }
  return plain
}
