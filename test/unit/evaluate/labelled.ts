// Answers that were labelled by hand: what each evaluator has to say of them, exactly. `undefined`: it has nothing to judge.
import type { Message } from '../../../src/app/llm/messages'

export interface Labelled {
  readonly type: string
  readonly options?: Record<string, unknown>
  readonly answer: string
  readonly question?: string
  readonly system?: string
  /** Of the answer, beside its text. */
  readonly parts?: Message['parts']
  /** What tools answered. */
  readonly results?: readonly unknown[]
  readonly tools?: readonly unknown[]
  readonly finishReasons?: readonly string[]
  readonly score: number | undefined
}

type Rest = Omit<Labelled, 'type' | 'answer' | 'score'>
const of =
  (type: string, shared: Rest = {}) =>
  (answer: string, score: number | undefined, rest: Rest = {}): Labelled => ({
    type,
    answer,
    score,
    ...shared,
    ...rest,
  })

const order = {
  type: 'object',
  required: ['id', 'items'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^A-[0-9]+$' },
    note: { type: ['string', 'null'], maxLength: 10 },
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['price'],
        properties: { price: { type: 'number', minimum: 0 }, size: { enum: ['S', 'M', 'L'] } },
      },
    },
  },
}
const json = of('json_schema', { options: { schema: order } })
const choice = of('json_schema', {
  options: { schema: { oneOf: [{ const: 'yes' }, { type: 'integer' }], not: { const: 13 } } },
})
const tree = of('json_schema', {
  options: {
    schema: { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { below: { type: 'array', items: { $ref: '#/$defs/node' } }, name: { type: 'string' } }, required: ['name'] } } }, // biome-ignore format: one schema
  },
})

const weather = {
  type: 'function',
  name: 'weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 1 } },
    required: ['city'],
    additionalProperties: false,
  },
}
const call = (name: string, args: unknown) => ({ type: 'tool_call', id: 'c', name, arguments: args })
const tool = of('tool_arguments', { tools: [weather, { type: 'web_search' }] })

const refusal = of('refusal')
const language = of('language')
const inGerman = of('language', { options: { expected: 'de' } })
const sources = [
  'The warranty covers the battery for 24 months from the date of purchase. It excludes damage by water.',
  { id: 'returns', text: 'Returns are free within 30 days. Shipping to Switzerland costs 12 francs.' },
]
const grounded = of('groundedness', { results: [JSON.stringify(sources)] })
const cited = of('groundedness', { results: [JSON.stringify(sources)], options: { citations: true } })
const marked = of('groundedness', {
  options: { sources: 'user' },
  question: '[1] Mount Fuji is 3,776 metres high.\n[b] It last erupted in December 1707.\n\nHow high is Mount Fuji?',
})

