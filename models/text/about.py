"""What Seseragi is, its name, its three parts, and how to start it."""

TOPICS = {
    "what-is": {
        "en_answer": "Seseragi carries the output of AI models to people while it is being made. It is one program in three parts: "
        "guard decides who may, flow keeps the stream, and bridge reaches every client, browsers first.",
        "ja_answer": "せせらぎは、AIモデルの出力を生成中のまま人に届けるプログラムです。許可を見るguard、流れを守るflow、"
        "どのクライアントにもつなぐbridgeの三つの部分でできています。",
        "en_keys": """
Seseragi
this project
this software
this program
this product
the purpose of Seseragi
the idea of this project
the Seseragi project
""",
        "en": """
What is Seseragi{|, in short|, in one sentence| exactly| actually}?
{What|so what} {is|was} this{| thing| project| program| tool| software| page| site| repo| demo}{| about| for| all about}?
What does {Seseragi|this project|this program|this software|this tool|it} do?
What {can|could} {Seseragi|this software|this program} do for {me|us|my team}?
Can you explain {Seseragi|this project|this software} {in simple words|briefly|to a beginner|to my boss}?
Give me {a summary|an overview|a short description|the elevator pitch|the big picture} of {Seseragi|this project|this program}.
Tell me {about|more about|something about} {Seseragi|this project|this program}{|.| please}
What {problem|problems} does {Seseragi|this project|it} solve?
Why {does|should} {Seseragi|this project} exist?
Why would {I|anyone|somebody} {use|need|want} {Seseragi|this|it}?
What is the {point|purpose|goal|aim|use} of {Seseragi|this project|this program|all this|it}?
Describe {Seseragi|the project|this software} {|in two sentences|briefly|for newcomers}
I am new here, what is {this|Seseragi}?
I {just found|stumbled upon|just opened} this {project|page|repo}, what is it?
What kind of {program|software|thing|tool|server} is {Seseragi|this}?
Is Seseragi a {server|library|gateway|proxy|framework|model|database}?
What are the {parts|three parts|components|pieces|building blocks|main parts} of {Seseragi|this program|the system}?
How is {Seseragi|the program|the system} {built|structured|organised|put together|divided}?
What do you call this {program|gateway} and what is it good for?
Who {needs|is} {Seseragi|this} for?
What makes {Seseragi|this} {useful|special|different}?
What is {Seseragi|it} good for?
introduce {Seseragi|the project|this software}{| to me}
seseragi {overview|summary|introduction|explained|description|purpose|features}
What are the {features|main features|advantages|benefits} of {Seseragi|this program}?
What does a gateway like this do for streaming AI answers?
How would you describe {Seseragi|this product} to a {friend|colleague|newcomer|child}?
what can i do with {seseragi|this}
explain like I'm five: {Seseragi|what is this}
Which job does {Seseragi|this software} do between model and person?
Is there a short explanation of what {Seseragi|this} is?
I don't get what {Seseragi|this project} is {about|for}
what's {seseragi|this project|all this}
what exactly am I looking at{| here}?
what did I just {install|open|download}?
How does {Seseragi|this thing|the program} work {in general|overall|roughly|}?
Does {Seseragi|this} carry text from AI models to people?
""",
        "ja_keys": """
せせらぎ
Seseragi
このプロジェクト
このソフト
このプログラム
このシステム
せせらぎの目的
せせらぎの概要
せせらぎの特徴
""",
        "ja": """
{せせらぎ|Seseragi|seseragi}{とは何ですか|って何|って何ですか|とは|ってなに}？
{これ|これって|ここ|このサイト|この画面|このデモ}は{何|何ですか|なに|どういうもの|何をするもの}？
{せせらぎ|Seseragi|このソフト|このプログラム}は何を{する|してくれる|やる}{の|ものですか|んですか|プログラムですか}？
{せせらぎ|このプロジェクト|このソフト}{について教えて|について教えてください|を説明して|を紹介して|の概要を教えて}
{せせらぎ|このソフト|このシステム}{で|を使うと}何が{できる|できます|できるようになる}{の|か|んですか}？
{せせらぎ|これ}{は|って}{どんな|どういう}{プログラム|ソフト|サービス|仕組み|もの}{ですか|なの|？}
{せせらぎ|このプロジェクト}の{目的|役割|狙い|意義|用途}は{何|何ですか|なんですか}？
どんな{問題|課題|悩み}を解決{する|してくれる}の{ですか|？}
{なぜ|なんで|どうして}{せせらぎ|このソフト}{を使う|が必要な|を使うといい}の？
{せせらぎ|このプログラム}を{簡単に|一言で|短く|初心者にもわかるように}{説明して|説明してください|教えて}
{せせらぎ|このシステム}は{どんな|いくつの|どういう}部分{で|から}できている{の|んですか|？}
{せせらぎ|全体}の{構成|構造|全体像|仕組み}を{教えて|知りたい|説明して}
初めて{使います|来ました|見ました}。これは何{ですか|？}
{せせらぎ|これ}は{サーバー|ライブラリ|ゲートウェイ|プロキシ|モデル}{ですか|なの|？}
{せせらぎ|これ}は{誰のため|どんな人向け|何のため}の{もの|ソフト}{ですか|？}
{せせらぎ|このソフト}の{特徴|利点|良いところ|メリット|強み}は？
{せせらぎ|このプロジェクト}の{概要|要約|紹介|まとめ}
ざっくり言うと{せせらぎ|これ}{は何|って何}{？|ですか}
何のための{ソフト|プログラム|道具|システム}ですか？
{せせらぎ|これ}がよくわからない
AIの出力を届ける{プログラム|仕組み}って{どういうこと|何}？
""",
    },
    "name": {
        "en_answer": "The name Seseragi (せせらぎ) is a Japanese word for the sound of a small stream that never stops. "
        "The program is named so because its text should flow in the same way, without a break.",
        "ja_answer": "「せせらぎ」は、絶えず流れる小川の音を表す日本語です。文章がその流れのように途切れず届くように、この名前がつきました。",
        "en_keys": """
the name Seseragi
the meaning of the name
the word Seseragi
the origin of the name
the project name
the meaning of Seseragi
the Japanese word seseragi
the etymology of the name
""",
        "en": """
What does {the name|the name Seseragi|the word|the word Seseragi|Seseragi|the project's name} mean{|?| in English?| in Japanese?}
What is the meaning of {the name|Seseragi|the word seseragi|this name|せせらぎ}?
Where does {the name|the word|your name|the project name} {Seseragi |}come from?
Why is {it|this|the project|the program|this software} {called|named} {Seseragi|like that|that way|so}?
Why {the name|this name|such a name|did you choose the name} {Seseragi|}?
Why {did you|did they} {call|name} it {Seseragi|that|like this}?
How {do|should} {I|you|we} pronounce {Seseragi|the name|it|this word}?
Is {Seseragi|the name|the word} {a Japanese|Japanese|an English|a real} {word|name}?
What language is {the name|the word|Seseragi} {from|in}?
Who came up with the name {Seseragi|}?
What is the {origin|etymology|story|history|translation|idea} {of|behind} the {name|word}{| Seseragi}?
Translate {Seseragi|the name|the word seseragi} {into English|for me|}
{Seseragi|seseragi} {meaning|translation|etymology|name origin|pronunciation|word}
What does せせらぎ {mean|mean in English|stand for}?
Does {the name|Seseragi|the word} {have a meaning|mean anything|stand for something|mean something}?
Is there a {story|reason|meaning} behind the {name|word|title}?
tell me the meaning of the {name|word|title}
What is with the {strange|funny|odd|Japanese|pretty} name?
name {meaning|origin|explanation}
I wonder what the {name|title|word} {means|refers to|says}
What {sound|image|picture} is the {name|project} named after?
Why a Japanese {name|word} for this {project|program|software}?
Does Seseragi mean {brook|river|water|stream|creek|a small stream}?
Explain {the name|your name|the title|this word} {|please|to me}
how was the name {chosen|picked|found}
What's in the name?
is the name an acronym
""",
        "ja_keys": """
せせらぎという名前
名前の意味
名前の由来
せせらぎという言葉
Seseragiの意味
名称の由来
プロジェクト名
""",
        "ja": """
{せせらぎ|Seseragi|seseragi}{の意味|という言葉の意味|という名前の意味|の名前の意味}{は|は何ですか|を教えて|って何}？
{せせらぎ|Seseragi|この名前|名前}の{由来|語源|いわれ|意味}は{何|何ですか|なんですか|}？
{なぜ|どうして|なんで}{せせらぎ|Seseragi|この}{という名前|という名前なの|名前|と名付けた|って名前}{ですか|なんですか|の|にしたの}？
{名前|プロジェクト名|この名前|名称}{は|には}{どういう意味|どんな意味がある|何を表している|どこから来た}{の|んですか|ですか}？
{せせらぎ|Seseragi}{は|って}{どういう意味|何という意味|日本語|どんな言葉|英語で何}{ですか|なの|？}
名前の{由来|意味|理由|読み方}を{教えて|教えてください|知りたい|説明して}
{せせらぎ|Seseragi}{は|って}何て読むの？
{Seseragi|この名前}の{読み方|発音}は？
名付け{の理由|た理由|の由来}{は|を教えて}{？|}
{だれ|誰}が{名前|せせらぎという名前}を{つけた|決めた|考えた}の？
{いい|変わった|きれいな|素敵な}名前{ですね|だね}、{由来は|意味は|どういう意味ですか}？
せせらぎって川の{音|こと|流れ}{？|ですか}
小川{の音|}と関係{ある|があります}{の|か}？
{せせらぎ|名前}を英語に{訳すと|すると}？
名前に{意味|理由|由来}は{ある|あります}{の|か}？
なんでこの名前？
""",
    },
    "guard": {
        "en_answer": "Guard is the part that decides who may call and how much they may do. It issues and checks short-lived access "
        "tokens, scopes and limits, and without its permit no generation can start.",
        "ja_answer": "guardは、誰がどこまで使えるかを決める部分です。短命のアクセストークン、スコープ、利用上限を確かめ、"
        "許可（permit）がなければ生成は始まりません。",
        "en_keys": """
guard
the guard
the guard part
the part called guard
the guard crate
the guard module
the job of guard
authentication and authorisation
access control
login and permissions
""",
        "en": """
What {does|is} {guard|the guard|the part called guard|the guard part|the guard crate|the component guard|"guard"}{| do| for| responsible for| about}?
What is {guard|the guard|the guard component} {for|good for|responsible for|doing|there for}?
What is the {job|role|task|purpose|duty|function} of {guard|the guard|the guard part}?
{Explain|Describe|Tell me about} {guard|the guard|the guard part|the role of guard}{|.| please| in short}
Which part {decides|checks|knows|controls} who {may|can|is allowed to} {use the model|call|ask|get in|start a stream}?
Who {decides|checks} {who may|whether I may|if a user may} {use|call|ask} the model?
How {do you|does it|does Seseragi} {check|verify|know|decide} who {is calling|the caller is|is allowed|may call}?
How does {login|authentication|authorisation|authorization|access control|sign in|permission checking} work{| here}?
Where {are|is} {permissions|authentication|scopes|access rights} {checked|handled|enforced}?
Which component {handles|does|is in charge of} {authentication|login|permissions|security|authorization|access}?
Who keeps {strangers|unauthorised users|intruders|attackers|uninvited people} out?
{Only|Can only} those allowed {get in|may use it}?
Is {there|guard} {authentication|a login|access control|security}{| built in| included}?
Do {users|people|I|clients} {need|have} to {log in|sign in|authenticate|have an account}?
{guard|guard part|guard module|guard component} {what is it|explanation|role|meaning|}
What happens {in|inside} {guard|the guard}?
How is guard different from {flow|bridge|the other parts}?
what's guard{| again| doing}
What {is a|does the} permit{| do| mean| good for}?
Who {gives|hands out|grants|issues} {the permit|permits|permission}?
How does {guard|the gate|the gatekeeper} protect {the model|the server|us}?
how is access {to the model|to the server|} {controlled|protected|restricted|managed}
Which of the three parts {is about permissions|does the security|checks the caller}?
can anybody {use|call} {the model|the server|my server}
how do you stop {unauthorised|unknown|anonymous} {callers|users|people} from using my model?
what does the security part do
who are the users allowed to call and who decides
Does guard verify {credentials|tokens|my password}?
""",
        "ja_keys": """
guard
ガード
guardの役割
guardという部分
認証と認可
アクセス制御
ログインの仕組み
""",
        "ja": """
{guard|ガード|Guard}{とは|って何|とは何ですか|は何をする|は何をしますか|は何のため}{？|}
{guard|ガード}は{何をする|どんな|どういう}{部分|もの|役割|部品}{ですか|なの|？}
{guard|ガード|guardという部分|guardクレート}{の役割|の仕事|の機能|の働き}{は|は何ですか|を教えて|を説明して}？
{guard|ガード}{について教えて|を説明して|について知りたい|の説明をお願いします}
{誰が|だれが}使えるかを{決める|判断する|確かめる}{のは|部分は}{どこ|何|どれ}{ですか|？}
{認証|認可|ログイン|アクセス制御|権限の確認}は{どう|どこで|どうやって}{行われる|やっている|しています|している}{の|か}？
{利用者|ユーザー|呼び出し元}を{どうやって|どう|どこで}{確認|認証|確かめ}{する|している|て}の？
{許可|permit|権限}{は|を}{誰が|どこが|どの部分が}{出す|出しますか|管理する|決める}？
{知らない人|許可のない人|部外者}が{使えない|入れない}ように{する|している}のは？
{ログイン|サインイン|アカウント|認証}は{必要|必要ですか|要る|いりますか}？
{セキュリティ|権限|認証}を{担当する|受け持つ|扱う}{部分|のは}{は|どれ}？
三つの部分のうち{権限|認証|許可}を見るのは{どれ|何}？
{誰でも|だれでも}{使えます|使える|アクセスできる}{か|の}？
permitとは{何|何ですか|}？
許可なしで{生成|利用|実行}できますか？
guardとflowの違いは？
""",
    },
    "flow": {
        "en_answer": "Flow is the part that owns the stream itself. Every generation writes its text to a numbered log, and each reader "
        "takes from that log at its own cursor, so that replay and resume are the same call.",
        "ja_answer": "flowは、ストリームそのものを受け持つ部分です。生成された文章を番号つきのログに書き、読み手はそれぞれの位置から読みます。"
        "再開も再生も同じ仕組みです。",
        "en_keys": """
flow
the flow part
the part called flow
the flow crate
the job of flow
the delta log
the DeltaLog
generations and subscriptions
the cursor of a reader
""",
        "en": """
What {does|is} {flow|the part called flow|the flow part|the flow crate|the component flow|"flow"}{| do| for| responsible for| about}?
What is {flow|the flow component|the flow part} {for|good for|responsible for|doing|there for}?
What is the {job|role|task|purpose|duty|function} of {flow|the flow part}?
{Explain|Describe|Tell me about} {flow|the flow part|the role of flow|the delta log}{|.| please| in short}
What is {a|the} {delta log|DeltaLog|generation|subscription|cursor|delta|seq number}{| in flow| here|}?
Which part {keeps|owns|stores|holds|manages} the {stream|text|generated text|log of the answer|answer} {itself|while it runs|}?
Where is the {text|generated text|answer|output} {kept|stored|written|held} while {it is generated|the model runs|it streams}?
How does the {delta log|log|log of deltas|numbered log} work?
How {is|are} {the stream|streams|generations} {managed|handled|represented|organised} {inside|internally|in the server}?
Which component {handles|is in charge of|takes care of} the {stream itself|running generation|text log}?
What happens {in|inside} {flow|the flow part}?
How is flow different from {guard|bridge|the other parts}?
what's flow{| again| doing}
{flow|flow part|flow module|flow component|delta log} {what is it|explanation|role|meaning|}
Can {two|several|many} {tabs|readers|clients|people} {read|watch|follow} the same {stream|answer|generation}?
Can I {open|watch|see} {the same answer|one answer|one stream} in {a second tab|two tabs|two windows|two browsers}?
Can I {replay|read again|look again at} a {finished|completed|past} {answer|stream}?
How {does|do} {a reader|readers|subscriptions} {read|get|take} {the|} {text|deltas} from the log?
Why does every {piece|delta|part|chunk} {of text |}have a {number|sequence number}?
What is a generation and who {owns|holds} it?
Which of the three parts {is about the stream|keeps the text|owns the log}?
does the HTTP response own {the stream|anything|the generation}
is the output kept in a log with {positions|numbers|cursors}
what does the middle part, flow, take care of
What is the one idea of the design?
""",
        "ja_keys": """
flow
フロー
flowの役割
flowという部分
デルタログ
DeltaLog
カーソルと購読
""",
        "ja": """
{flow|フロー|Flow}{とは|って何|とは何ですか|は何をする|は何をしますか|は何のため}{？|}
{flow|フロー}は{何をする|どんな|どういう}{部分|もの|役割|部品}{ですか|なの|？}
{flow|フロー|flowという部分|flowクレート}{の役割|の仕事|の機能|の働き}{は|は何ですか|を教えて|を説明して}？
{flow|フロー}{について教えて|を説明して|について知りたい|の説明をお願いします}
{DeltaLog|デルタログ|番号つきのログ}{とは|って何|とは何ですか|の仕組みは}？
{生成|Generation|ジェネレーション|サブスクリプション|カーソル}{とは何ですか|とは|って何}？
{生成中の文章|生成された文章|回答の文章|出力}は{どこに|どうやって|どこで}{保存|保持|記録|管理}{される|されます|しています}{の|か}？
ストリーム{そのもの|自体|本体}を{担当する|受け持つ|管理する}{部分|のは}{は|どれ|どこ}？
{読み手|クライアント|リーダー}は{どうやって|どのように}{ログ|文章}を{読む|受け取る}の{ですか|？}
{二つのタブ|複数のタブ|別のウィンドウ|二人}で同じ{回答|ストリーム|答え}を{見られ|読め|開け}{る|ますか}？
終わった{回答|ストリーム}を{もう一度|再び}{読める|再生できる|見られる}？
各{断片|片|デルタ}に番号が{ある|ついている}のは{なぜ|どうして}？
三つの部分のうち{流れ|ストリーム|文章のログ}を持つのは{どれ|何}？
{ストリーム|生成}は内部で{どう|どのように}{扱われて|管理されて}{いる|います}{の|か}？
flowとbridgeの違いは？
""",
    },
    "bridge": {
        "en_answer": "Bridge is the part that connects every client on one port: gRPC, gRPC-Web and Connect, over HTTP/1.1 and "
        "HTTP/2. Each of them reads the same log, so the text is the same everywhere.",
        "ja_answer": "bridgeは、あらゆるクライアントを一つのポートでつなぐ部分です。gRPC、gRPC-Web、Connect"
        "をHTTP/1.1とHTTP/2で話し、どれも同じログを読みます。",
        "en_keys": """
bridge
the bridge
the bridge part
the part called bridge
the bridge crate
the job of bridge
supported protocols
supported clients
WebSocket support
SSE support
Connect protocol support
""",
        "en": """
What {does|is} {bridge|the bridge|the part called bridge|the bridge part|the bridge crate|the component bridge|"bridge"}{| do| for| responsible for| about}?
What is {bridge|the bridge|the bridge component} {for|good for|responsible for|doing|there for}?
What is the {job|role|task|purpose|duty|function} of {bridge|the bridge|the bridge part}?
{Explain|Describe|Tell me about} {bridge|the bridge|the bridge part|the role of bridge}{|.| please| in short}
Which {protocols|wire formats|wires|transports|encodings} {are supported|does it speak|can clients use|do you support|does Seseragi understand}?
Which {clients|client types|kinds of clients|programs} {can|could|may} {connect|be used|talk to the server|talk to Seseragi}?
{Do you|Does it|Does Seseragi|Does the server} {support|speak|understand|offer} {WebSocket|WebSockets|SSE|server-sent events|Connect|gRPC|the Connect protocol|the OpenAI API}?
Can I {connect|read the stream|use it} {with|over|through|by} {WebSocket|a WebSocket|SSE|server-sent events|Connect|curl|gRPC|an OpenAI SDK|the OpenAI client|EventSource}?
Can {the OpenAI SDK|an OpenAI client|LangChain|my Python client|a Go client|a gRPC client} {connect|talk to it|be used|work with this}?
Can it {relay|proxy|forward|expose} {another|other|my own|my existing|foreign} gRPC {service|services|server}{| to the browser}?
Which component {connects|reaches|talks to|serves} {clients|browsers|every client|the browser}?
How {do|can} {clients|browsers|programs|apps} {connect to|talk to|reach} {Seseragi|the server}?
How many ports {does it need|do I need|are used|must I open}?
{Is|Are} {everything|all protocols|all wires} {served |}on {one|a single|the same} port?
What happens {in|inside} {bridge|the bridge}?
How is bridge different from {guard|flow|the other parts}?
what's bridge{| again| doing}
{bridge|bridge part|bridge module|bridge component} {what is it|explanation|role|meaning|}
{websocket|sse|connect rpc|protocols|wire protocols|openai sdk} {support|supported|compatible|}
Which of the three parts {talks to clients|connects the browser|speaks the protocols}?
Does it work with {unmodified|existing|any|all} clients?
Which languages can my client be written in?
how does the text {reach|get to} the {browser|client|user}
can I put my greeter service behind it
what sits between the log and the client
""",
        "ja_keys": """
bridge
ブリッジ
bridgeの役割
bridgeという部分
対応プロトコル
対応クライアント
WebSocket対応
SSE対応
""",
        "ja": """
{bridge|ブリッジ|Bridge}{とは|って何|とは何ですか|は何をする|は何をしますか|は何のため}{？|}
{bridge|ブリッジ}は{何をする|どんな|どういう}{部分|もの|役割|部品}{ですか|なの|？}
{bridge|ブリッジ|bridgeという部分|bridgeクレート}{の役割|の仕事|の機能|の働き}{は|は何ですか|を教えて|を説明して}？
{bridge|ブリッジ}{について教えて|を説明して|について知りたい|の説明をお願いします}
{どの|どんな|どういう}{プロトコル|通信方式|クライアント|形式}に{対応|対応して}{いますか|してる|している}？
{対応している|使える|サポートする}{プロトコル|クライアント|通信方式}は{何|何ですか|どれ|}？
{WebSocket|SSE|Connect|gRPC|OpenAIのSDK|OpenAI互換クライアント}{は使えますか|に対応していますか|で接続できますか|は使える|でもつながる}？
{クライアント|ブラウザー|アプリ}は{どうやって|どのように|何で}{接続|つなぐ|つながる}{する|の|んですか|}？
{ほかの|別の|自分の|既存の}gRPCサービスを{中継|プロキシ|公開}{できる|できます|する}{か|の}？
ポートは{いくつ|何個}{必要|要る|使う}{ですか|の|？}
{一つ|1つ}のポートで{全部|すべて}{使える|動く|つながる}{の|んですか}？
クライアントと{つなぐ|話す|接続する}{部分|のは}{は|どれ|どこ}？
三つの部分のうち{クライアント|ブラウザー}とつなぐのは{どれ|何}？
既存のクライアントを{そのまま|変えずに}使えますか？
{Python|Go|curl}から{つなげる|呼べる|使える}？
bridgeとguardの違いは？
""",
    },
    "start": {
        "en_answer": "Start it with one command: ./run in the repository builds and starts everything. It brings a small model with "
        "it, so nothing else is needed to see text stream.",
        "ja_answer": "はじめるには、リポジトリで./runという一つのコマンドを実行します。小さなモデルを内蔵しているので、ほかの準"
        "備は要りません。",
        "en_keys": """
installation
installing Seseragi
starting the server
getting started
the quick start
setup
deployment
running it on Kubernetes
running Seseragi with Docker
the first steps
""",
        "en": """
How do I {install|start|run|launch|set up|get started with|try|boot|deploy|begin with} {Seseragi|it|the server|this|this program|the program|the gateway}?
How {can|do} {I|we} {get|bring} {it|Seseragi|the server} {running|up|up and running|going}{| on my laptop| on my machine| quickly| locally|}?
What {do I|must I|should I} {need|have} to {start|install|run} {Seseragi|it|the server|this}?
{Where|How} do I {begin|start|get going}?
What is the {first step|quickest way|easiest way|fastest way|command} to {start|run|try|install} {it|Seseragi|the server}?
Which command {starts|runs|launches|installs} {the server|Seseragi|it|the program}?
{installation|install|setup|quick start|getting started|launch} {guide|instructions|steps|help|command|}
{Can|Could} I {run|start|deploy|use|host} {it|Seseragi|this} {on|with|in|behind|under} {Kubernetes|k8s|Docker|Cloud Run|AWS Lambda|Lambda|Envoy|Windows|Linux|a Mac|my laptop|production|a container|a Raspberry Pi}?
Do I need {Docker|a database|a GPU|Python|an API key|anything else|a config file|Kubernetes|to compile it|extra software} to {start|run it|try it|run Seseragi|install it}?
Show me {how to start|the installation|how to run it|the start command|how to set it up}
I want to {install|start|try|run|deploy|set up} {Seseragi|it|this|the server}
{Give me|What are} the {steps|instructions} {to install|for installing|to run|for starting} {Seseragi|it|the server}
How is {Seseragi|it|the server} {deployed|installed|started|run in production|set up}?
Is it {hard|difficult|easy} to {install|start|set up|get running|deploy}?
How long does {installation|the setup|starting} take?
What are the {requirements|prerequisites|system requirements|dependencies}{| for running it| to install it|}?
how to {start|run|install|launch|use|deploy|set up}{| seseragi| this| the server}
Where can I {download|get|find} {the binary|Seseragi|the program|a release|it}?
I {downloaded|cloned|have} {it|the repo|the binary}, what {now|next|do I do now}?
Does it run {without|with no} {a GPU|internet|a key|an API key|configuration|docker}?
Is one command enough to {start|run} {it|everything|the server}?
start {up|the server|seseragi|guide|command}
Help me {start|install|set up|launch} {this|it|the server|the thing}
first time {user|setup}, how do I {begin|start|run it}
what do I type to {make it go|start it|run it|launch it}
""",
        "ja_keys": """
インストール
インストール方法
起動方法
始め方
使い方
セットアップ
導入手順
デプロイ
Kubernetesでの動かし方
""",
        "ja": """
{せせらぎ|Seseragi|このソフト|サーバー|これ}{の|を}{インストール方法|始め方|起動方法|導入方法|使い方|セットアップ方法}{は|を教えて|を教えてください|がわからない}{？|}
{どうやって|どうすれば|どのように}{インストール|起動|スタート|導入|セットアップ|デプロイ|実行}{する|します|すれば|できる|すればいい}{の|か|んですか|}？
{どうやって|どうすれば|どうやったら}{始め|使い始め|動かし|立ち上げ}{る|ます|られる|ればいい}{の|か|んですか}？
{インストール|起動|セットアップ|導入|始める}に{必要なもの|必要な手順|必要な準備}は{何|何ですか|ありますか|}？
{起動|開始|インストール|実行}{の|する}コマンド{は|を教えて|は何ですか}{？|}
{せせらぎ|サーバー|これ}を{起動したい|動かしたい|試したい|インストールしたい|使ってみたい|立ち上げたい|始めたい}{|です|んですが|のですが}
{Docker|Kubernetes|Cloud Run|Lambda|Windows|Linux|Mac|ノートパソコン|本番環境|Envoyの後ろ}で{動きますか|動く|動かせますか|使えますか|動かしたい}{？|}
{GPU|Docker|データベース|APIキー|Python|設定ファイル|インターネット}{は必要ですか|は要りますか|がなくても動く|なしで動きますか|は必要}？
{最初|まず|はじめ}{に|は}{何を|どう}{すれば|したら|やれば}いい{の|ですか|？}
インストールは{簡単|難しい|むずかしい}{ですか|？|の}
どこから{ダウンロード|入手|始め}{できます|すれば|たら}{か|いい|いいですか}？
{手順|導入手順|起動手順|始め方}を{教えて|教えてください|見せて}
{すぐに|手軽に|簡単に}{試す|始める|動かす}{方法|には}は？
本番に{デプロイ|導入}するには？
一つのコマンドで{始められ|起動でき|動き}{ますか|る}？
""",
    },
}
