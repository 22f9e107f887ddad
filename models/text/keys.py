"""More noun phrases per topic, one list per language, separated by semicolons. The templates of `expand.py` wrap them into questions."""

KEYS = {
    "what-is": (
        "this gateway; the whole thing; your software; the Seseragi program; this streaming gateway; what you built; the overall system; the product called Seseragi; a summary of Seseragi; the concept of Seseragi; what Seseragi does",
        "このゲートウェイ; せせらぎというソフト; せせらぎというプログラム; このツール; せせらぎの機能; 製品の概要; このサービス; せせらぎの基本",
    ),
    "name": (
        "your name's meaning; the Japanese name; the title Seseragi; what Seseragi means; the translation of Seseragi; the pronunciation of Seseragi; the choice of the name; せせらぎ as a word; the reason for the name; the naming",
        "せせらぎの語源; この名称; ネーミング; 名前の理由; 「せせらぎ」という単語; 名前の読み方; 日本語の名前の意味",
    ),
    "guard": (
        "guard in the architecture; the module guard; who may call; who is allowed; authentication; authorization; permission checks; the security part; login; the permit; user access; verifying the caller; the responsibility of guard; admission",
        "guardモジュール; guardの担当; 認証; 認可; 権限の確認; 誰が使えるか; ログイン; permit; セキュリティの部分; guardの責任",
    ),
    "flow": (
        "flow in the architecture; the module flow; the responsibility of flow; the stream log; the log of the answer; a generation; a subscription; numbered deltas; reading the same stream twice; two readers of one stream; replaying an answer; sequence numbers; the storage of the stream",
        "flowモジュール; flowの担当; ストリームのログ; 生成のログ; サブスクリプション; 番号つきの断片; 回答の再生; 二つのタブで同じ回答; flowの責任; カーソル",
    ),
    "bridge": (
        "bridge in the architecture; the module bridge; the responsibility of bridge; WebSocket; server-sent events; SSE; the Connect protocol; client protocols; wire protocols; the OpenAI SDK as a client; relaying gRPC services; one port for everything; connecting a client; client libraries; curl",
        "bridgeモジュール; bridgeの担当; WebSocket; SSE; Connectプロトコル; 通信プロトコル; クライアントの接続; gRPCサービスの中継; OpenAI形式のクライアント; bridgeの責任; 一つのポート",
    ),
    "start": (
        "how to install it; how to start the server; how to run Seseragi; launching the server; Docker; Kubernetes; the installation steps; running it locally; a first try; the start command; deploying to the cloud; Cloud Run and Lambda; system requirements; the download; the setup on a new machine",
        "サーバーの起動; 導入; Docker; Kubernetes; ローカルでの実行; 最初の一歩; 起動コマンド; 動作環境; ダウンロード; クラウドへのデプロイ; サーバーの立ち上げ; 試し方",
    ),
    "resume": (
        "losing the connection; losing internet; a network outage; an interrupted answer; an interrupted stream; a disconnect in the middle of an answer; a dropped stream; continuing where it stopped; lost text after a reconnect; a broken network; going offline for a moment; reloading the page; a crash of the server during an answer; exactly-once delivery; the rest of a broken answer",
        "切断; ネットワークの切断; 回答の中断; 途切れた回答の続き; 回線切れ; オフラインになったとき; 接続が落ちること; リロード; 抜けのない再開; 通信断; 途中で切れた回答; サーバーの再起動と回答",
    ),
    "cancel": (
        "the cancel button; stop; pressing stop; hitting the stop button; ending an answer early; a cancelled answer; stopping the model; the text after a cancel; aborting a generation; an answer that is too long",
        "ストップボタン; キャンセルボタン; 中止; 生成を止めること; 回答を途中で止めること; 停止した後の文章; 取り消した回答; 生成の中断",
    ),
    "cors": (
        "a CORS failure; CORS errors in my web app; CORS problems; CORS in the browser; a cross-origin error; a blocked fetch; calls from another domain; calls from a different origin; the browser blocking my request; Access-Control headers; exposed headers; the origin of my page; OPTIONS requests",
        "CORSの失敗; CORSの問題; ブラウザーのCORSエラー; 別オリジン; オリジンの許可; Access-Controlヘッダー; ブロックされたリクエスト; 別サイトからの呼び出し; OPTIONSリクエスト",
    ),
    "cut-15s": (
        "a cut at 15 seconds; a stream cut off at fifteen seconds; the 15 second limit; streams that die after 15 seconds; an answer dropped after 15 s; a timeout of fifteen seconds; a disconnect after exactly 15 seconds; a stream that never lasts longer than 15 seconds; Envoy cutting streams; 15 seconds",
        "15秒の切断; 15秒の制限; 15秒で切れるストリーム; 15秒で終わる接続; 十五秒のタイムアウト; 15秒で止まる回答; Envoyの15秒; ちょうど15秒での切断",
    ),
    "buffering": (
        "text that comes all at once; the entire text at the end; output in one block; an answer that does not stream; a buffering proxy; nginx buffering; no visible streaming; the whole answer in one go; text that is not gradual; everything arriving at the end; words not appearing one by one; an empty page and then the full text; missing live output",
        "一度に出る文章; 最後に全文が出ること; ストリーミングされない回答; まとめて出る文字; 途中のプロキシのバッファ; 一気に表示されること; 少しずつ出ないこと; 全文が一度に届くこと; 逐次表示されない問題",
    ),
    "deadline": (
        "a DEADLINE_EXCEEDED status; the status DEADLINE_EXCEEDED; deadline errors; an exceeded deadline; a longer deadline; the deadline of Stream and Resume; a call that ran out of time; DEADLINE_EXCEEDED in my client; the gRPC deadline; setting a deadline",
        "DEADLINE_EXCEEDEDの原因; DEADLINE_EXCEEDEDという状態; 期限切れのコール; gRPCのデッドライン; 長いdeadline; deadline exceeded; 呼び出しの期限; デッドラインのエラー",
    ),
    "unavailable": (
        "an UNAVAILABLE error; UNAVAILABLE from the server; UNAVAILABLE in my client; status code UNAVAILABLE; error 14; a server that is down; a model that cannot be reached; a model server that is down; a failed connection to the server; a retry after UNAVAILABLE; no healthy upstream; 503",
        "UNAVAILABLEの対処; UNAVAILABLEという状態; エラーコード14; 落ちているサーバー; 届かないモデル; モデルサーバーの停止; UNAVAILABLEの再試行; 503エラー; 上流につながらない問題",
    ),
    "keepalive": (
        "keepalive intervals; the keepalive interval; too many pings; the too_many_pings error; pings; HTTP/2 keepalive; gRPC keepalive; GOAWAY; ENHANCE_YOUR_CALM; ping strikes; keepalive options; how often to ping; the right keepalive values; keepalive_timeout_ms",
        "keepaliveの間隔; キープアライブの設定; pingの頻度; ping; too many pings; gRPCのkeepalive; GOAWAYのエラー; キープアライブの値; pingの送りすぎ; ENHANCE_YOUR_CALM",
    ),
    "expiry": (
        "a token that expires during an answer; token expiration while streaming; an access token that runs out mid-answer; an answer that takes longer than the token; my token expiring before the answer is done; expiry of the JWT in a running stream; an old token and a running stream; a stream that outlives its token; login expiry during streaming",
        "回答中のトークン期限切れ; 配信中のトークン失効; 回答より先に切れるトークン; ストリーム中の認証切れ; 期限が過ぎたトークンとストリーム; 途中でのトークン失効; 実行中のストリームとJWTの期限",
    ),
    "tokens": (
        "short token lifetimes; the short life of JWTs; narrow scopes; the lifetime of access tokens; five-minute tokens; why tokens are short-lived; scoped tokens; token theft; leaked tokens; the validity of a JWT; refresh token rotation; signed tokens; tokens bound to a device",
        "トークンの寿命; アクセストークンの寿命; 5分のトークン; JWTの有効期間; トークンが短命な理由; スコープつきのトークン; トークンの盗難; 漏れたトークン; トークンの署名; アクセストークンの短さ",
    ),
    "limits": (
        "a cap on tokens per day; the number of streams I may open; my quota; my daily limit; a limit on requests; a maximum number of streams; per-user limits; rate limiting; throttling; how much one user may use; too many requests; how many streams a user may run; token budgets; the maximum length of an answer",
        "一日のトークン上限; ストリームの本数制限; 私のクォータ; 一日の上限; リクエストの制限; 同時に開ける数; ユーザーごとの上限; 使える量; 使いすぎの制限; 回数制限; 一人が使える量; 出力の長さの上限",
    ),
    "heartbeat": (
        "silent connections; a silent minute; a proxy that kills silent connections; heartbeat messages; keeping a quiet stream open; idle connections; a connection without traffic; long thinking of the model; a stream without text for a minute; idle cuts by the load balancer; quiet periods; pauses in the stream",
        "静かな接続; 無通信の接続; 沈黙した接続を切るプロキシ; ハートビートのメッセージ; モデルの長い考え時間; 何も流れない時間; アイドル接続; 長い無音; ストリームの休止; 無通信での切断",
    ),
    "grpc-web": (
        "native gRPC in the browser; plain gRPC in a browser; browsers and gRPC; gRPC calls from Firefox; gRPC from a web page; gRPC-Web instead of gRPC; gRPC-Web text mode; trailers in browsers; calling gRPC from the frontend; why browsers need gRPC-Web",
        "ブラウザーとgRPC; ブラウザーからの素のgRPC; WebページからのgRPC; gRPC-Webの必要性; gRPC-Webが要る理由; フロントエンドのgRPC; ブラウザーのトレーラー; gRPC-Webの仕組み",
    ),
    "six": (
        "seven open tabs; the seventh stream; a tab that just spins; a limit of six tabs; more than six streams; a browser with many tabs; tabs that hang; six parallel connections; HTTP/1.1 and six streams; stuck tabs; the last tab hanging; too many tabs",
        "七つのタブ; 七つ目のストリーム; 動かないタブ; 六つのタブの制限; 六本以上のストリーム; たくさんのタブ; 止まるタブ; 六本の接続; HTTP/1.1と六本の制限; 最後のタブが動かない問題",
    ),
    "slow": (
        "a sluggish client; lagging readers; a reader that lags; slow internet; memory and slow clients; slow downloads; a slow browser; a client that reads slowly; slow readers and other users; a weak connection; a reader that falls behind; backpressure in the server",
        "のろいクライアント; 遅れる読み手; 遅いネット; 遅いクライアントとメモリ; 遅いブラウザー; ゆっくり読むクライアント; 遅い人とほかの人; 弱い回線; 追いつかない読み手; 低速な回線",
    ),
    "own-model": (
        "using my own model; my GGUF; a different GGUF; vLLM as a backend; Ollama as a backend; a model on my own server; a Llama model; an external model server; OpenAI models; connecting a model server; changing the model; replacing the model; a model of my choice; larger models; the model file",
        "自分のGGUF; 別のGGUF; バックエンドのvLLM; Ollamaの接続; 自分のサーバーのモデル; Llamaのモデル; 外部のモデルサーバー; OpenAIのモデル; モデルの変更; モデルの交換; 好きなモデル; もっと大きいモデル",
    ),
    "small": (
        "your small size; your tiny size; why you are so small; the neural net behind this; a real language model or a lookup; the intelligence of this model; the training data of this model; your abilities; your limits as a model; such a tiny model; a model with two million parameters; the toy model; canned answers",
        "あなたの小ささ; モデルの小ささ; このモデルの賢さ; このモデルの学習データ; あなたの能力; モデルの限界; 小さいモデルの理由; 本物の言語モデルかどうか; おもちゃのモデル; このモデルの知識",
    ),
    "slo": (
        "your target for the first token; the speed target; the latency target; the first token; how fast the first text comes; the delay before the first text; response times; slow first text; the time until text appears; the waiting time for the first word; your speed promise; p95 latency; service level targets",
        "最初のトークン; 最初の文字の速さ; 応答の速さ; 最初の一言までの時間; 表示までの時間; 待ち時間の目標; 速度の約束; 遅延の目標; 最初の文章の遅さ; サービスレベルの目標; p95の遅延",
    ),
    "metrics": (
        "errors and load in production; tracking errors; watching the server; the state of the server; running streams on a dashboard; Prometheus metrics; a Grafana dashboard; tracing requests; the health of the system; finding the cause of errors; statistics about streams; logs and metrics; the admin console; a monitoring system; seeing what happens",
        "本番の監視; エラーの監視; サーバーの状態; ストリームの統計; Prometheusのメトリクス; Grafanaのダッシュボード; システムの健康状態; エラーの原因調べ; 稼働状況; 管理コンソール; 監視システム; 見える化",
    ),
    "mobile": (
        "my phone; my iPhone; my Android phone; a phone hopping from wifi to 4G; a change of network; network changes on a phone; battery drain; battery life; mobile users; use on the train; a phone that goes to sleep; roaming; 4G and 5G; phone batteries; mobile browsers",
        "私のスマホ; iPhone; Android; 回線の切り替え; ネットワークの切り替え; 電池の減り; バッテリーの持ち; モバイルの利用者; 電車での利用; スリープしたスマホ; 4Gと5G; スマホのブラウザー",
    ),
    "privacy": (
        "the things I ask; what happens to my questions; my text in log files; prompts in the logs; log files; the storage of my prompts; secrecy of my chat; confidential text; who reads my questions; recording of conversations; my private data; logged prompts; user data",
        "私の質問; 質問の行方; ログファイルの中身; ログの中のプロンプト; 入力した文章の記録; 会話の秘密; 誰が質問を読むか; 会話の記録; 私のデータ; 記録されるプロンプト; ログファイルへの書き込み",
    ),
    "greeting": ("", ""),
    "who": ("your identity; your name; your maker; who you are; which AI you are; ChatGPT and you", "あなたの名前; あなたの正体; あなたの開発者; あなたが誰か; どのAIか"),
    "unknown": (
        "sore shoulders; a good stretch; Beethoven; pandas; the zoo; the wind on Thursday; autumn leaves; multiplication; a marathon plan; ballet; surfing; my taxes; a sofa; fish and chips; the Vikings; the Louvre; camels; mosquitoes; knitting; the lottery; a haircut; vampires; skiing; a barbecue; cucumbers; Mexico; Korean drama; a tattoo; karate; the flute; a spaceship; volcanoes; earthquakes; a bus ticket; sunburn; hay fever; a cactus; my aunt; the pope; chocolate; whisky; a puzzle; crosswords; the Bible; astrology; a tractor; perfume; a diamond; marriage; the army; Greek myths; Zeus; a castle; penguins; sharks; snakes; horses; rabbits; chickens; milk; honey; salt; sugar; potatoes; garlic; onions; apples; a salad; breakfast; lunch; dinner; a diet; the gym; muscles; knees; skin care; a nurse; a dentist; surgery; the brain; blood types; bacteria; a virus infection; plants; mushrooms; the desert; rivers in Asia; islands; beaches; Canada; India; China; Russia; Brazil; Egypt; Greece; Rome; Vienna; Hawaii; the Alps; clouds; rainbows; lightning; seasons; spring; winter; comets; galaxies; rockets; NASA; time travel; calculus; logarithms; probability; a dice game; a coin toss; Sudoku; Tetris; Mario; Zelda; the Beatles; Madonna; hip hop; drums; a violin; ballads; museums; statues; theatre; Hollywood; Oscars; cartoons; Disney; Harry Potter; Sherlock Holmes; Dracula; fairy tales; proverbs; synonyms; commas; Esperanto; Arabic; Hindi; sign language",
        "肩こり; ストレッチ; ベートーベン; パンダ; 動物園; 木曜日の風; 秋の紅葉; かけ算; バレエ; サーフィン; 確定申告; ソファ; 焼き魚; 忍者; 美術館; ラクダ; 蚊; 編み物; 美容院; 吸血鬼; スキー; 焼き肉; きゅうり; メキシコ; 韓国ドラマ; 空手; フルート; ロケット; 花粉症; サボテン; おばあちゃん; チョコレート; ウイスキー; パズル; 聖書; 星占い; 香水; ダイヤモンド; 軍隊; ギリシャ神話; お城; ペンギン; サメ; 蛇; 馬; うさぎ; にわとり; 牛乳; はちみつ; 塩; 砂糖; じゃがいも; にんにく; 玉ねぎ; りんご; サラダ; 朝ごはん; 昼ごはん; 晩ごはん; 筋トレ; 膝; 肌荒れ; 看護師; 手術; 脳; 血液型; 細菌; 植物; きのこ; 砂漠; 島; 海水浴; カナダ; インド; 中国; ロシア; エジプト; ギリシャ; ハワイ; 雲; 虹; 雷; 春; 夏休み; 冬; 彗星; 銀河; 対数; 確率; サイコロ; 数独; マリオ; ビートルズ; ドラム; バイオリン; 博物館; 歌舞伎; 落語; ディズニー; 桃太郎; ことわざ; 類語; 句読点; アラビア語; 手話; 茶道; 華道; 神社; お寺; 盆踊り; 花火; 温泉; 和服; 畳; 柔道; 剣道; 駅伝; 高校野球",
    ),
}