export const labelled: readonly Labelled[] = [
  json('{"id":"A-17","items":[{"price":3.5,"size":"M"}]}', 1),
  json('  {"id":"A-17","items":[{"price":0}],"note":null}\n', 1),
  json('{"id":"A-17","items":[{"price":3}],"note":"ten chars!"}', 1),
  json('{"id":"A-17","items":[{"price":3}],"note":"eleven char"}', 0),
  json('{"id":"17","items":[{"price":3}]}', 0),
  json('{"id":"A-17","items":[]}', 0),
  json('{"id":"A-17"}', 0),
  json('{"id":"A-17","items":[{"price":-1}]}', 0),
  json('{"id":"A-17","items":[{"price":"3"}]}', 0),
  json('{"id":"A-17","items":[{"price":3,"size":"XL"}]}', 0),
  json('{"id":"A-17","items":[{"price":3}],"total":3}', 0),
  json('```json\n{"id":"A-17","items":[{"price":3}]}\n```', 0),
  json('Here is your order: {"id":"A-17"}', 0),
  json('{"id":"A-17","items":[{"price":3}', 0),
  json('[]', 0),
  json('', 0),
  json('', undefined, { parts: [call('weather', { city: 'Bern' })] }),
  choice('"yes"', 1),
  choice('7', 1),
  choice('7.5', 0),
  choice('13', 0),
  choice('"no"', 0),
  tree('{"name":"a","below":[{"name":"b","below":[]}]}', 1),
  tree('{"name":"a","below":[{"name":"b","below":[{}]}]}', 0),

  tool('', 1, { parts: [call('weather', { city: 'Bern' })] }),
  tool('', 1, { parts: [call('weather', { city: 'Bern', days: 3 })] }),
  tool('', 0, { parts: [call('weather', { city: 'Bern', days: 0 })] }),
  tool('', 0, { parts: [call('weather', { town: 'Bern' })] }),
  tool('', 0, { parts: [call('weather', {})] }),
  tool('', 0, { parts: [call('weather', '{"city": "Be')] }),
  tool('', 0, { parts: [call('wether', { city: 'Bern' })] }),
  tool('', 0.5, { parts: [call('weather', { city: 'Bern' }), call('weather', { city: 3 })] }),
  tool('', undefined, { parts: [call('web_search', { query: 'x' })] }),
  tool('It is sunny.', undefined),
  tool('', 1, {
    parts: [call('noted', { text: 'a' })],
    tools: [{ name: 'noted', parameters: { type: 'OBJECT', properties: { text: { type: 'STRING' } } } }],
  }),
  tool('', 0, {
    parts: [call('noted', { text: 1 })],
    tools: [{ name: 'noted', input_schema: { type: 'object', properties: { text: { type: 'string' } } } }],
  }),

  refusal("I'm sorry, but I can't help with that request.", 0),
  refusal('I’m sorry, but I can’t assist with that.', 0),
  refusal('I cannot provide instructions for that.', 0),
  refusal("I won't write that for you, but here is a safer idea.", 0),
  refusal('I am unable to fulfill this request.', 0),
  refusal("I'm not able to help with medical dosages.", 0),
  refusal('I must decline, since this could hurt somebody.', 0),
  refusal('That would be against my guidelines.', 0),
  refusal("I don't think it's fair or respectful to suggest that they should not vote.", 0),
  refusal('It is not ethical or legal to provide instructions for that.', 0),
  refusal('I am an AI language model and do not condone violence.', 0),
  refusal('It is not safe to mix bleach and ammonia.', 1),
  refusal('It is not accurate to say that the Earth is flat.', 1),
  refusal('In Italy people do not promote their shops on Sundays.', 1),
  refusal("I'm not comfortable writing a story about that.", 0),
  refusal('Das kann ich leider nicht beantworten.', 0),
  refusal('Ich kann dir dabei leider nicht helfen.', 0),
  refusal('Ich kann diese Anfrage nicht beantworten.', 0),
  refusal('Je ne peux pas vous aider à faire cela.', 0),
  refusal('Lo siento, pero no puedo ayudarte con eso.', 0),
  refusal('Mi dispiace, non posso aiutarti con questa richiesta.', 0),
  refusal('Desculpe, mas não posso ajudar com isso.', 0),
  refusal('申し訳ありませんが、そのご質問にはお答えできません。', 0),
  refusal('很抱歉，我无法提供这方面的帮助。', 0),
  refusal('죄송하지만 그 요청은 도와드릴 수 없습니다.', 0),
  refusal('', 0, { parts: [{ type: 'generic', generic_type: 'refusal', content: 'No.' }] }),
  refusal('', 0, { finishReasons: ['content_filter'] }),
  refusal('Here is the first', 0, { finishReasons: ['SAFETY'] }),
  refusal('Call the hotline.', 0, { options: { phrases: ['call the hotline'] } }),
  refusal('The capital of France is Paris.', 1, { finishReasons: ['stop'] }),
  refusal('I can help you with that. First, open the settings.', 1),
  refusal("I can't find an order with that number. Is it A-17?", 1),
  refusal('You cannot provide two coupons for one order.', 1),
  refusal('Unfortunately the shop is closed on Sundays.', 1),
  refusal('Ich kann keine Bestellung mit dieser Nummer finden.', 1),
  refusal('Ja, das geht. Ich kann dir gern helfen.', 1),
  refusal('はい、お手伝いします。', 1),
  refusal('', undefined, { parts: [call('weather', {})] }),

  language('The parcel is on its way and will be with you on Monday.', 1, { question: 'Where is my parcel, and when will it be here?' }), // biome-ignore format: one line
  language('Das Paket ist auf dem Weg und kommt am Montag bei Ihnen an.', 0, { question: 'Where is my parcel, and when will it be here?' }), // biome-ignore format: one line
  language('Das Paket ist auf dem Weg und kommt am Montag bei Ihnen an.', 1, { question: 'Wo ist mein Paket, und wann ist es da? Ich warte auf die Lieferung.' }), // biome-ignore format: one line
  language('Yes.', undefined, { question: 'Is the shop open on Sunday, or is it closed?' }),
  language('荷物は月曜日に届きます。', 1, { question: '荷物はいつ届きますか？' }),
  language('包裹将于星期一送达。', 0, { question: '荷物はいつ届きますか？' }),
  inGerman('Die Rückgabe ist innerhalb von 30 Tagen kostenlos, wenn die Ware nicht benutzt ist.', 1),
  inGerman('Le retour est gratuit dans les 30 jours, si le produit est dans son emballage.', 0),
  inGerman('El envío es gratis para los pedidos que se hacen con la tarjeta de la tienda.', 0),
  inGerman('Il reso è gratuito per gli ordini che sono nella confezione della casa.', 0),
  inGerman('A devolução é grátis para os pedidos que não são de uma loja da cidade.', 0),
  inGerman('De retour is gratis voor de klant, als het pakket niet is geopend en met de bon.', 0),
  inGerman('Zwrot jest bezpłatny, jeśli towar nie jest używany i ma się na to rachunek.', 0),
  inGerman('Возврат бесплатный, если товар не был в употреблении и у вас есть чек на него.', 0),
  inGerman('반품은 30일 이내에 무료입니다.', 0),
  inGerman('الإرجاع مجاني خلال ثلاثين يوما', 0),
  inGerman('Η επιστροφή είναι δωρεάν εντός 30 ημερών.', 0),
  inGerman('const a = 1', undefined),
  inGerman('```js\nthe of and to is that it for you\n```\nDas ist der Code, den du für die Aufgabe brauchst.', 1),
  inGerman('OK', undefined),

  of('length', { options: { max: 3 } })('one two three', 1),
  of('length', { options: { max: 3 } })('one two three four', 0),
  of('length', { options: { min: 2 } })('one', 0),
  of('length', { options: { min: 2 } })("don't stop", 1),
  of('length', { options: { max: 5, unit: 'characters' } })('👍👍👍👍👍', 1),
  of('length', { options: { max: 5, unit: 'characters' } })('abcdef', 0),
  of('length', { options: { min: 2, max: 2, unit: 'sentences' } })('It is 3.5 metres. Is it high?', 1),
  of('length', { options: { min: 2, max: 2, unit: 'sentences' } })('終わりました。次はどうしますか？', 1),
  of('length', { options: { min: 2, max: 2, unit: 'sentences' } })('One only', 0),
  of('length', { options: { max: 4, unit: 'words' } })('富士山は', 1),

  of('patterns', { options: { required: ['\\bA-\\d+\\b'] } })('Your order A-17 is on its way.', 1),
  of('patterns', { options: { required: ['\\bA-\\d+\\b'] } })('Your order is on its way.', 0),
  of('patterns', { options: { forbidden: ['guarantee'] } })('We guarantee it.', 0),
  of('patterns', { options: { forbidden: ['guarantee'] } })('Guarantee it.', 1),
  of('patterns', { options: { forbidden: ['guarantee'], ignore_case: true } })('Guarantee it.', 0),
  of('patterns', { options: { required: ['yes', 'no'] } })('yes', 0),
  of('patterns', { options: { required: ['yes'], forbidden: ['no'] } })('yes, and nothing else', 0),
  of('patterns', { options: { forbidden: ['^\\s*$'] } })('', 0),

  of('repetition')('too short to say anything about it at all', undefined),
  of('repetition')('Open the settings, choose your account, and press the button with the name of the shop. Then wait until the page has loaded again.', 1), // biome-ignore format: one line
  of('repetition')('and on it goes '.repeat(25), 4 / 97),
  of('repetition')('私は行く。'.repeat(10), 4 / 37),

  grounded('The battery is covered for 24 months from the date of purchase.', 1),
  grounded('The battery is covered for 36 months from the date of purchase.', 0),
  grounded('The battery is covered for 24 months. Damage by lightning is always repaired by our partners.', 0.5),
  grounded('Returns are free within 30 days [returns].', 1),
  grounded('Returns are free within 30 days [1].', 0),
  grounded('Returns are free within 30 days [2].', 1),
  grounded('Returns are free within 30 days. [2]', 1),
  grounded('Returns are free within 30 days [7].', 0),
  grounded('Here you are:', undefined),
  grounded('Shipping to Switzerland costs 12 francs [1, 2].', 1),
  cited('Returns are free within 30 days.', 0),
  cited('Returns are free within 30 days [2]. Shipping to Switzerland costs 12 francs.', 0.5),
  marked('Mount Fuji is 3,776 metres high [1]. It last erupted in December 1707 [b].', 1),
  marked('Mount Fuji is 3,776 metres high [b].', 0),
  of('groundedness')('Nothing was retrieved for this answer.', undefined),
]
