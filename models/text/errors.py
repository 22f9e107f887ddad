"""Errors and browser trouble: CORS, deadlines, UNAVAILABLE, keepalive, gRPC-Web, six connections."""

TOPICS = {
    "cors": {
        "en_answer": "A CORS error means that the browser blocked a call to another origin. Allow the address of your page under "
        "cors.origins in the settings; the headers are then exposed by themselves.",
        "ja_answer": "CORSエラーは、ブラウザーが別オリジンへの呼び出しを止めたという意味です。設定のcors.originsでペ"
        "ージのオリジンを許可してください。",
        "en_keys": """
CORS
a CORS error
the CORS policy
allowed origins
cross-origin requests
a preflight request
the Access-Control-Allow-Origin header
blocked by CORS policy
the same-origin policy
""",
        "en": """
{I get|There is|I see|The browser shows|The console shows|Chrome reports|Firefox says} {a CORS error|CORS errors|a cross-origin error|"blocked by CORS policy"|a failed preflight|Access-Control-Allow-Origin missing}{| in the browser| in the console|, what now|, how do I fix it}
How {do|can} I {fix|solve|get rid of|avoid|handle} {a CORS error|CORS errors|the CORS problem|cross-origin errors|CORS}?
What {is|does} {CORS|a CORS error|blocked by CORS policy|a preflight request}{| mean}?
Why {does|is} {the browser|Chrome|Firefox|Safari|my browser} {block|blocking|refuse|reject} {my|the} {request|call|requests|fetch}{| to the server| to another origin|}?
{cors|CORS error|preflight|cross origin|access-control-allow-origin|OPTIONS request} {failed|blocked|fix|problem|header missing|in browser|not allowed|}
How do I {allow|add|configure|permit} {an origin|my origin|another origin|my website|my domain|localhost|a different domain|cross-origin requests}?
Where do I {set|configure|put|list} the {allowed origins|CORS settings|origin list|permitted domains}?
{My page|My frontend|The web app|My React app} is on {another|a different} {domain|origin|port|host} {than the server|and the call is blocked|and cannot call the server}
No 'Access-Control-Allow-Origin' header is present
{curl|Postman|The terminal} works but the browser {does not|blocks it|says no}
Request {blocked|refused|denied} by the {browser|same-origin policy|origin check|CORS policy}
The {OPTIONS|preflight} {request|call} {fails|is refused|returns an error|gets 403}
Which headers must be {exposed|allowed}{| for grpc-web| to the browser| for CORS}?
{Can|May} {a page|a website|my site} from {another|a different} {origin|domain} {call|use} {it|the server|Seseragi}?
Origin {not allowed|http://localhost:3000 is not allowed|rejected|mismatch|refused}
fetch {failed|is blocked} because of {another origin|the origin|cors|cross-site rules}
why can't my {website|javascript|frontend} call the api on {another|a different} {host|port|domain}
the red {cors|cross origin} {message|error} in the {dev tools|developer console}
grpc-status header {not visible|hidden|cannot be read} in {the browser|javascript}
""",
        "ja_keys": """
CORS
CORSエラー
CORSの設定
許可するオリジン
クロスオリジン
プリフライト
別ドメインからの呼び出し
""",
        "ja": """
{CORS|cors|CORSの|クロスオリジンの}エラー{が出る|が出ます|が出ました|になる|が表示される|で困っている|が消えない}{|。どうすれば|のですが|、どう直す|のはなぜ}{？|}
{CORS|CORSエラー|プリフライト|クロスオリジン}{とは|とは何ですか|って何|の意味は|を説明して}？
{CORS|CORSエラー}{の直し方|の解決方法|の対処法|を直すには|を解決したい|の原因|の設定方法}{は|を教えて|}{？|}
{ブラウザー|ブラウザ|Chrome|クローム}{が|に}{呼び出し|リクエスト|通信|アクセス}を{ブロックする|止める|拒否する|ブロックされた}{|のはなぜ|。なぜ}{？|}
{オリジン|別のオリジン|自分のドメイン|別ドメイン|localhost}を{許可する|許可したい|追加する|設定する}{には|方法は|}{？|}
{別の|違う|ほかの}{ドメイン|オリジン|ポート|サイト}{から|のページから}{呼べない|アクセスできない|呼び出せない|つながらない|使いたい}
Access-Control-Allow-Origin{がない|がないと言われる|ヘッダー|エラー}
{プリフライト|OPTIONSリクエスト|preflight}が{失敗する|通らない|拒否される|エラーになる}
curlでは{動く|通る}のにブラウザー{では動かない|だとエラー|で失敗}
許可する{オリジン|ドメイン}はどこで{設定|指定}{します|する}{か|の}？
{どの|公開すべき|必要な}ヘッダー{を公開すれば|は何}{いい|}？
フロントエンドから{別サーバー|別ホスト|API}を呼ぶと{ブロック|拒否}される
コンソールに{赤い|}{CORS|クロスオリジン}の{メッセージ|エラー}
同一オリジンポリシー{に引っかかる|とは|}
""",
    },
    "deadline": {
        "en_answer": "DEADLINE_EXCEEDED means that the time limit of the call ran out before the answer was complete. Give the call a longer "
        "deadline. The deadline of Stream bounds the generation, that of Resume only its reader.",
        "ja_answer": "DEADLINE_EXCEEDEDは、回答が終わる前に呼び出しの制限時間が切れたという意味です。deadlineを長くしてください。"
        "Streamの期限は生成全体に、Resumeの期限はその読み手だけにかかります。",
        "en_keys": """
DEADLINE_EXCEEDED
the error DEADLINE_EXCEEDED
deadlines
the deadline of a call
deadline exceeded
gRPC status 4
grpc-timeout
the time limit of a call
""",
        "en": """
What {does|is} {DEADLINE_EXCEEDED|deadline exceeded|the error DEADLINE_EXCEEDED|the deadline error|gRPC status 4|status code 4}{| mean|}?
{I get|I see|The call fails with|My client reports|My client gets|The stream ends with|There is} {DEADLINE_EXCEEDED|deadline exceeded|a deadline error|code 4|status 4 deadline exceeded}{|, why|, what now|, what can I do|}
How {do|can} I {fix|avoid|handle|solve|prevent} {DEADLINE_EXCEEDED|deadline exceeded|the deadline error|a deadline error}?
Why {do I get|does it say|is there|am I getting} {DEADLINE_EXCEEDED|deadline exceeded|a deadline error}{| in the middle of an answer|}?
{How|Where} do I {set|change|raise|extend|make longer|configure} {the deadline|a deadline|a longer deadline|the time limit of a call|grpc-timeout}?
{deadline|DEADLINE_EXCEEDED|deadline exceeded|grpc-timeout|grpc status 4} {error|meaning|fix|too short|problem|longer|help|}
{Which|What} deadline should I {set|use|choose|give}{| for a stream| for long answers|}?
The deadline {ran out|was too short|expired|is over|passed} {before the answer was complete|too early|}
My call {ran out of time|exceeded its time limit|took longer than allowed|hit the time limit}
What does the deadline {bound|limit|apply to|cover}?
Does {the deadline|a deadline} {stop|end|cancel|kill} the {generation|model|stream|answer}?
context deadline exceeded{| in my Go client|}
Is the deadline of {Resume|Stream} different from {that of Stream|that of Resume}?
{time limit|time allowed|allotted time} for {the|a} call {exceeded|is up|ran out}
what is the {difference|distinction} between the deadline of {stream and resume|resume and stream}
Error: 4 DEADLINE_EXCEEDED
my client sets {a timeout|a deadline} of {ten|30|thirty|five} seconds {and the call fails|and gets an error}
increase the {deadline|call timeout|grpc timeout|time limit}
{the rpc|the request|the call} was {aborted|ended} because its {deadline|time budget|time limit} {passed|was used up}
""",
        "ja_keys": """
DEADLINE_EXCEEDED
DEADLINE_EXCEEDEDエラー
デッドライン
deadlineの設定
呼び出しの制限時間
期限超過のエラー
""",
        "ja": """
{DEADLINE_EXCEEDED|deadline exceeded|デッドライン超過|DEADLINE_EXCEEDEDエラー|期限超過}{とは|とは何ですか|って何|の意味は|はどういう意味ですか|が出る|が出ました|になる|エラー}{？|}
{DEADLINE_EXCEEDED|deadline exceeded|デッドラインのエラー|ステータス4}{が出たら|が出るのですが|になったら}{どうすれば|どうしたら|どう対処すれば}{いい|いいですか|よいですか}？
{DEADLINE_EXCEEDED|デッドライン超過|期限切れのエラー}{の原因|の対処法|の直し方|を防ぐ方法}{は|を教えて}{？|}
{なぜ|どうして}{DEADLINE_EXCEEDED|デッドライン超過|deadline exceeded}{になる|が出る|が発生する}の？
{deadline|デッドライン|期限|制限時間}{を|は}{長くする|延ばす|設定する|変更する}{には|方法は|}{？|}
{deadline|デッドライン}{は|を}{どのくらい|何秒}{にすれば|に設定すれば|がいい}{いい|}？
{呼び出し|コール|RPC}の{制限時間|時間制限|期限}が{切れた|切れる|過ぎた|足りない}
{回答|生成}が終わる前に{期限|制限時間|デッドライン}が{来る|切れる|過ぎる}
{StreamとResume|ResumeとStream}の{deadline|期限}の違いは？
デッドラインは{何に|どこに}{かかる|効く}の？
時間{切れ|超過}のエラー{コード4|で失敗|になる}
grpc-timeout{とは|の設定|を変えたい}
""",
    },
    "unavailable": {
        "en_answer": "UNAVAILABLE means that the server or the model could not be reached, or that the connection ended before the stream did. "
        "Our clients reconnect and resume at once; other clients should try again after a short wait.",
        "ja_answer": "UNAVAILABLEは、サーバーやモデルに届かない、または接続だけが先に終わったという意味です。"
        "私たちのクライアントは自動で再開します。ほかのクライアントは少し待って再試行してください。",
        "en_keys": """
UNAVAILABLE
the error UNAVAILABLE
gRPC status 14
service unavailable
the status UNAVAILABLE
an unreachable server
an unreachable model
connection refused
""",
        "en": """
What {does|is} {UNAVAILABLE|the error UNAVAILABLE|the status UNAVAILABLE|the unavailable error|gRPC status 14|status code 14|error 14}{| mean|}?
{I get|I see|The call fails with|My client reports|My client gets|The stream ends with|There is} {UNAVAILABLE|an unavailable error|code 14|status 14 unavailable|"service unavailable"|error 503}{|, why|, what now|, what should I do|}
How {do|can|should} I {fix|avoid|handle|solve|react to} {UNAVAILABLE|an unavailable error|status 14|the error UNAVAILABLE}?
Why {do I get|does it say|is there|am I getting} {UNAVAILABLE|service unavailable|status 14|an unavailable error}?
{unavailable|UNAVAILABLE|grpc status 14|service unavailable|503} {error|meaning|fix|what to do|problem|retry|help|}
{Should|Can|May} I {retry|try again} {after|on|when I get} {UNAVAILABLE|an unavailable error|status 14}?
{The|My} {server|model|upstream|model server|backend|service} {cannot be reached|is not reachable|is down|is unreachable|does not respond|refuses the connection|is offline}
{What if|What happens when} the {model server|upstream|backend|runtime|model} {is down|cannot be reached|is unreachable|is not running}?
Error: 14 UNAVAILABLE{|: connection refused|: upstream connect error|: no connection established}
{upstream connect error|connection refused|no healthy upstream|failed to connect to all addresses|connect: connection refused}
Is UNAVAILABLE {retryable|safe to retry|temporary|permanent|a bug|my fault}?
How long should I wait before {trying again|a retry|retrying}?
The server {ended|closed|left} the connection {with UNAVAILABLE|and my client says unavailable|during a restart and I got unavailable}
{the service|the gateway|the endpoint} {seems|appears} {to be down|offline|unreachable}
nobody {answers|is listening} at the {server|address|port}
{can't|cannot} {reach|connect to} the {server|model|service|backend}
who is to blame for UNAVAILABLE, {the model|the server|my network}
a {classic|plain|standard} grpc client {shows|prints} UNAVAILABLE
""",
        "ja_keys": """
UNAVAILABLE
UNAVAILABLEエラー
ステータス14
サーバーに届かないエラー
サービス利用不可
接続拒否
""",
        "ja": """
{UNAVAILABLE|unavailable|UNAVAILABLEエラー|UNAVAILABLEというエラー|ステータス14|エラー14}{とは|とは何ですか|って何|の意味は|はどういう意味ですか|が出る|が出ました|になる|が返ってくる}{？|}
{UNAVAILABLE|unavailable|ステータス14}{が出たら|が出るのですが|になったら|が返ったら}{どうすれば|どうしたら|どう対処すれば}{いい|いいですか|よいですか}？
{UNAVAILABLE|UNAVAILABLEエラー}{の原因|の対処法|の直し方|への対応}{は|を教えて}{？|}
{なぜ|どうして}{UNAVAILABLE|ステータス14}{になる|が出る|が発生する}の？
{サーバー|モデル|モデルサーバー|上流|バックエンド|サービス}{に|へ}{届かない|つながらない|接続できない|到達できない|接続を拒否される}
{サーバー|モデル|モデルサーバー|バックエンド}が{落ちている|停止している|応答しない|動いていない|ダウンしている}{|と|とき}{どうなる|どんなエラー|}{？|}
{UNAVAILABLE|UNAVAILABLEのとき}{は|}{再試行|リトライ|やり直し}{していい|すべき|してもいい|できる}{ですか|？}
{サービスが|}利用{できない|不可}{という|の}エラー
{connection refused|接続拒否|接続できません}{が出る|と出る|エラー}
{503|サービス停止中|no healthy upstream}{が出る|エラー|と表示される}
{何秒|どのくらい}{待って|待ってから}{再試行|リトライ}すれば{いい|よい}？
""",
    },
    "keepalive": {
        "en_answer": "Keepalive pings show that an HTTP/2 connection still lives. The error too_many_pings means that a client "
        "pings more often than the server permits: make the client ping less often.",
        "ja_answer": "キープアライブのpingは、HTTP/2接続がまだ生きているか確かめるものです。too_many_pingsは"
        "間隔が短すぎるという意味です。クライアントのpingを減らしてください。",
        "en_keys": """
keepalive
keepalive settings
keepalive pings
too_many_pings
the error too_many_pings
HTTP/2 pings
the ping interval
GOAWAY too_many_pings
ENHANCE_YOUR_CALM
keepalive_time_ms
""",
        "en": """
What {does|is|are} {keepalive|keepalives|keepalive pings|too_many_pings|the error too_many_pings|a keepalive ping|ENHANCE_YOUR_CALM|GOAWAY too_many_pings}{| mean| for|}?
Which {keepalive|ping} {settings|options|values|parameters|interval} {do I need|should I use|are right|are allowed|are there|make sense}?
{I get|I see|The server sends|The connection is closed with|My client reports} {too_many_pings|too many pings|GOAWAY too_many_pings|ENHANCE_YOUR_CALM|a goaway because of pings}{|, why|, what now|, how do I fix it|}
How do I {set|configure|tune|choose|change|enable|turn on|turn off} {keepalive|keepalives|the keepalive settings|the keepalive time|the ping interval|pings|the keepalive timeout}?
How {often|frequently} {may|can|should} {a client|I|my client|the client} {ping|send pings|send a ping|send keepalive pings}?
{keepalive|too_many_pings|too many pings|http2 ping|ping|goaway|keepalive_time_ms|grpc keepalive} {settings|error|interval|config|fix|problem|options|}
Why {does|did} the server {close|drop|end|kill} my connection {because of pings|after a few pings|with too_many_pings|with a GOAWAY}?
How {do|can} I {avoid|prevent|fix|stop|solve} {too_many_pings|the too_many_pings error|too many pings|ping strikes}?
My client {pings|sends pings} too {often|much|frequently|fast}
What is the {minimum|shortest|default|lowest} {ping|keepalive} {interval|time} {that the server permits|on the server|allowed|}?
What is a ping strike?
{Does|Can} the server {send|answer|limit|count} {pings|keepalive pings}?
permit_without_calls{| option| in keepalive| setting|}
grpc.{keepalive_time_ms|keepalive_timeout_ms|http2.max_ping_strikes|keepalive_permit_without_calls}{| value| meaning| setting|}
connection closed: {too_many_pings|enhance your calm|goaway 11}
How does the {client|server} notice that {an HTTP/2|a|the} connection is {dead|broken} {with pings|by keepalive|}?
{goaway|a GOAWAY frame} {received|arrives} {with|saying} {too many pings|enhance your calm}
is a {ping|keepalive} every {10|20|ten|thirty|5} seconds {too often|allowed|ok}
punished for {pinging|sending pings} too {eagerly|quickly|often}
""",
        "ja_keys": """
キープアライブ
keepalive
too_many_pings
keepaliveの設定
HTTP/2のping
pingの間隔
GOAWAY
""",
        "ja": """
{キープアライブ|keepalive|キープアライブのping|too_many_pings|ENHANCE_YOUR_CALM}{とは|とは何ですか|って何|の意味は|はどういう意味ですか|について教えて}？
{too_many_pings|too many pings|GOAWAY|ENHANCE_YOUR_CALM}{が出る|が出ました|と言われる|で切られる|で切断される|エラー|の直し方|の対処法|を防ぐには}{？|}
{too_many_pings|too many pings}{が出たら|になったら|が出るのですが}{どうすれば|どうしたら}{いい|いいですか|よい}？
{キープアライブ|keepalive|ping|keepalive_time_ms}の{設定|設定方法|設定値|間隔|推奨値}{は|を教えて|を変えたい|はどうすれば}{？|}
{ping|キープアライブ|ピング}{は|を}{何秒ごと|どのくらいの間隔|どれくらいの頻度}で{送れば|送っても|送る}{いい|よい|の}{ですか|？}
{ping|ピング}を{送りすぎ|頻繁に送りすぎ|何度も送る}{ている|と|ると}{どうなる|切られる|言われた|怒られる}{？|}
{ping|ピング}の{最小間隔|最短間隔|回数制限|制限}{は|を変えるには|を下げるには}{？|}
{サーバー|接続}が{pingのせいで|pingが多くて|ping過多で}{切断する|切れる|閉じられる|切られた}
{接続|HTTP/2接続}が{生きている|死んでいる}か{pingで|キープアライブで}{確かめる|確認する}には？
クライアントのpingが{多すぎる|頻繁すぎる|速すぎる}
permit_without_calls{とは|の意味}？
キープアライブ{を有効にする|を切る|のタイムアウト}には？
""",
    },
    "grpc-web": {
        "en_answer": "Browsers cannot speak plain gRPC, because a web page has no access to HTTP/2 frames and trailers. gRPC-Web "
        "puts the trailers into the body, and Seseragi accepts it directly, in binary form.",
        "ja_answer": "ブラウザーは素のgRPCを話せません。WebページからHTTP/2のフレームやトレーラーを扱えないからです。g"
        "RPC-Webはトレーラーを本文に入れ、せせらぎはそれを直接受け付けます。",
        "en_keys": """
gRPC-Web
grpc-web
gRPC in the browser
gRPC from JavaScript
grpc-web-text
HTTP/2 trailers in the browser
the difference between gRPC and gRPC-Web
""",
        "en": """
Why {can't|can not|cannot|does not|doesn't} {a browser|the browser|browsers|a web page|JavaScript|Chrome} {speak|use|do|call|talk|send} {plain|native|normal|real|raw|} gRPC{| directly|}?
What is {gRPC-Web|grpc-web|grpcweb|grpc-web-text|the difference between gRPC and gRPC-Web|gRPC web}{| for| good for|}?
{Can|How can|How do} {I|we|a browser|a web page|JavaScript} {call|use|speak} gRPC {from|in|inside} {the browser|a browser|JavaScript|a web page|a web app|React|the frontend}?
{Do I need|Why do I need|Is there a need for} {gRPC-Web|grpc-web|a translation layer|a proxy for grpc-web|Envoy for grpc-web}{| in the browser|}?
How does {gRPC-Web|grpc-web} {work|differ from gRPC|send trailers|carry the trailers|stream}?
{grpc-web|grpc web|grpc in browser|grpc javascript|trailers in browser|grpc-web-text} {explained|why|support|vs grpc|how|what is it|not possible|}
Is gRPC {possible|available|supported|usable} in {the browser|a browser|browsers|Chrome|JavaScript|web apps}?
{Explain|Tell me about|Describe} {gRPC-Web|grpc-web|gRPC in the browser|the problem of gRPC and browsers}
What is {missing|lacking} in browsers {to speak|for} {gRPC|plain gRPC}?
Does {Seseragi|it|the server} {accept|understand|support|speak} {gRPC-Web|grpc-web|grpc-web-text|gRPC-Web directly}{| without Envoy| without a proxy|}?
Why are {HTTP/2 |}trailers a problem {in|for} {browsers|the browser|web pages}?
{gRPC|plain gRPC} versus {gRPC-Web|grpc-web}
{fetch|XHR|JavaScript|the browser} cannot read {trailers|HTTP/2 frames|grpc trailers}
Which {gRPC|grpc} {flavour|variant|kind|version} {do|can} {browsers|web pages} {use|speak}?
my {frontend|web app|javascript} {wants|needs|should} to {speak|use|call} grpc
web page talking {grpc|to a grpc service}{|, is that possible|, how}
why not simply use grpc in {chrome|firefox|the web client|javascript}
application/grpc-web+proto
is {binary|text} mode of grpc-web {supported|ok|accepted}
""",
        "ja_keys": """
gRPC-Web
ブラウザーのgRPC
grpc-web-text
gRPCとgRPC-Webの違い
JavaScriptからのgRPC
トレーラー
""",
        "ja": """
{なぜ|なんで|どうして}{ブラウザー|ブラウザ|Webページ|JavaScript}{は|から}{素の|普通の|生の|直接|}gRPCを{話せない|使えない|呼べない|扱えない}{の|んですか|のですか|}？
{gRPC-Web|grpc-web|gRPCウェブ|grpc-web-text}{とは|とは何ですか|って何|は何のため|はなぜ必要|について教えて|の仕組み}？
{ブラウザー|ブラウザ|JavaScript|Webアプリ|フロントエンド}{から|で}gRPC{を|は}{使えますか|使える|使いたい|呼べますか|呼びたい|話せますか|使うには}{？|}
gRPCと{gRPC-Web|gRPC Web|grpc-web}の違い{は|を教えて|は何ですか}{？|}
{gRPC-Web|grpc-web}{は必要|が要る|が必要な理由|を使う理由}{ですか|は}？
{せせらぎ|サーバー|Seseragi}は{gRPC-Web|grpc-web}{に対応|を受け付け|を直接話せ}{していますか|ますか|る}？
{トレーラー|HTTP/2のトレーラー|trailers}{が|を}{ブラウザーで|ブラウザで}{読めない|扱えない|使えない}{のはなぜ|理由|}{？|}
{gRPC-Web|grpc-web}に{Envoy|プロキシ}{は必要|が要る|は要ります}{か|ですか|の}？
ブラウザー{向け|用}のgRPC{は|とは|について}？
{Chrome|Firefox|ブラウザー}でgRPCを{そのまま|普通に}使えない{理由|の|わけ}{？|は}
WebからgRPC{サービスを呼ぶ|を呼び出す|に接続する}{には|方法は}？
""",
    },
    "six": {
        "en_answer": "Six is the number of HTTP/1.1 connections that a browser opens to one server, and each stream holds one of "
        "them. Use HTTP/2, which needs a proxy with TLS in front: then many streams share one connection.",
        "ja_answer": "六つまでしか動かないのは、HTTP/1.1ではブラウザーが一つのサーバーに6本しか接続しないためです。前にTL"
        "Sのあるプロキシを置いてHTTP/2を使えば、一つの接続で多くのストリームが流れます。",
        "en_keys": """
the limit of six connections
only six streams
six connections per host
the HTTP/1.1 connection limit
the seventh tab
hanging tabs
the browser's connection limit
""",
        "en": """
{Why|How come} {do|can} only {six|6} {streams|tabs|connections|requests|windows|answers} {work|run|work at once|run at the same time|load|be open}{| at once| in parallel|}?
{Only|Just|No more than|At most} {six|6} {streams|tabs|connections|requests|windows} {work|run|are possible|load|get through|are served}{| at once| at the same time| in my browser|}
{The|My} {seventh|7th|next|other} {tab|stream|window|request} {hangs|waits|does not load|gets nothing|stays blank|is stuck|is pending|freezes|never starts}{|, why|, what is wrong|}
{Other|My other|Further|Additional|More} {tabs|windows|streams} {hang|wait|are stuck|do not load|stay empty|freeze}{| when six are open| after six|, why|}
{I opened|When I open|With|If I open} {seven|7|many|ten|eight|several|a lot of} {tabs|streams|windows}{|,} {the last one hangs|some of them hang|one hangs|only six work|the page no longer loads|everything else hangs}
What is the {HTTP/1.1 |}{connection limit|limit of connections|six connection limit} {of|in} {a browser|browsers|Chrome}?
How {many|much} {connections|tabs|streams} {does|can} a browser {open|have|keep open} {to one server|per host|at once over HTTP/1.1|}?
How do I {get|open|run|have} more than {six|6} {streams|tabs|connections|windows}{| at once| in one browser|}?
{six|6|seven|7} {tabs|streams|connections|windows} {limit|hang|problem|only|max|pending|}
{browser|http/1.1|http1|chrome|per host} {connection limit|connections limit|six connections|limit of 6}{| hang|}
Does HTTP/2 {help|solve|fix|remove} the {six|6} {connection|stream|tab} limit?
{Requests|Streams|Tabs} {are stuck|stay|hang} {in pending|pending|stalled} when {many|six|several} {are|tabs are} open
Why does a new tab {wait|hang|stay blank} until I close {another|an old|one of the others} {one|tab}?
{Do I need|Why} {HTTP/2|TLS} for {many|more|several} {streams|tabs}{| in the browser|}?
{six|half a dozen} {chats|conversations|pages} {are fine|work}, {one more|the next one|number seven} {blocks|hangs|never loads}
too many tabs {open|with streams} and {nothing loads|the rest are stuck}
the browser {allows|permits} {only|just} {six|6} {at a time|parallel connections|sockets}
""",
        "ja_keys": """
6本の接続制限
六つまでの制限
HTTP/1.1の接続数制限
七つ目のタブ
ブラウザーの接続数の上限
固まるタブ
""",
        "ja": """
{6つ|六つ|6本|６つ|6個}{しか|までしか}{動かない|つながらない|開けない|ストリームが動かない|同時に動かない}{|のはなぜ|のはなぜですか|のですが}{？|}
{7つ目|七つ目|7番目|七番目|7個目|ほか|他}の{タブ|ストリーム|ウィンドウ|画面}{が|は}{止まる|固まる|動かない|待たされる|開かない|読み込まれない|つながらない}{|のはなぜ|のですが|。なぜ}{？|}
タブを{たくさん|いくつも|7つ|七つ|何枚も|10個}{開くと|開いたら}{固まる|止まる|動かない|つながらなくなる|読み込まれない}{|のはなぜ|のですが}{？|}
{ブラウザー|ブラウザ|HTTP/1.1|Chrome}の{接続数|同時接続数|接続}{の|}{制限|上限}{は|とは|は6本|はいくつ|を超えるには|について}{？|}
同時に{6つ|六つ|6本}{以上|より多く}{のストリーム|のタブ|}{を動かす|を開く|を使う|動かしたい}{には|方法は|}{？|}
{タブ|ストリーム}は{同時に|一度に}{いくつまで|何本まで|何個まで}{開ける|開けます|動く}{か|の}{|。6つで止まる}？
{HTTP/2|TLS}にすると{6本|六つ}の制限は{なくなる|消える|解決する}{の|か}？
{別の|新しい}タブが{ずっと|}{待機中|保留|ペンディング|読み込み中}{のまま|になる}
{一つ|古いの}を閉じると{次の|新しい}タブが{動く|動き出す|つながる}
{六つ|6つ}{は大丈夫|まで動く}のに{七つ目|次}{だけ|で|が}{止まる|だめ|固まる}
ブラウザーは{何本|いくつ}まで{接続|コネクション}を{張れる|開く}の？
""",
    },
}
