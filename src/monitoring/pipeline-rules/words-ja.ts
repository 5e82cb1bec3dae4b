// The texts of the alerts in Japanese. What stands in braces is that of the English ones: a test compares them, and misses none.

interface Words {
  readonly summary: string
  /** What is lost and why it matters, then what to do. */
  readonly description: string
}

const app = '{{ or $labels.service_name $labels.job }}'
const mountpoint = '{{ $labels.system_filesystem_mountpoint }}{{ $labels.mountpoint }}'
const count = '{{ $value | humanize }}'
const share = '{{ $value | humanizePercentage }}'
const since = '{{ $value | humanizeDuration }}'
const instance = '{{ $labels.instance }}'
const words = (summary: string, description: string): Words => ({ summary, description })

const restart = '再起動してください。終了の理由はログにあります。'

/** By name; where two alerts share one, by name and severity. */
export const japanese: Readonly<Record<string, Words>> = {
  AfnCollectorDown: words(
    '{{ $value }} 台の Collector に接続できません。',
    `アプリは数分間データを保持し、その後失います。ほかのアラートは Collector を通るデータに基づくため、同じく鳴りません。${restart}`,
  ),
  AfnCollectorRestarting: words(
    `${instance} の Collector が 30 分に {{ $value }} 回起動しました。`,
    '終了のたびに、未判定だったトレースは sampled と errors から欠けます。メモリ不足で停止した場合はメモリを増やし、それ以外はログが示す原因を直してから afn-otel reconcile を実行してください。',
  ),
  AfnCollectorMemoryLimited: words(
    `${instance} の Collector が、メモリ不足のためデータを拒否しています。`,
    'アプリは数分間再送し、その後データを失います。メモリの上限を上げるか、AFN_NUM_TRACES と pipeline.scale のキューを減らしてください。',
  ),
  AfnCollectorRefused: words(
    `レシーバー {{ $labels.receiver }} が、10 分間に ${count} 件のスパン・データポイント・レコードを拒否しました。`,
    'アプリは数回再送し、その後データを失います。キューまたはキューのディスクが満杯か、メモリが不足しています。満杯のキューのストアを復旧するか、ディスクを空けてください。afn-otel doctor がどれかを示します。',
  ),
  AfnCollectorQueueFilling: words(
    `{{ $labels.exporter }} のキューが ${share} 埋まっています。`,
    '満杯になると、Collector はアプリからのデータをすべてのストアについて拒否します。その前にストアを復旧するか、pipeline.scale でキューを大きくしてください。',
  ),
  AfnCollectorNotDelivering: words(
    `{{ $labels.exporter }} は 10 分間何も届けておらず、${count} 件が待っています。`,
    '待っているデータはディスクにあり、遅れて届きます。キューが満杯になるまでは何も失われません。ストアを復旧してください。ストアの応答は Collector のログにあります。',
  ),
  AfnCollectorDataLost: words(
    `{{ $labels.exporter }} が、10 分間に ${count} 件のスパン・データポイント・レコードを失いました。`,
    'ストアが最終的に拒否したか、キューが満杯でした。再送はされません。Collector のログにあるストアの応答の原因を直すか、キューを大きくしてください。層に欠けたスパンは afn-otel reconcile で戻ります。',
  ),
  AfnCollectorTracesDroppedEarly: words(
    `${count} 件のトレースが、判定の前に追い出されました。`,
    '失敗したトレースが errors から、遅いトレースが sampled から欠けています。detailed にはあります。AFN_NUM_TRACES を「毎秒のトレース数 × AFN_DECISION_WAIT × 2」まで上げ、afn-otel reconcile を実行してください。',
  ),
  AfnCollectorSamplingErrors: words(
    `サンプリングのポリシーが 10 分間に ${count} 回失敗しました。`,
    '残すはずのトレースが sampled と errors から欠けている可能性があります。Collector のログが示すポリシーを pipeline.policies で直し、afn-otel reconcile を実行してください。',
  ),
  AfnCollectorInvalidSpans: words(
    `ID のないスパンが 1 時間に ${count} 件除かれました。`,
    'いずれかのクライアントが送っています（この SDK ではありません）。1 件でもあれば Tempo はバッチ全体を拒否します。前後のトレースのサービス名からクライアントを特定し、修正または更新してください。',
  ),
  AfnLangfuseNotDelivering: words(
    `LangFuse は 10 分間何も受け取っておらず、${count} 件の LLM スパンが待っています。`,
    'LangFuse、その背後のサーバー、または手前のプロキシが停止しています。スパンはディスクで待ち、キューが満杯になると LangFuse の分だけが失われます（Tempo には届きます）。プロキシと LangFuse を再起動するか、LangFuse の現在の鍵を Collector に渡してください。',
  ),
  AfnLangfuseQueueFilling: words(
    `LangFuse 向けの LLM スパンのキューが ${share} 埋まっています。`,
    '入りきらない分は LangFuse では失われますが、Tempo には届きます。LangFuse を復旧するか、pipeline.scale.langfuse_queue を上げてください。',
  ),
  AfnLangfuseDataLost: words(
    `LangFuse が 10 分間に ${count} 件の LLM スパンを失いました。`,
    '最終的に拒否されたか、キューが満杯でした。Tempo にはあります。Collector のログにある LangFuse の応答の原因を直すか、LangFuse を復旧してください。',
  ),
  AfnTempoDown: words('Tempo に接続できません。', `トレースは Collector のキューで待ち、誰も読めません。${restart}`),
  AfnTempoDiscarding: words(
    `Tempo が {{ $labels.tenant }} のスパンを ${count} 件捨てました: {{ $labels.reason }}。`,
    'その層では失われています。テナントの上限が低すぎるか、トレースが大きすぎます。理由が示す tempo-overrides.yaml の上限を pipeline.scale で上げてください。',
  ),
  AfnTempoRefusing: words(
    `Tempo が 10 分間に ${count} 件のスパンを拒否しました。`,
    'Collector は再送しますが、最終的な拒否であれば失われます。理由は Tempo のログにあります（ディスク、上限、未知のテナント）。',
  ),
  AfnTempoFlushFailing: words(
    'Tempo がトレースをディスクに書き込めませんでした。',
    'メモリにしかないトレースは再起動で失われます。Tempo を再起動する前に、ディスクを空けるか修理してください。',
  ),
  AfnTempoCompactionFailing: words(
    `Tempo の圧縮が 1 時間に ${count} 回失敗しました。`,
    'ブロックが増えるほど検索は遅くなり、ディスクも早く埋まります。ディスクを空け、ログが壊れていると示すブロックを移動してください。',
  ),
  AfnTempoRetentionFailing: words(
    'Tempo が期限切れのトレースを削除できませんでした。',
    '約束より長く保存され、ディスクが埋まります。Tempo のログがブロックを示します。Tempo に削除の権限を与えてください。',
  ),
  AfnTempoOverridesBroken: words(
    'Tempo が tempo-overrides.yaml を読めません。',
    '以前の上限と保存期間のまま動き続けますが、再起動はできません。afn-otel generate を再実行してファイルを書き直してください。ログが行を示します。',
  ),
  AfnLokiDown: words('Loki に接続できません。', `ログは Collector のキューで待ち、誰も読めません。${restart}`),
  AfnLokiDiscarding: words(
    `Loki が ${count} 件のログを拒否しました: {{ $labels.reason }}。`,
    '速すぎたものは再送されますが、それ以外は失われます。理由は loki.yaml が許さないものを示します。',
  ),
  AfnLokiRetentionFailing: words(
    `Loki が 1 時間に ${count} 回、ログを削除できませんでした。`,
    '期限切れのものや、消去された人のものが、約束より長く残ります。Loki のログがファイルを示します。削除の権限とディスクの空きを与えてください。',
  ),
  AfnThanosDown: words(
    `${instance} の Thanos に接続できません。`,
    `high より古いメトリクスを読めないか、アップロードや圧縮が止まっています。1 か月の間は Prometheus が保存しているため、失われるものはありません。${restart}`,
  ),
  AfnThanosUploadFailing: words(
    `Prometheus のブロックをバケットにアップロードできません: 1 時間に ${count} 回失敗しました。`,
    'ブロックは Prometheus のディスクだけにあり、保存期間が過ぎると削除されます。thanos-sidecar のログがバケットの応答（キー、名前、アドレス）を示します。',
  ),
  AfnThanosCompactorHalted: words(
    'Thanos の compactor が停止しました。',
    '粗い解像度は作られず、バケットからは何も削除されません。データが約束より長く残ります。ログがブロックを示します。thanos tools bucket mark で印を付け、compactor を再起動してください。',
  ),
  AfnPrometheusDown: words(
    `${instance} の Prometheus に接続できません。`,
    `その解像度のメトリクスは Collector のキューで待ちます。medium であれば 30 日の予算も止まります。${restart}`,
  ),
  AfnPrometheusConfigReloadFailed: words(
    `${instance} の Prometheus が新しい設定を拒否しました。`,
    '以前のルールで動き続けますが、新しい設定では起動できません。prometheus.yml に promtool check config を実行し、示された箇所を直すか afn-otel generate を再実行してから、再読み込みしてください。',
  ),
  AfnRuleEvaluationFailing: words(
    '{{ $labels.rule_group }} のルールが失敗しています。',
    '発生すべきアラートが発生しません。目標またはパイプラインの一部が監視されていません。Prometheus の /rules でエラーを確認し、ルールか重複する系列を直してください。',
  ),
  AfnRuleEvaluationSlow: words(
    '{{ $labels.rule_group }} の評価に時間がかかり、評価が飛ばされています。',
    'アラートが遅れ、記録に欠けが生じます。Prometheus の CPU を増やすか、ルールの系列を減らしてください。',
  ),
  AfnPrometheusNoAlertmanager: words(
    'Prometheus が Alertmanager を一つも知りません。',
    'どのアラートも誰にも届きません。このアラートも Prometheus の中だけにあります。prometheus.yml の "alerting" を直すか、afn-otel generate を再実行してください。',
  ),
  AfnNotificationsDropped: words(
    `Prometheus が 10 分間に ${count} 件のアラートを Alertmanager に渡せませんでした。`,
    '発生中のものは再送されますが、その間に終わったものは通知されていません。Alertmanager を再起動してください。応答は Prometheus のログにあります。',
  ),
  AfnPrometheusDatabaseFailing: words(
    `${instance} の Prometheus のデータベースが、書き込み・圧縮・整理のいずれかに失敗しました。`,
    'ディスクが満杯か故障しています。次の再起動でサンプルを失うおそれがあり、古いものも残ります。ディスクを空け、壊れたブロックやログは移動して再起動してください。',
  ),
  AfnPrometheusRejectsSamples: words(
    `${instance} の Prometheus が、15 分間に ${count} 件のサンプルを保存しませんでした。`,
    '受け付ける期間より古いか、一つの系列に同じ時刻のものが二つありました。二つのプロセスが一つとみなされています。プロセスごとに service.instance.id を付け、時計を NTP で合わせ、長く待ったキューがないか確認してください。',
  ),
  AfnPrometheusRetentionWrong: words(
    `${instance} の Prometheus の保存期間が、表と異なります。`,
    '保存期間より長い予算は誤りになるか、データが約束より長く残ります。afn-otel generate が書いた prometheus.yml で、サイズの上限なしに起動してください。',
  ),
  AfnRemoteWriteFailing: words(
    '目標の記録が、30 日保存する Prometheus に届いていません。',
    '30 日の予算が止まっています。記録は 2 時間待ち、その後失われます。prometheus-medium を --web.enable-remote-write-receiver 付きで再起動してください。',
  ),
  AfnAlertmanagerDown: words(
    '{{ $value }} 台の Alertmanager に接続できません。',
    `一台もなければ誰にも通知されません。復旧すると、発生中のアラートは Prometheus が再送します。${restart}`,
  ),
  AfnAlertmanagerConfigReloadFailed: words(
    'Alertmanager が新しい設定を拒否しました。',
    '以前の経路とチャンネルで動き続けますが、新しい設定では起動できません。afn-otel alerts check を実行して示された箇所を直し、afn-otel generate を再実行してから再読み込みしてください。',
  ),
  AfnChannelFailing: words(
    `Alertmanager が {{ $labels.integration }} で ${count} 件の通知を送れませんでした。`,
    'そのチャンネルだけを見ている人には通知されていません。ほかのチャンネルに影響はありません。そのチャンネルに afn-otel alerts test を実行すると、宛先・シークレット・ネットワークのどれが誤りか分かります。',
  ),
  AfnAlertsInvalid: words(
    `Alertmanager が、送られた ${count} 件のアラートを拒否しました。`,
    'これらは誰にも通知されません。Alertmanager が受け付けないラベルを持つルールがあります。afn-otel generate を再実行し、ほかの人が書いたルールを直してください。Alertmanager のログがラベルを示します。',
  ),
  AfnAlertmanagerPeersLost: words(
    `${instance} の Alertmanager から見えるメンバーが {{ $value }} 台しかありません。`,
    'それぞれが別々に通知するため、同じ通知が二度届き、サイレンスは片側でしか効きません。Pod 同士が TCP と UDP のポート 9094 で通信できるようにしてください。',
  ),
  AfnAlertReceiverDown: words(
    'アラートレシーバーに接続できません。',
    `チケットは作られず、エスカレーションも対応開始の記録もできません。ほかのチャンネルは動いています。${restart}Alertmanager が渡せなかったものは自動で再送されます。`,
  ),
  AfnReceiverChannelBlocked: words(
    'アラートレシーバーがチャンネル {{ $labels.channel }} を使えません。',
    '再送では直らない形で拒否されました（誤ったシークレット、なくなった宛先）。宛ての通知は待っています。正しいシークレットをファイルに入れてください。レシーバーは自動で読み直し、待っているものを送ります。',
  ),
  AfnReceiverBehind: words(
    '{{ $labels.channel }} 宛てのアラートが 30 分以上待っています: 現在 {{ $value }} 件。',
    '相手が受け付ける量を制限しているか、停止しています。何も失われませんが、通知が遅れます。停止中であれば待つか別のチャンネルを指定し、多すぎる場合は最も多く発生しているものを直すかサイレンスしてください。',
  ),
  AfnJobStale: words(
    `{{ $labels.afn_job_name }} が最後に成功したのは ${since} 前です。`,
    '続けて 3 回、実行が始まらなかったか、結果を報告していません。cost-budget がなければ予算超過は誰にも通知されず、reconcile がなければ停止した Collector の分が層から欠け、janitor がなければ LangFuse のデータが消えません。手で実行すると、足りないものが分かります。',
  ),
  AfnJobFailing: words(
    '{{ $labels.afn_job_name }} の直近 {{ $value }} 回の実行が失敗しました。',
    'その仕事は行われていません。少なくとも 1 時間に 1 回は再試行します。足りないものはログにあります。',
  ),
  AfnJobNeverRan: words(
    '{{ $labels.afn_job_name }} は、3 回分の時間に一度も成功を報告していません。',
    '起動されていないか、実行が成功しないか、Collector に接続できません。ジョブのログを確認してください。',
  ),
  AfnLogsKeptTooLong: words(
    `Collector のファイルに、クラス {{ $labels.afn_logs_class }} のログが ${since} 前の分から残っています。`,
    '約束より長く保存されています。Collector はサイズだけで新しいファイルに移り、掃除では消えませんでした。掃除を手で実行すると、書き込めないファイルが分かります。',
  ),
  AfnServiceSilent: words(
    `${app} は 30 分間 {{ $labels.signal }} を送っていません。一日中、また昨日の同じ時刻にも送っていました。`,
    '停止しているか、Collector に接続できないか、計装なしで起動されています。アプリのホストで afn-otel doctor を実行してください。サービスを止めた場合は、アラートを半日サイレンスしてください。',
  ),
  AfnRedactionLeak: words(
    `${app} が通した個人データを、Collector が ${count} 件のレコードで伏せました。`,
    'ストアでは伏せられていますが、プロセスからは平文で出ています。第一段のマスキングに穴があるか、設定に例外があります。そのサービスのトレースで属性を見つけ、設定の redaction.rules か新しい @afn/otel で伏せてください。',
  ),
  AfnRedactionForeign: words(
    `${app} が、自身では伏せない個人データを送っています。`,
    'Collector が伏せますが、そこまでは平文で送られます。自由文の中の名前は第一段でしか見つかりません。そのサービスを @afn/otel で起動するか、そのようなデータを送らないようにしてください。',
  ),
  AfnRedactionErrors: words(
    `${app} の ${count} 件の値で検出器が失敗しました。`,
    'いずれも全体が置き換えられたため漏れはありませんが、内容は失われました。アプリのログが示す独自のルールを直してください。',
  ),
  AfnCanaryArrived: words(
    `届いてはならない仕込みの値が ${app} から届きました。`,
    '同じようなデータも届いています。そのサービスのマスキングは働いていません。afn.dq.canary でスパンを見つけ、そのサービスの送信を止め、マスキングを直してください。',
  ),
  AfnDataQuality: words(
    `${app} のスパンの ${share} がルール {{ $labels.rule }} に反しています。`,
    'これが続く間、そのサービスの費用・トークン・時間は信頼できません。ルールごとに何を設定すべきかは afn-otel doctor が示します。',
  ),
  AfnMetricsDropped: words(
    `${app} が送ったデータポイントのうち ${count} 件は保存されていません: {{ $labels.rule }}。`,
    '保存しようとすれば、Prometheus が同じリクエスト全体を拒否するか、ほかの系列の場所を奪います。時計を NTP で合わせるか（point_time）、ラベルから ID を除くか（too_many_series）、メトリクスの作り方を直してください（invalid_metric、invalid_point）。',
  ),
  AfnTelemetryLost: words(
    `${app} が ${count} 件のスパン・データポイント・レコードを失いました: {{ $labels.error_type }}。`,
    'アプリが期限内に届けられず、保持する余地もありません。Collector を復旧するか、アプリの OTEL_BSP_MAX_QUEUE_SIZE と OTEL_BLRP_MAX_QUEUE_SIZE を上げてください。',
  ),
  AfnLogLinesLost: words(
    `${app} が {{ $labels.afn_logs_class }} のログを ${count} 行失いました。`,
    'ログのフォルダーが満杯か書き込めず、メモリにも余地がありませんでした。ディスクを空けるか、アプリに書き込みの権限を与えてください。',
  ),
  AfnAgentLoop: words(
    `${app} のエージェントが、{{ $labels.gen_ai_request_model }} を ${count} 回、ループの中で呼び出しました（停止: {{ $labels.afn_llm_loop_stopped }}）。`,
    '同じ手順を同じ結果のまま 3 回以上続けています。停止されなければ履歴が伸び、呼び出しのたびに費用が増えます。スパンの afn.llm.loop.tools でツールを見つけ、モデルが何を変えるべきかを結果に書いてください。AFN_LOOPS=stop はこのような実行を終わらせます。',
  ),
  'AfnHealthCheckFailing high': words(
    `${app} のチェック {{ $labels.afn_health_check_name }} {{ $labels.afn_health_check_component }} が失敗しています。`,
    'サービスはこれなしでは動けず、リクエストを受けていません。AFN_HEALTH_TOKEN を付けて /health を呼ぶと、どの依存先の何が悪いかが一語で分かります。',
  ),
  'AfnHealthCheckFailing medium': words(
    `${app} のチェック {{ $labels.afn_health_check_name }} {{ $labels.afn_health_check_component }} が失敗しています。`,
    'サービスは動き続けていますが、これが担う機能が欠けています。AFN_HEALTH_TOKEN を付けて /health を呼ぶと、どの依存先の何が悪いかが一語で分かります。',
  ),
  AfnDiskFull: words(
    `${app} のディスク ${mountpoint} が ${share} 埋まっています。`,
    'そこに書かれるキュー・ログ・トレースが失われます。不要なものを削除するか、保存期間を短くして generate を再実行してください。',
  ),
  AfnDiskFilling: words(
    `${app} のディスク ${mountpoint} がほぼ満杯か、4 時間以内に満杯になります。`,
    '満杯になると、そこに書かれるキュー・ログ・トレースが失われます。空きを作るか、ディスクを大きくするか、保存期間を短くして generate を再実行してください。',
  ),
  AfnInodesRunningOut: words(
    `${app} のディスク ${mountpoint} は inode を ${share} 使っています。`,
    '空きがあっても、まもなく新しいファイルを作れなくなります。古いログ、スプール、キャッシュなどの小さなファイルを削除してください。',
  ),
  AfnCertificateExpiring: words(
    `{{ $labels.server_address }}:{{ $labels.server_port }} の証明書は ${since} 後に失効します。`,
    '失効後は、証明書を検証するものから接続できなくなります。更新し、なぜ自動で更新されなかったかを確認してください。',
  ),
  AfnCloudflareErrors: words(
    `{{ $labels.afn_cloudflare_zone_name }} へのリクエストの ${share} が Cloudflare のエッジで失敗しています。`,
    '利用者には 500 以上の応答が見えています。アプリ自身のものか、オリジンに接続できない、または応答を理解できない場合の Cloudflare のもの（520～526）です。どのステータスか、オリジンが応答するかを確認してください。',
  ),
  AfnCloudflareSlow: words(
    `{{ $labels.afn_cloudflare_zone_name }} へのリクエストの 20 件に 1 件が、最初のバイトまで ${since} 以上待っています。`,
    'エッジでの測定なので、利用者自身のネットワークを除けば利用者が待つ時間です。オリジンとエッジのどちらの時間かを確認してください。',
  ),
  AfnEdgeProbeDown: words(
    'プローブ {{ $labels.afn_probe_name }} が Cloudflare のエッジから失敗しています。',
    '監視 Worker は 3 分間正常な応答を得ておらず、利用者も同じです。同じアドレスを自分で呼び、アプリの状態を確認してください。',
  ),
  AfnEdgeMonitorSilent: words(
    `監視 Worker が最後に動いたのは ${since} 前です。`,
    '外からの監視はこれだけで、ほかの監視がすべて失われたときに気付けるのもこれだけです。停止しているか、メトリクスが届いていません。cron トリガーが動いているかを確認し、再デプロイしてください。',
  ),
  Watchdog: words(
    'アラートは届いています。',
    'このアラートは常に発生しています。途絶えたら、通知の仕組み自体が壊れています。発生している間は何もする必要はありません。途絶えた場合は、ランブックが見る場所を示します。',
  ),
}
