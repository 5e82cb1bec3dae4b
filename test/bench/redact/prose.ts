// Sentences of which the texts of the speed measurement are made; written for it.

/** What people and models write to each other. */
export const ENGLISH =
  `You are a helpful assistant for the customers of an online shop. Answer in the language of the question.
Please summarise the attached document in five bullet points and keep every figure that appears in it.
I ordered the blue jacket three weeks ago and the parcel still says "in transit"; could you look into it?
The quarterly report shows that revenue grew by 12.4% while operating costs stayed flat at 3.1 million.
If the tool returns an empty list, ask one short question instead of guessing what the user meant.
Sure! Here is a step-by-step plan: first we reproduce the failure, then we bisect the last 40 commits.
The model was trained on public data up to June 2024, so it may not know about later releases.
Thanks for the quick reply, that solved it. One more thing: can I change the delivery address afterwards?
Our support team is available Monday to Friday from 9:00 to 17:30, except on public holidays.
Think about the trade-off between latency and accuracy before you choose an index for the vector store.
The function retries up to 5 times with exponential backoff, starting at 250 ms, and then gives up.
In my opinion the second draft is clearer, although the introduction could be shorter (about 80 words).
The patient reported mild headaches in the evening; no fever, no other symptoms were observed.
Note: results are cached for 15 minutes, therefore a change of the settings may not be visible at once.
Can you translate the following paragraph into French, and explain the idioms that do not translate well?
The museum opened in 1887 and was rebuilt after the fire of 1923; today it has 214,000 visitors a year.
As discussed in the last meeting, the migration to the new cluster is planned for the first week of March.
Write a haiku about autumn rain. Then write a limerick about a programmer who forgot a semicolon.
We noticed that the checkout page takes more than 4 seconds on slow phones, mostly because of web fonts.
The error only happens when two workers claim the same job, which is why the tests never caught it.
Always cite the source of a statement as [1], [2] and so on; never invent a source that was not given.
My cat knocked the router off the shelf again, so I will be late for the stand-up, sorry about that.
According to the documentation the parameter is optional; in practice the server answers 400 without it.
Let me know whether Tuesday at 14:00 works for you, otherwise I can move the call to Thursday morning.`.split('\n')

export const JAPANESE =
  `いつもお世話になっております。先日注文した商品がまだ届いていないのですが、配送状況を確認していただけますか。
あなたは優秀なアシスタントです。質問には丁寧な日本語で、できるだけ簡潔に答えてください。
このモデルは長い文章の要約が得意ですが、計算を間違えることがあるので、必ず検算してください。
会議は来週の火曜日の午後3時から、本社の第2会議室で行います。資料は前日までに共有します。
新しい料金プランは4月1日から適用され、既存の利用者には30日前までにメールで通知されます。
東京の気温は平年より2度高く、週末は全国的に雨になる見込みです。傘をお持ちください。
エラーの原因は設定ファイルの文字コードでした。UTF-8で保存し直したところ、正常に動作しました。
検索結果が見つからない場合は、推測で答えずに、利用者に短い質問を一つだけ返してください。
京都の紅葉は11月下旬が見頃です。清水寺の夜間拝観は大変混雑しますので、平日をおすすめします。
ご不明な点がございましたら、画面右下の「お問い合わせ」からいつでもご連絡ください。`.split('\n')

/** German, French, Spanish, Portuguese, Italian, Swedish: with letters of Latin-1. */
export const LATIN = `Die Lieferung verzögert sich um drei Tage, weil das Lager über die Feiertage geschlossen war.
Können Sie mir erklären, warum die Rechnung höher ausfällt als das Angebot vom vergangenen Monat?
Für die Übergabe müssen alle Prüfungen grün sein; danach löschen wir die alten Einträge.
Le résumé doit tenir en cinq phrases et citer les chiffres qui figurent dans le document joint.
La réunion est reportée à jeudi, à 15 heures, parce que la moitié de l'équipe est en congé.
Le modèle répond très vite, mais il se trompe souvent dès qu'il faut compter plus de dix éléments.
El pedido llegó tarde y la caja estaba dañada; ¿podrían enviarme otra sin coste adicional?
La función devuelve una lista vacía cuando la búsqueda no encuentra ningún resultado en la página.
A atualização será instalada amanhã à noite, e o serviço ficará indisponível por 20 minutos.
Não é possível alterar o endereço depois que a encomenda já saiu do armazém.
Perché la pagina è così lenta? Le immagini pesano più di 4 MB e non vengono compresse.
Mötet börjar klockan nio och vi går igenom frågorna från förra veckan innan vi beslutar något.`.split('\n')

/** Russian, Greek, Chinese, Korean, Arabic, Hindi, Thai, Vietnamese. */
export const OTHER_SCRIPTS = `Соединение с базой данных прервано, повторная попытка начнётся через 30 секунд.
Пожалуйста, кратко изложите приложенный документ и сохраните все цифры, которые в нём есть.
Η αναζήτηση δεν βρήκε αποτελέσματα, δοκιμάστε ξανά με λιγότερες λέξεις.
我们今天下午讨论了新的检索方案，决定先在测试环境里运行两个星期。
这个函数返回三个值，调用者必须检查第二个值是否为空。
데이터베이스 연결이 끊어졌습니다. 관리자가 로그를 확인한 뒤 다시 시작합니다.
회의는 다음 주 화요일 오후 3시에 2층 회의실에서 열립니다.
تأخر وصول الطلب ثلاثة أيام بسبب العطلة، ونعتذر عن الإزعاج.
कृपया संलग्न दस्तावेज़ को पाँच बिंदुओं में संक्षेप में लिखें।
ระบบจะปิดปรับปรุงคืนนี้เวลา 22.00 น. ใช้เวลาประมาณหนึ่งชั่วโมง
Cuộc họp được dời sang thứ năm vì nhiều thành viên đang đi công tác.`.split('\n')

/** Pieces of programs as models write and read them. */
export const CODE = [
  `export async function loadPage(id: string, { signal }: Options = {}): Promise<Page> {
  const response = await fetch(\`\${base}/pages/\${encodeURIComponent(id)}\`, { signal, headers: { accept: 'application/json' } })
  if (!response.ok) throw new HttpError(response.status, await response.text())
  return parsePage(await response.json())
}
`,
  `def chunk(items: list[T], size: int = 64) -> Iterator[list[T]]:
    """Yield lists of at most \`size\` items; the last one may be shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
`,
  `const config = {
  model: process.env.MODEL ?? 'gpt-4o-mini', temperature: 0.2, maxTokens: 1024,
  apiKey: process.env.OPENAI_API_KEY, retries: 3, timeout: 30_000,
}
`,
  `func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if v, ok := s.items[key]; ok && time.Now().Before(v.expires) {
		return v.data, nil
	}
	return nil, fmt.Errorf("get %q: %w", key, ErrNotFound)
}
`,
  `@dataclass(frozen=True)
class Vector:
    x: float = 0.0
    y: float = 0.0

    def __add__(self, other: "Vector") -> "Vector":
        return Vector(self.x + other.x, self.y + other.y)
`,
  `.card > .title:hover { color: #1a73e8; background: url("/img/bg@2x.png") 0 0 / cover; margin: 0 auto 1.5rem; }
@media (max-width: 640px) { .card { display: grid; grid-template-columns: 1fr; gap: 8px; } }
`,
]
