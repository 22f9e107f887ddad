"""What happens to a running stream: resume, cancel, cuts, buffering, silence, slow readers, phones."""

TOPICS = {
    "resume": {
        "en_answer": "When the connection drops, a client that asked to keep the stream reconnects and resumes after the last numbered "
        "piece that it applied. Nothing is lost and nothing comes twice 🌊.",
        "ja_answer": "接続が切れても、続きから再開できます🌊 文章の各片に番号があり、クライアントは最後に受け取った番号の次から読みます。"
        "抜けも重複もありません。",
        "en_keys": """
a dropped connection
resuming
the resume call
reconnecting
a lost connection
a broken connection
continuing an answer after a disconnect
picking up where it left off
a page reload in the middle of an answer
a network failure
""",
        "en": """
What happens {if|when} {the|my} {connection|network|internet|link|socket|wifi|line} {drops|breaks|dies|is lost|goes away|fails|goes down|disconnects}{| in the middle| mid-answer| halfway| during an answer| while it is writing}?
{The|My} {connection|network|internet|link} {dropped|broke|was lost|failed|disconnected|went down} {in the middle of an answer|halfway through|while it was answering|mid-stream|}
Can I {resume|continue|pick up|carry on with} {an answer|a stream|the answer|the text|reading} {after|following} {a disconnect|a reconnect|a break|losing the connection|an interruption|a network failure}?
How {does|do} {resume|resuming|reconnecting|reconnection|continuing|the resume call} work?
Do I lose {the answer|text|words|characters|anything|part of the answer|the rest} {if|when} {I disconnect|the connection drops|the network fails|I go offline|the line breaks}?
Is {anything|some text|part of the answer|a word} {lost|missing|repeated|sent twice|duplicated} {after a reconnect|when I come back|after a disconnect|when I reconnect}?
What if I {reload|refresh|close and reopen} the {page|tab|browser|window} {in the middle of|during|while getting} an answer?
{I reloaded|I refreshed|I closed} the {page|tab} and {the answer is gone|want my answer back|want to continue}
How do I {resume|continue|restart|pick up} {a stream|a broken stream|an interrupted answer|where I left off|from where it stopped}?
Will the answer {continue|go on|survive|come back|be there} {after|if} {I reconnect|a network failure|a disconnect|the server restarts|I lose the connection|a crash of the gateway}?
What {if|happens when} the {server|gateway|process} {crashes|restarts|dies|is killed|goes down} {during|in the middle of|while sending} an answer?
Does it {reconnect|resume|continue} {automatically|by itself|on its own}?
Where does {the client|it|the text} {continue|go on|restart|start again} after {a disconnect|reconnecting|the break}?
{resume|reconnect|disconnect|continue|dropped connection|connection lost|connection reset} {how|what happens|stream|help|mid-answer|}
How can nothing {be lost|come twice|get lost} after a disconnect?
What is {after_seq|the resume call|exactly once|a stream id for}?
I was {disconnected|cut off|thrown out|offline for a moment}, {can I get the rest|how do I get the rest|is my answer lost|what now}
I lost {signal|connection|the network|my internet} {for a moment|while reading|in a tunnel}, {is the answer gone|what happens to the answer|can it continue}
get the {rest|remainder|missing part} of {an|my} {interrupted|broken|unfinished} answer
Does {Seseragi|it|the client} start {the answer|again} from the beginning after {a break|an interruption|a failure}?
Is the {stream|answer} {kept|saved|still there} when {I disconnect|nobody listens|the client goes away}?
How long is {a stream|the answer} kept {after a disconnect|for me to come back|so that I can resume}?
my {wifi|router|cable} {went out|died|was unplugged} {half way through|in mid sentence|during the reply}
can the text go on at the exact next character
survive {connection loss|network errors|disconnects|a dropped link}
""",
        "ja_keys": """
接続断
接続が切れた場合
再接続
再開の仕組み
途中からの再開
切断後の続き
通信が途切れたとき
ページの再読み込み
""",
        "ja": """
{接続|通信|回線|ネットワーク|ネット|コネクション}が{切れたら|切れると|途切れたら|落ちたら|なくなったら|切断されたら}{どうなる|どうなります|どうなるの}{か|んですか|}？
{回答|返事|生成|表示|文章|ストリーム}の途中で{接続|通信|回線|ネット}が{切れた|切れました|落ちた|途切れた}{|らどうなる|場合は|のですが}{？|}
{切断|中断|通信エラー|途切れた|切れた}{後|あと}{に|も|で}{再開|続きから読むことは|続きを受け取ることは|続きを見ることは}{できますか|できる|}？
{途中|続き|切れたところ|止まったところ|前回の位置}から{再開|続ける|読み直す|受け取る}{できますか|ことはできる|には|方法は|ことができますか}？
{再開|再接続|レジューム|resume}は{どう|どうやって|どのように|どういう仕組みで}{動く|行う|する|働く|行われる}{の|んですか|}？
{再接続|再開|レジューム}の{仕組み|方法|やり方|手順}{は|を教えて|を知りたい}{？|}
{切断|再接続|再開}{すると|したら|で}{文章|文字|回答|答え}{が|は}{失われる|消える|抜ける|重複する|二重になる}{の|か|んですか}？
ページを{再読み込み|リロード|更新|閉じ}{したら|すると|た場合|ても}{どうなる|回答は消える|続きは見られる|大丈夫}{の|？}
{サーバー|ゲートウェイ}が{落ちたら|再起動したら|止まったら|クラッシュしたら}{回答|ストリーム|文章}は{どうなる|消える|続く}{の|？}
{自動で|勝手に|自動的に}{再接続|再開|つながり直し}{する|してくれる|します}{の|か}？
{続き|残り}を{受け取る|見る|読む|もらう}には？
{回答|答え}が途中で{消えた|途切れた|止まった}、{続きを見たい|続きは|どうすれば}
{電波|Wi-Fi|ネット}が{切れて|途切れて}{回答が止まった|しまった}
抜けや{重複|二重}は{ありません|ない|起きない}{か|の}？
もう一度最初から{やり直し|始まる|生成される}{になる|}{の|？}
切断しても{回答|文章|答え}は{残る|残ります|保存される}{か|の}？
after_seqとは？
""",
    },
    "cancel": {
        "en_answer": "Pressing stop sends a Cancel call to the server. The model stops generating, the text written so far is kept, and the "
        "stream ends with the result cancelled. Calling it twice does no harm.",
        "ja_answer": "停止ボタンを押すと、サーバーにCancelが送られます。モデルは生成をやめ、それまでの文章は残り、ストリームは「取り消し」として終わります。",
        "en_keys": """
the stop button
stopping an answer
cancelling
cancelling a generation
the cancel call
aborting a reply
interrupting the model
""",
        "en": """
How {do|can} I {stop|cancel|abort|end|halt|interrupt|kill|terminate} {an answer|a stream|the answer|the generation|the model|a running stream|a generation|a reply|the output|it}?
What {happens|does the server do} {when|if} I {press|click|hit|push|use} {stop|the stop button|cancel|the cancel button|escape}?
What does {the stop button|stop|cancel|the cancel call|the cancel button} do?
{Stop|Cancel|Abort} {button|the answer|an answer|generation|the stream|request|}{| how| please|}
Can I {stop|cancel|interrupt|abort} {it|an answer|the model|the generation} {halfway|early|before it ends|in the middle|while it is writing|at any time}?
I want {it|the model|the answer} to {stop|shut up|end now|be cancelled}
The answer is {too long|wrong|useless|going on and on}, how do I {stop it|make it stop|end it|cancel}?
Does {the model|the server|the GPU} {really |}{stop|keep running|go on|continue} {when|after} I {press stop|cancel|click stop|abort}?
Is {the text|what was written|the partial answer|the answer so far} {kept|lost|saved|deleted} {when|if|after} I {cancel|stop|abort|press stop}?
Is it {safe|ok|harmful} to {press stop|cancel|call cancel} {twice|two times|more than once|again}?
Do I {pay|get charged} for {a cancelled|an aborted} answer?
How is {cancel|stop|cancelling} different from {closing the tab|a disconnect|just disconnecting}?
What is the {result|status|finish} of a {cancelled|stopped|aborted} stream?
{how to|can you|way to} {stop|cancel|abort|end} {generating|the output|a request|typing|streaming}
{Which|What} {call|method|rpc} {stops|cancels|ends} a {stream|generation}?
make the model {stop|be quiet|finish early}
I {clicked|pressed|hit} stop, {what now|is it really stopped|what happened to the text|does it still run}
I changed my mind and {no longer want|do not need} the answer
Where is the {stop|cancel} button{| and what does it do}?
let me {interrupt|break off|cut short} the {reply|answer|generation}
end {the|a} {stream|generation|reply} {early|by hand|manually}
""",
        "ja_keys": """
停止ボタン
生成の停止
キャンセル
回答の中止
取り消し
生成の中断ボタン
""",
        "ja": """
{停止ボタン|ストップボタン|中止ボタン|キャンセルボタン|ストップ}を{押したら|押すと|クリックすると}{どうなる|どうなります|何が起きる|何が起こる}{か|の|}？
{回答|生成|出力|ストリーム|返事|モデル}を{止める|停止する|中止する|キャンセルする|やめさせる|取り消す}{には|方法は|にはどうすれば|方法を教えて|にはどうしたらいい}{？|}
{回答|生成|出力|ストリーム|返事}を{止めたい|停止したい|中止したい|キャンセルしたい|やめさせたい}{|です|のですが|。どうすれば}
{途中|いつでも|書いている途中}で{止め|停止|キャンセル|中止|やめ}{られます|できます|させられます}か？
{キャンセル|停止|中止|取り消し}{の方法|の仕方|のやり方|は可能ですか|するとどうなる|できますか|したい}{？|}
{停止|キャンセル|中止}{すると|したら|後}{それまでの文章|途中までの文章|書かれた文章|回答}は{残る|消える|どうなる|保存される}{の|んですか|}？
{停止|キャンセル|ストップ}を{二回|2回|何度も}{押しても|送っても}{大丈夫|平気|問題ない}{ですか|？}
{キャンセル|停止}{すると|したら}{モデル|サーバー|GPU}は本当に{止まる|止まります|停止する}{の|か}？
停止ボタンは{何をする|どこ|どう働く}{の|ですか|？}
{答え|回答}が{長すぎる|間違っている|いらない}ので{止めたい|やめてほしい}
もう{いい|結構|十分}、{止めて|ストップ|やめて}
生成を{ストップ|中断}{させる|する}ボタンは？
Cancelとは{何|何ですか|}？
{キャンセル|停止}と{切断|タブを閉じる}の違いは？
""",
    },
    "cut-15s": {
        "en_answer": "Fifteen seconds is the default route timeout of Envoy, and it cuts long streams. Set the timeout of the "
        "streaming route to 0s in that proxy. Then the stream lives as long as the answer.",
        "ja_answer": "15秒で切れるのは、Envoyのルートタイムアウトの初期値が15秒だからです。ストリーム用のルートのtimeo"
        "utを0sにしてください。",
        "en_keys": """
the fifteen second cut
a stream that ends after 15 seconds
the 15 s timeout
the route timeout of Envoy
the default timeout of the proxy
streams cut after 15 seconds
a cut after a quarter of a minute
""",
        "en": """
{Why|How come} {is|does} {my|the|every} {stream|answer|connection|response|reply} {always |}{cut|cut off|stop|stopped|end|ended|die|killed|break|aborted|closed} {after|at} {about |exactly |around |roughly |}{15|fifteen} {seconds|secs|s|sec}?
{My|The|Every} {stream|answer|connection|response|request|reply} {always |}{stops|ends|dies|breaks|is cut|gets cut|gets cut off|closes|is killed|times out} {after|at} {about |exactly |around |}{15|fifteen} {seconds|secs|s|sec}
{15|fifteen} {seconds|second|s|sec|secs} {timeout|cut|limit|problem|and then it stops|disconnect|then nothing}
Long {answers|streams|replies} {are|get} {always |}{cut off|cut|truncated|stopped|killed} after {the same time|a fixed time|15 seconds|fifteen seconds|a quarter of a minute}
{Who|What} {cuts|ends|kills|stops|closes} {my|the} {stream|streams|connection} after {15|fifteen} seconds?
What is the {default|standard} {route |}timeout {of|in} Envoy?
{Envoy|The proxy|My proxy} {cuts|ends|kills|closes} {my|the|long|every} {stream|streams|answers} {after 15 seconds|too early|after a fixed time|always at the same moment}
How do I {fix|avoid|prevent|remove|raise|change|turn off} the {15 second|fifteen second|15 s|route|Envoy|proxy's route} {timeout|cut|limit|cut-off}?
Everything {works|is fine} {until|up to} {15|fifteen} seconds{| and then it stops|, then it is cut|, then the stream dies}
Short answers work, long ones are cut {after 15 seconds|at fifteen seconds|after always the same time|at always the same second}
always {cut|disconnected|killed} at {second 15|15s|the 15 second mark|the fifteen-second mark}
timeout {15s|of 15 seconds|0s route envoy|in envoy route}
Why {can|does} a stream not {live|last|run} longer than {15|fifteen} seconds?
The {text|output} stops at the {same|very same} {time|second|moment} every time, around {15|fifteen}
Which setting {cuts|limits} streams {to|at|after} {15|fifteen} seconds?
it dies like clockwork after {fifteen|15} seconds
upstream request timeout after {15 s|fifteen seconds}
should I set route timeout to {0|0s|zero} {in envoy|for streams|}
""",
        "ja_keys": """
15秒で切れる問題
15秒のタイムアウト
十五秒での切断
Envoyのルートタイムアウト
15秒後の切断
""",
        "ja": """
{いつも|必ず|毎回|なぜか|}{15秒|十五秒|１５秒|約15秒|15秒くらい|15秒ほど}で{切れる|切れます|止まる|途切れる|切断される|終わる|落ちる|切られる}{|のはなぜ|のはなぜですか|んですが|。なぜ|理由は}{？|}
{ストリーム|回答|接続|応答|返事|通信}が{いつも|必ず|毎回|}{15秒|十五秒|15秒くらい}{で|後に|経つと|たつと}{切れる|止まる|終わる|切断される|途切れる}{|のはどうして|のですが|。どうすれば}{？|}
{15秒|十五秒}の{タイムアウト|制限|壁|切断}{は|を}{なぜ|どうすれば|どう直す|なくすには|変えるには|解除するには}{？|}
{Envoy|プロキシ}の{ルート|初期値の|デフォルトの|標準の}タイムアウト{は|は何秒|を変えたい|とは}{？|}
{長い|長めの}{回答|ストリーム|文章}{だけ|が|は}{15秒|十五秒|決まった時間|いつも同じ時間}で{切れる|止まる|途切れる}
{誰|何|どこ}が{15秒|十五秒}で{切って|止めて}{いる|いるの|いますか}？
{15秒|十五秒}を{過ぎると|超えると}{切れる|止まる|動かない|何も来ない}
毎回同じ{秒数|時間|15秒}で{切れる|止まる|切断される}
短い回答は大丈夫なのに長いと{15秒|十五秒}で切れる
{15秒|十五秒}以上{続かない|ストリームできない|つながらない}
タイムアウトを0sに{する|すべき|しないといけない}の？
{きっかり|ちょうど|ぴったり}{15秒|十五秒}で{終わる|切れる|止まる}
""",
    },
    "buffering": {
        "en_answer": "Buffering is the cause: a proxy on the way collects the text and hands it over at the end. Turn off response "
        "buffering and compression in that proxy. Asked directly, the gateway streams.",
        "ja_answer": "まとめて届くのは、途中のプロキシがバッファリングしているためです。そのプロキシで応答のバッファと圧縮を切ってく"
        "ださい。",
        "en_keys": """
buffering
text arriving all at once
a proxy that buffers
response buffering
no streaming, everything at the end
proxy buffering in nginx
the answer coming in one block
""",
        "en": """
{Why|How come} {does|is} {all the|the|my} {text|answer|output|response|reply} {arrive|come|appear|delivered|show up|shown} {all at once|at once|in one block|in one piece|in one go|only at the end|in a single lump|at the very end}?
{The|My} {text|answer|output|response|reply} {arrives|comes|appears|shows up|is displayed} {all at once|in one block|in one piece|in one go|only at the end|in one big lump|only when it is finished|after a long wait, complete}
{Nothing|No text} {appears|comes|shows|is shown} {until|before} the {end|answer is complete|whole answer is ready|model is finished|stream ends}{|, then everything| and then all of it}
{It|The text|The answer|The page} {does not|doesn't} {stream|flow|arrive word by word|appear piece by piece|come token by token}{|, it comes at once|, everything comes at the end}
Why {is there|do I see} no streaming{|, only the complete answer|, just the finished text at the end}?
I {wait|have to wait} {a long time|for ages|until the end} and then {get|see} {the whole text|everything|the complete answer|all of it} {at once|in one go|suddenly}
{Is|Does} {a proxy|nginx|my proxy|the load balancer|the CDN|something|Cloudflare|gzip|compression} {buffering|buffer|hold back|holding back|collect|collecting} {my|the} {stream|text|answer|output}?
How do I {turn off|disable|switch off|avoid|fix|find|get rid of} {buffering|response buffering|proxy buffering|the buffering}?
{nginx|proxy|response|stream|cdn|gzip|load balancer} {buffering|buffers|buffer}{| off| problem| text| fix|}
{all at once|everything at once|one big block|whole answer at the end|no token by token} {why|instead of streaming|problem|not streaming|}
How can I {make|get} {it|the text} {stream|flow|appear} {word by word|gradually|piece by piece|live} instead of {at the end|all at once}?
Words should {appear|come} one by one but {come together|arrive in a lump|show up at the end}
My {nginx|proxy|reverse proxy|gateway} {collects|holds|keeps|swallows} the {text|response|deltas} until the end
streaming {does not work|is broken|not visible|looks like one big answer} {behind nginx|behind my proxy|behind a cdn|}
why is the output {chunky|in big lumps|not incremental|not progressive}
X-Accel-Buffering {no|header|what for|}
the {whole|full|entire} {reply|message|answer} {pops up|lands|is dumped} {at the end|in one go|suddenly}
""",
        "ja_keys": """
バッファリング
まとめて届く問題
一度に表示される問題
プロキシのバッファ
nginxのバッファリング
最後に全部表示される
""",
        "ja": """
{文章|回答|テキスト|文字|返事|出力|答え}が{一度に|まとめて|一気に|最後に全部|最後にまとめて|いっぺんに}{届く|表示される|出る|来る|届きます|出てくる}{|のはなぜ|のはなぜですか|んですが|理由は|。どうして}{？|}
{ストリーミング|逐次表示|少しずつ表示}{されない|されません|にならない|できない}{|で、最後に全部出る|のはなぜ|のですが|。まとめて出る}{？|}
{最後|終わり|完了}まで{何も|文字が|文章が}{表示されない|出ない|出てこない|届かない}{|のはなぜ|。そして一気に出る|のですが}{？|}
{途中の|}{プロキシ|nginx|CDN|ロードバランサー|gzip}が{バッファ|ためて|溜めて|止めて}{している|いる|いるの}{|のでは|？}
{バッファリング|バッファ|応答バッファ}を{切る|無効にする|止める|オフにする|なくす}{には|方法は|方法を教えて}{？|}
{バッファリング|バッファ}{とは|が原因|の問題|の直し方|の対策}{？|ですか|}
{一文字ずつ|少しずつ|順番に|流れるように}{表示されず|出ないで|届かず}{まとめて|一気に|一度に}{出る|届く|来る}
{なぜ|どうして}{少しずつ|逐次|流れるように}{表示されない|出ない|届かない}の{ですか|？}
{待たされて|長く待って|しばらく待って}から{全部|一気に|全文が}{表示される|出る|届く}
nginxの{設定|後ろ}で{ストリーミングしない|まとめて届く|一気に出る}
全文が{最後に|突然|一度に}{ドンと|}{出る|表示される}
{だんだん|徐々に}表示{させたい|したい}のに{まとめて|一度に}出る
""",
    },
    "heartbeat": {
        "en_answer": "Heartbeats are small messages that the server sends after about ten seconds of silence. They keep idle proxies from "
        "closing the stream and show the client that it still lives. HTTP/2 pings do not cross proxies.",
        "ja_answer": "ハートビートは、約10秒の沈黙が続くとサーバーが送る小さなメッセージです。無通信で切るプロキシを防ぎ、"
        "ストリームがまだ生きていることを知らせます。",
        "en_keys": """
heartbeats
the heartbeat
a long silence
an idle timeout
idle proxies
a long pause of the model
the heartbeat interval
a model that thinks for a long time
""",
        "en": """
What {is|are|does} {a heartbeat|the heartbeat|heartbeats|heartbeat messages|the heartbeat frame}{| for| good for| do|}?
Why {does|do} {the server|you|it|Seseragi} send {heartbeats|a heartbeat|empty messages|heartbeat messages}?
How {often|frequently} {are|do you send|does the server send} heartbeats{| sent|}?
What is the heartbeat {interval|period|time|for}?
What {happens|is done} {during|in|when there is} {a long silence|long silences|a long pause|a pause|a long break}{| of the model| in the stream|}?
{The|My} {model|server} {thinks|is silent|says nothing|is quiet|pauses|sends nothing} for {a long time|a minute|minutes|half a minute|ages}, {will the connection be closed|does the stream survive|is it still alive|what then}?
{A proxy|My proxy|The load balancer|An idle proxy|The firewall|Something} {closes|cuts|drops|kills} {idle|silent|quiet|inactive} {connections|streams|sockets}
How do I {keep|stop} {a silent stream|an idle stream|a quiet connection|idle connections} {alive|open|from being closed|from being cut}?
How {do I|can I|does the client} know {that|if|whether} {the stream|it|the server|the connection} is {still |}{alive|there|running|not dead}{| when nothing comes| during silence|}?
{idle|idle timeout|silence|quiet stream|heartbeat|inactivity} {proxy|timeout|closes connection|interval|message|cut|}
Does the {stream|connection} {die|close|get closed|time out} when {no text comes|nothing is sent|it is idle|there is silence|the model is thinking}?
Why are there {empty|tiny|strange} {messages|frames} {in the stream|every ten seconds|between the text}?
Connection closed because of {inactivity|idleness|silence|no traffic}
{Is|Will} {an idle|a silent|a quiet} {stream|connection} {closed|cut|killed|dropped} {by the proxy|by a load balancer|}?
My load balancer has an idle timeout of {60 seconds|a minute|30 seconds}
nothing {comes|arrives|happens} for a while, is it {dead|broken|stuck|still working}?
no {data|output|text} for {thirty seconds|a long while|a minute} and then the {proxy|balancer|firewall} hangs up
long {thinking|reasoning|tool call} {pause|phase|time} and {the connection goes|idle timeout|silence}
why heartbeats as messages and not {HTTP/2 pings|pings|ping frames}
sign of life {from the server|while waiting|}
""",
        "ja_keys": """
ハートビート
長い沈黙
無通信のタイムアウト
アイドルタイムアウト
ハートビートの間隔
生存確認のメッセージ
""",
        "ja": """
{ハートビート|heartbeat|心拍}{とは|とは何ですか|って何|は何のため|の役割は|の意味は}？
{ハートビート|heartbeat}は{何秒ごと|どのくらいの間隔|いつ|どれくらいの頻度}{で送られる|に送られる|で送られます|ですか}{の|か|}？
ハートビートの{間隔|目的|仕組み|設定}{は|を教えて|を知りたい}{？|}
{長い|長時間の|しばらくの}{沈黙|無音|無通信|間|待ち時間}{が続くと|があると|の間|のとき}{どうなる|切れる|接続は切れる|大丈夫}{の|？|ですか}
{モデル|サーバー|AI}が{長く|しばらく|何十秒も}{黙って|考えて|何も返さないで}{いると|いても}{切れますか|接続は切れる|どうなる|大丈夫ですか}？
{無通信|アイドル|沈黙|何も流れない状態}{だと|が続くと|で}{プロキシ|ロードバランサー|ファイアウォール}{に|が}{切られる|接続を切る|切断する}
{アイドル|無通信}タイムアウト{を防ぐ|を避ける|の対策|とは|で切れる}{には|は|}{？|}
{何も|文字が}{来ない|届かない|送られてこない}{とき|間}、{生きている|つながっている|動いている}か{どうやって|どう}{わかる|確認する|知る}{の|？}
ストリームが{まだ|ちゃんと}{生きている|動いている}か{知りたい|確かめたい|どうやってわかる}
なぜ{空|小さな}{の|}メッセージが{届く|来る|送られる}の？
{静かな|黙った|何も流れない}{接続|ストリーム}を{保つ|維持する|切られないようにする}{には|方法は}？
通信が{ない|何もない}と{切断される|切られる|プロキシが閉じる}
10秒ごとに{来る|届く|送られる}{もの|メッセージ}は何？
""",
    },
    "slow": {
        "en_answer": "A slow reader does no harm: it takes larger slices from the log whenever it is ready. Other readers are not held up, "
        "memory per reader is only a cursor, and no text is dropped.",
        "ja_answer": "読み手が遅くても問題ありません。準備ができたときに、ログからより大きなまとまりで受け取ります。"
        "ほかの読み手を待たせず、文章が落ちることもありません。",
        "en_keys": """
a slow reader
slow clients
backpressure
a slow connection
a client that cannot keep up
flow control
a slow consumer
""",
        "en": """
What {happens|is done} {if|when} {a|the|my} {client|reader|browser|consumer|user|receiver} {is slow|is too slow|cannot keep up|reads slowly|falls behind|lags|is slower than the model}?
{How|What} {do you|does it|does Seseragi|does the server} {handle|do about|deal with|treat|do with} {slow readers|a slow reader|slow clients|backpressure|a slow consumer|slow connections|a slow network}?
Does {a|one} slow {reader|client|user|connection|consumer} {slow down|block|hold up|hurt|delay|affect} {the others|other users|everyone|the server|other readers|the model}?
{Is there|Do you have|Does it have} {backpressure|flow control}?
What about {backpressure|slow readers|slow clients|flow control}?
{Does|Will|Is} {text|data|anything} {get dropped|be dropped|lost|dropped|skipped} {when|if|for} {a reader is slow|the client is slow|a slow reader|I read slowly}?
How much memory does {a|one|each} {slow |}{reader|client|subscriber} {need|take|use|cost}?
{My|The} {connection|network|internet|line|computer|laptop|client} is {very |too |}slow, {what happens|is that a problem|will I lose text|does it matter|can I still read}?
{Model|The model} {writes|generates|produces} faster than {I|the client|the browser|a reader} can {read|receive|take}
{backpressure|slow reader|slow client|slow consumer|lagging client|flow control|reader lag} {problem|handling|what happens|explained|}
{Can|Could} a slow {client|reader} {fill|use up|exhaust|blow up} the {memory|server's memory|buffer}?
Who waits when the {reader|client|browser} is {slower than the model|behind|slow}?
{Can|Does} a {lagging|sluggish|weak|slow} {client|reader|device} catch up?
What if the {client|tab|browser} {stops reading|pauses|sleeps|is throttled in the background}?
{Why|How} do {slow|lagging} readers get {bigger|larger} {pieces|slices|chunks}?
does the server {buffer|queue} endlessly for slow {clients|people|readers}
a user on a {bad|slow|weak} {line|modem|connection|link}
reading speed lower than {writing|generation} speed
how to cope with readers that {crawl|lag|are behind}
""",
        "ja_keys": """
遅い読み手
遅いクライアント
バックプレッシャー
背圧
回線が遅い場合
読み取りが追いつかない場合
""",
        "ja": """
{読み手|クライアント|ブラウザー|受け手|利用者|受信側}が{遅い|遅すぎる|追いつかない|ついていけない|のろい}{と|場合|とき|場合は}{どうなる|どうなります|どうする|問題ですか|どうなりますか}{の|}？
{遅い|追いつかない|低速な}{読み手|クライアント|回線|接続|受け手|利用者}{は|には|を}{どう扱う|どう対応する|どうなる|どう処理する|問題になる}{の|んですか|}？
{バックプレッシャー|背圧|フロー制御|backpressure}{とは|はありますか|はある|について教えて|はどうなっている|の仕組みは}{？|}
{遅い|一人の遅い}{読み手|クライアント|人}が{ほかの人|他の読み手|全体|サーバー}{に影響|の邪魔を|を遅く}{する|しますか|しない}？
{遅い|読むのが遅い}と{文章|文字|データ}が{落ちる|失われる|捨てられる|抜ける}{の|ことはありますか|？}
{回線|ネット|通信|パソコン|端末}が{遅い|とても遅い|重い}{のですが|けど|と}{大丈夫|問題ない|影響はある|読める}{ですか|？}
{モデル|生成}の{ほうが|速度が}{速くて|速すぎて}{読むのが|受信が|ブラウザーが}{追いつかない|間に合わない}
{読み手|クライアント}ごとの{メモリ|メモリー}{は|使用量は}{どのくらい|いくら}{？|}
遅れた{読み手|クライアント}は{追いつける|追いつけます}{か|の}？
{読み手|受信}が{止まったら|遅れたら}{誰が待つ|モデルも待つ|メモリは増える}{の|？}
受信が{追いつかない|遅れる|間に合わない}
低速回線{でも大丈夫|の利用者|だとどうなる}{？|}
""",
    },
    "mobile": {
        "en_answer": "Phones change networks and sleep, so the client resumes at the exact next character after a switch from Wi-Fi to mobile "
        "data. To spare the battery, small pieces can be merged within a time window.",
        "ja_answer": "スマートフォンの回線がWi-Fiからモバイルに変わっても、クライアントは次の文字から再開します。"
        "電池を節約するため、細かな文章をまとめて送る設定もあります。",
        "en_keys": """
phones
mobile phones
smartphones
battery use
switching from Wi-Fi to mobile data
mobile networks
iPhone and Android
tablets
a mobile app
""",
        "en": """
{Does|Will|Can} {it|Seseragi|this|the client|the chat} {work|run|be used} {on|with} {a phone|phones|my phone|mobile|an iPhone|Android|a tablet|mobile devices|smartphones|an iPad}?
What happens {when|if} {my|the|a} {phone|smartphone|mobile|device} {changes networks|switches networks|changes from wifi to 5G|goes from Wi-Fi to mobile data|goes to sleep|locks the screen|loses signal|moves to another cell|enters a tunnel}?
What {about|happens with} {phones|mobile users|battery life|the battery|smartphones|changing networks|mobile data}?
Does {it|streaming|the app|a long stream|the chat} {drain|use|cost|eat|empty|need} {much |a lot of |my |the |}{battery|phone battery|power on a phone|mobile data}?
How do {you|I|we} {save|spare|protect} {battery|the battery|power|mobile data} {on phones|on a phone|on mobile|}?
{I switch|When I switch|Switching|What if I switch} {from wifi to mobile data|from Wi-Fi to 4G|between networks|from LTE to Wi-Fi|networks on my phone}{|, what happens|, does the answer go on|, is the stream lost}
I {walk|go|drive|travel} {out of the house|into the street|on a train|through a tunnel} with my {phone|mobile}, {does the stream survive|what happens to the answer|is the answer lost}?
{Can|Does} {a mobile app|my mobile app|an iOS app|an Android app|a React Native app} {use it|connect|work with it}?
{phone|mobile|smartphone|battery|iphone|android|wifi to 5g|cellular|tablet} {support|use|usage|network change|works|drain|}
Is {it|Seseragi|streaming} {good for|suitable for|friendly to|ok for} {mobile|phones|mobile users|the battery|small devices}?
My {phone|mobile|iphone|android|tablet} {loses the connection|changes the network|went to sleep|is in my pocket}{| all the time| during an answer|}
{People|Users|Customers} {on|with} {phones|mobile networks|smartphones|the move|the train}
What happens when the {app|phone app|mobile browser} {goes to the background|is in the background|is suspended}?
Change of IP address when {roaming|moving|walking|on the road}
using it {on the go|on the road|in the subway|on the bus|while travelling}
{cell|cellular|4g|5g|lte} {network|handover|connection} and {streams|streaming|answers}
how power hungry is streaming {on a handset|on mobile|}
""",
        "ja_keys": """
スマートフォン
スマホ
携帯電話
モバイル回線
電池の消費
バッテリー
Wi-Fiからモバイル回線への切り替え
iPhoneとAndroid
タブレット
""",
        "ja": """
{スマホ|スマートフォン|携帯|携帯電話|iPhone|Android|タブレット|モバイル}{でも|で}{使えますか|使える|動きますか|動く|見られますか|大丈夫ですか}？
{スマホ|携帯|スマートフォン|端末}の{回線|ネットワーク|電波|通信}が{変わったら|切り替わったら|切れたら|変わると|不安定だと}{どうなる|どうなります|回答はどうなる}{か|の|}？
{Wi-Fi|WiFi|無線LAN}から{モバイル回線|4G|5G|携帯回線|LTE|モバイルデータ}に{切り替わったら|変わったら|切り替えたら|変わっても}{どうなる|続きますか|回答は続く|大丈夫}{の|？}
{電池|バッテリー|電力|充電}{は|を}{減る|たくさん使う|食う|消費する|節約する|減らさない}{の|か|には|方法は|}？
{電池|バッテリー}の{消費|減り|持ち}{は|が心配|はどうですか|が気になる}{？|}
{スマホ|スマートフォン|携帯|モバイル}{について|で使うとき|の場合|対応|ユーザー|利用}{は|教えて|の注意点|}{？|}
{電車|トンネル|地下鉄|外出先|移動中}で{電波|回線|スマホの電波}が{切れたら|変わったら|途切れても}{どうなる|大丈夫|続く}{の|？}
{アプリ|スマホ|画面}が{バックグラウンド|スリープ|ロック}{に|}{なったら|なると|したら}{どうなる|止まる}{の|？}
{移動中|外出中|電車の中|外}{でも|に}{スマホで|}{使える|使えます|見られる}{か|の}？
{モバイルアプリ|iOSアプリ|Androidアプリ}から{使える|使えます|接続できる}{か|の}？
回線{切り替え|の切り替え|変更}{時|のとき}の{動き|動作|再開}は？
通信量{は多い|を節約したい|が気になる}{ですか|}
""",
    },
}
