"""Tokens, limits, privacy, models, figures and small talk."""

TOPICS = {
    "expiry": {
        "en_answer": "If the access token expires in the middle of a stream, the stream goes on, because the caller was checked at "
        "its start. The client gets a new token before the next call.",
        "ja_answer": "ストリームの途中でアクセストークンが期限切れになっても、回答はそのまま続きます。クライアントは次の呼び出しまで"
        "に新しいトークンを取ります。",
        "en_keys": """
an expired access token
token expiry during a stream
an access token that expires mid-stream
a token that runs out
expiry in the middle of an answer
refreshing an expired token
an expired JWT
""",
        "en": """
What {happens|is done} {if|when} {the|my|an} {access token|token|JWT|credential|login} {expires|runs out|becomes invalid|gets too old|times out|is no longer valid} {during a stream|in the middle of an answer|mid-stream|while the answer is running|while text is streaming|halfway|while a stream runs}?
{My|The} {access token|token|JWT|login} {expired|ran out|is no longer valid|has expired} {during|in the middle of|in} {a stream|an answer|a long answer|the stream}
Is {the|a|my} {stream|answer} {cut|stopped|ended|interrupted|cancelled} when {the|my} {access token|token|JWT|login} {expires|runs out}?
Does {the|a} {stream|answer} {stop|end|break|continue|go on|survive} {when|after|if} {the|my} {access token|token|JWT} {expires|runs out|has expired}?
What {about|if there is} {an expired token|token expiry|an expired JWT|expiry in a stream|token expiration}?
How do I {renew|refresh|replace|update} {an expired|the|my|an old} {access token|token|JWT}{| during a stream| while streaming|}?
{A|My} long {answer|stream} {outlives|lasts longer than} the {token|access token|JWT}
{token|jwt|access token} {expired|expires|expiry|expiration} {mid stream|during stream|while streaming|in the middle|what happens|}
{Can|Will} a stream {last|run|go on} longer than the {token|access token|JWT}{| lives| is valid|}?
What if {five minutes pass|the five minutes are over|my token's lifetime ends} {during|in the middle of} {an answer|a stream}?
Who {refreshes|renews} the {token|access token} {when it expires|after it expired|}?
Error: {token expired|access token expired|JWT expired|the token has expired}
{Does|Do} {the client|I} need {a new token|to log in again} {during|in the middle of} a {stream|long answer}?
expired {credentials|token|jwt|login} {and|with} {a running|an open|a live} {stream|answer}
am I {thrown out|logged out|cut off} when the {token|login} {lapses|expires|gets old} {mid answer|during a reply|}
the {credential|token|jwt} {lapses|dies|goes stale} before the answer is {finished|done|complete}
""",
        "ja_keys": """
トークンの期限切れ
アクセストークンの失効
ストリーム中のトークン期限切れ
期限切れのJWT
トークンの更新
""",
        "ja": """
{ストリーム|回答|生成|通信|配信}の{途中|最中|間}{で|に}{トークン|アクセストークン|JWT|認証}{が|の期限が}{切れたら|切れると|期限切れになったら|失効したら}{どうなる|どうなります|止まる|回答は止まる}{か|の|んですか|}？
{トークン|アクセストークン|JWT}{が|の期限が|の有効期限が}{切れた|切れました|期限切れになった|失効した}{|らどうなる|場合は|のですが|。どうすれば}{？|}
{トークン|アクセストークン|JWT}の{期限切れ|失効|有効期限切れ}{は|とストリーム|について|で切断される|のとき}{？|}
{トークン|アクセストークン}{が切れても|が期限切れでも|が失効しても}{ストリーム|回答|配信}は{続く|続きます|止まらない|切れる}{の|か|}？
{期限切れの|切れた|古い}{トークン|アクセストークン}を{更新|リフレッシュ|取り直}{する|したい|す}{には|方法は|}{？|}
{長い|5分を超える}{回答|ストリーム}{だと|では|中に}{トークン|アクセストークン}が{切れる|足りない|期限切れになる}{のでは|けど大丈夫|}{？|}
{途中で|回答中に}{ログインし直す|再ログインする|認証し直す}{必要がある|必要はある}{の|か}？
{token expired|トークン期限切れ}{というエラー|と出た|と表示された}
{5分|五分}{経ったら|たったら}{ストリーム|回答}は{切れる|止まる|どうなる}の？
{認証|ログイン}の期限が{回答|配信}中に{来たら|過ぎたら}？
""",
    },
    "tokens": {
        "en_answer": "Access tokens live only five minutes and carry scopes, so that a stolen one is of little use. They are signed "
        "JWTs, and a program gets new ones with its API key.",
        "ja_answer": "アクセストークンが5分と短命で、スコープつきなのは、盗まれたときの被害を小さくするためです。署名つきのJWTで"
        "、プログラムはAPIキーで新しいものを受け取ります。",
        "en_keys": """
access tokens
short-lived tokens
JWT
JWTs
scopes
refresh tokens
DPoP
token lifetime
token security
a stolen token
device binding
""",
        "en": """
{Why|How come} {are|do} {access tokens|the tokens|tokens|JWTs|your tokens} {so short-lived|short-lived|live only five minutes|valid for only five minutes|only valid for minutes|scoped|expire so quickly|have such a short lifetime|not last longer}?
{How long|For how long} {is|does|are|do} {an access token|a token|access tokens|the JWT|tokens|my token} {valid|live|last|good}{| for|}?
What is {an access token|a refresh token|a scope|DPoP|a JWT|the lifetime of a token|a scoped token|in the token}{| for| good for|}?
What {are|do} {scopes|access tokens|refresh tokens|the claims} {for|good for|mean|do|contain}?
{Explain|Tell me about|Describe} {access tokens|the JWTs|scopes|refresh tokens|DPoP|token security|the tokens}
What {happens|can someone do} {if|when|with} {a token is stolen|someone steals my token|a stolen token|a leaked token|my token leaks|an attacker gets my token}?
{Why not|Can I} {use|have|issue|make} {long-lived tokens|tokens that live longer|a token for a year|an API key that never expires|eternal tokens|permanent tokens}?
{Which|What} {algorithm|signature|kind of token|token format|token type} {is used|do you use|does it use|signs the tokens}?
How are {tokens|access tokens|JWTs} {signed|checked|renewed|issued|bound to a device|protected|verified}?
{jwt|access token|refresh token|dpop|scopes|token|short-lived token} {lifetime|security|why short|validity|explained|format|signing|}
Is {my token|a token|the JWT} {bound to|tied to} {my device|a device|one machine}?
What {may|can} a {token|caller} with {a scope|one scope} do?
Why {do you use|use|have} {JWTs|short-lived tokens|scopes|refresh tokens|DPoP}?
How do {refresh tokens|scopes|JWTs|access tokens} work?
Is it {safe|secure|dangerous} {if somebody copies my token|to keep a token in the browser|when a token leaks}?
can a thief use my {token|jwt|credential}
{reason|reasons} for {short|brief} token {lifetimes|validity}
what does {a scope|the scope} {limit|allow|permit}
the benefit of {short lived|scoped|signed} {tokens|credentials}
five minutes is {a short time|very short|short} for a {token|jwt}
what {protects|secures} the {access token|credentials} against {theft|abuse|replay}
""",
        "ja_keys": """
アクセストークン
短命のトークン
JWT
スコープ
リフレッシュトークン
DPoP
トークンの有効期間
盗まれたトークン
""",
        "ja": """
{なぜ|なんで|どうして}{アクセストークン|トークン|JWT}{は|の寿命は|の有効期間は|の有効期限は}{短い|短命な|5分な|こんなに短い|5分しかない}{の|んですか|のですか|}？
{アクセストークン|トークン|JWT}{の|は}{有効期間|有効期限|寿命|何分有効|どのくらい有効}{は|は何分|ですか|を教えて|}{？|}
{アクセストークン|リフレッシュトークン|スコープ|DPoP|JWT}{とは|とは何ですか|って何|は何のため|の役割は|について教えて}？
{トークン|アクセストークン|JWT}が{盗まれたら|漏れたら|流出したら|盗まれると}{どうなる|どうなります|危険|危ない}{か|の|}？
{スコープ|リフレッシュトークン|DPoP|トークンの署名}{の仕組み|はなぜ必要|を使う理由|の意味}{は|を教えて|}{？|}
{長い|一年|ずっと|期限なし}{有効な|使える|の}{トークン|APIキー}は{だめ|使えない|作れない|作れます}{の|か|？}
{トークン|JWT}は{どうやって|何で|どのように}{署名|検証|発行|更新|保護}{される|する|されます}{の|か}？
{トークン|アクセストークン}は{端末|デバイス}に{結びつけ|縛|紐づけ}られる{の|？}
{短命|短い寿命|短い有効期限}{の|な}{トークン|アクセストークン}の{理由|利点|メリット|意味}{は|}？
トークンの{安全性|セキュリティ|種類|形式}{は|について|を教えて}{？|}
{5分|五分}は{短すぎる|短くない|短い}{のでは|ですか}？
{盗難|漏洩|不正利用}への{対策|備え}は？
""",
    },
    "limits": {
        "en_answer": "Limits are set per tier of users: streams at the same time, and the length and duration of each answer. The "
        "server enforces them while it streams, and the exact numbers are in the configuration.",
        "ja_answer": "利用上限はユーザーの階級ごとに決まります。同時ストリーム数と、回答ごとの長さと時間に上限があり、数値は設定で変"
        "えられます。",
        "en_keys": """
limits
usage limits
rate limits
quotas
the limits per user
requests per minute
tokens per day
concurrent streams per user
RESOURCE_EXHAUSTED
the error 429
fair use
""",
        "en": """
How many {streams|requests|tokens|answers|generations|questions|calls|parallel streams} {may|can|is|are} {I|one user|a user|a caller|each user} {have|use|open|run|start|ask|allowed}{| at once| per minute| per day| at the same time|}?
{What|Which} {limits|quotas|rate limits|usage limits|caps} {are there|apply|exist|does a user have|do you have|are enforced}{| per user| for me|}?
{Is|Are} there {a limit|limits|a quota|a rate limit|a maximum|a cap|restrictions}{| for users| on streams| on tokens| per user| on requests| on usage|}?
What is the {limit|maximum|quota|rate limit|cap}{| per user| of tokens per day| for requests per minute| of parallel streams| of streams per user| on output tokens|}?
{I get|I see|The server answers|My call fails with} {RESOURCE_EXHAUSTED|429|too many requests|a quota error|a rate limit error|quota exceeded|limit reached}{|, why|, what now|}
What happens {when|if} {I|a user|somebody} {reach|exceed|use up|go over|hit|run into} {the limit|my quota|the rate limit|the daily tokens|the maximum}?
How do I {raise|change|set|configure|increase|lower} {the limits|limits|the quota|the rate limit|limits per user|my limit}?
Where are {limits|the limits|quotas|rate limits} {set|configured|counted|kept}?
{rate limit|quota|limits|token limit|stream limit|429|resource_exhausted|daily limit} {per user|exceeded|error|how many|reached|config|}
Can {a|one} user {use up|take|hog|block|consume} {everything|all the capacity|all streams|the whole server|too much}?
How {long|much text} can {an answer|a stream|one answer} {be|last|run}{| at most|}?
How do you {stop|prevent|protect against} {abuse|heavy users|one user taking everything|overload}?
{Too many|429 too many} requests
{Daily|Monthly|Per-minute|Per-user} {limit|quota|allowance|cap}
how much am I {allowed|permitted} to {use|ask|generate|consume}
is my {usage|consumption|number of questions} {restricted|limited|counted|capped}
am I {being throttled|throttled|rate limited|over the limit}
why was I {throttled|refused|limited|turned away|rate limited}
{budget|allowance} of {tokens|requests|streams} {per user|for a person|each day}
""",
        "ja_keys": """
利用上限
利用制限
レート制限
クォータ
同時ストリーム数の上限
一日のトークン数
毎分のリクエスト数
RESOURCE_EXHAUSTED
429エラー
""",
        "ja": """
{一人|ユーザー|1人|一人のユーザー|利用者}{で|は|あたり|が}{いくつ|何本|どれだけ|どのくらい|何個}{まで|の}{ストリームを|トークンを|リクエストを|}{使える|使えます|開ける|送れる|開けます}{の|か|}？
{利用|使用|回数|トークン|ストリーム|リクエスト|同時接続}{の上限|の制限|制限|数の上限|数の制限}{は|はありますか|はある|を教えて|はいくつですか|はどのくらい}{？|}
{制限|上限|クォータ|レート制限|利用上限}{は|には}{ありますか|あるの|どうなっていますか|どんなものがある|どう決まる}？
{上限|制限|クォータ|レート制限}{に達したら|を超えたら|に達すると|を超えると|に引っかかったら}{どうなる|どうなります|どうすればいい}{の|か|}？
{上限|制限|クォータ|利用上限}を{変える|上げる|増やす|設定する|変更する}{には|方法は|にはどうすれば}{？|}
{RESOURCE_EXHAUSTED|429|リクエストが多すぎます|Too Many Requests|クォータ超過}{が出る|が出た|エラー|と言われる|になる}{|。なぜ|のはなぜ}{？|}
{一日|1日|毎日|一分|毎分}{に|の}{何回|何トークン|いくつ|どれだけ}{まで|}{使える|送れる|質問できる|聞ける}{の|？}
{使いすぎ|大量利用|独占|乱用}{を防ぐ|への対策|はできない|すると}{方法|ようになっている|どうなる|}{？|}
{回答|出力}の{長さ|時間}に{上限|制限}は{ある|あります}{の|か}？
{同時に|並行して}{いくつ|何本}の{生成|ストリーム|回答}を{使える|走らせられる|持てる}？
利用{枠|量}{は|の確認|について}？
{断られた|制限された|拒否された}のは{使いすぎ|上限のせい}？
""",
    },
    "own-model": {
        "en_answer": "Your own model works too: name another GGUF file for the embedded engine, or point a model of the "
        "configuration at any gRPC server of the infer.Infer service. Twenty lines of Python are enough.",
        "ja_answer": "自分のモデルも使えます。別のGGUFファイルを内蔵エンジンで読み込むか、gRPCのinfer.Inferサーバ"
        "ーを設定で指定してください。Pythonで20行もあれば作れます。",
        "en_keys": """
my own model
another model
a GGUF file
Ollama
vLLM
Triton
llama.cpp
an OpenAI-compatible server
a bigger model
another model server
a fine-tuned model
""",
        "en": """
{Can|How can|How do} I {use|load|run|plug in|connect|bring|add|attach|serve} {my own model|another model|a different model|a bigger model|a GGUF file|my own GGUF|a better model|a custom model|my fine-tuned model|Llama|Mistral|Qwen|Gemma|a local model}{| with it| here| with Seseragi|}?
{Can|How can|How do} I {connect|use|attach|point it at|add|configure} {Ollama|vLLM|Triton|llama.cpp|an OpenAI server|the OpenAI API|my model server|another model server|KServe|an OpenAI-compatible server|a remote model|LM Studio|my GPU server}?
{Which|What} {models|model servers|runtimes|backends|engines|model files|model formats} {are supported|can I use|work|does it support|can it talk to|are possible}?
{Does it|Does Seseragi|Can it|Will it} {work with|support|talk to|run|use} {Ollama|vLLM|Triton|llama.cpp|OpenAI|other models|GGUF files|bigger models|my own model|KServe|a cloud model|Anthropic models|GPT models|Hugging Face models}?
{Where|How} do I {set|configure|choose|change|switch|replace|select} the {model|model file|model server|runtime|default model}?
I {have|want to use|would like to use|trained|need} {my own model|another model|a GGUF|a bigger model|a model on my GPU|a better model|a real large model|a smarter model}
{own model|another model|gguf|ollama|vllm|triton|openai api|custom model|bigger model|llama.cpp} {how to use|setup|support|connect|config|instead|}
{Is it possible to|May I} {replace|swap|exchange|change} {the small model|the model|this model|the built-in model}{| for a bigger one| with mine|}?
Can the model run on {a GPU|another machine|my own server|a different computer}?
I {want|need} {better answers|smarter answers|a stronger model|more intelligence}
{switch|change|swap} {to|the model to} {a large model|another llm|my model|llama 3|a smarter one}
put {a real|my|an existing} {llm|language model|inference server} {behind|into|under} {it|seseragi}
which {file|format} must {a|my} model {have|be in|use}
forward {requests|prompts} to {an existing|my|a remote} {inference server|llm server|model api}
""",
        "ja_keys": """
自分のモデル
別のモデル
GGUFファイル
Ollama
vLLM
Triton
OpenAI互換サーバー
大きなモデル
モデルの差し替え
モデルサーバーの接続
""",
        "ja": """
{自分の|別の|ほかの|他の|独自の|もっと大きい|もっと賢い|手元の}{モデル|AIモデル|言語モデル|LLM}{を|は}{使えますか|使える|使いたい|使うには|読み込めますか|つなげますか|使う方法は}{？|}
{Ollama|vLLM|Triton|llama.cpp|OpenAI|OpenAIのAPI|OpenAI互換サーバー|モデルサーバー|KServe|LM Studio}{と|に|を}{つなげますか|接続できますか|接続したい|使えますか|使いたい|対応していますか|接続するには|つなぐ方法は}{？|}
{GGUF|GGUFファイル|モデルファイル}{を|は}{読み込める|読み込むには|使える|差し替える|使いたい|変えたい|読めますか}{？|}
{モデル|モデルファイル|内蔵モデル|この小さなモデル}を{変える|変更する|差し替える|入れ替える|切り替える}{には|方法は|ことはできますか|にはどうすれば}{？|}
{どの|どんな}{モデル|モデルサーバー|エンジン|形式}{が|に}{使える|使えます|対応していますか|対応してる|動きます}{か|の|}？
{対応|使える|サポートする}モデル{は|の種類|一覧}{？|}
{大きな|賢い|強い|本格的な}{モデル|LLM}{に|を}{変えたい|使いたい|つなぎたい|切り替えたい}
{GPU|別のマシン|自分のサーバー|クラウド}{で|の|上の}モデルを{使える|動かせる|呼べる}{か|の|？}
{Llama|Mistral|Qwen|Gemma}{は|を}{動く|動かせる|使える}{の|か}？
自作モデル{を|の}{使う|接続|読み込み}{方法|には|}？
もっと{良い|賢い}{回答|答え}が{ほしい|欲しい}
""",
    },
    "small": {
        "en_answer": "This model is tiny on purpose: it has only learned a list of questions about Seseragi by heart. It is a real language model "
        "that generates token by token, so that you can see streaming without any key.",
        "ja_answer": "このモデルはわざと小さくしてあり、せせらぎについての質問を覚えただけです。トークンごとに生成する本物の言語モデルで、"
        "鍵がなくてもストリーミングを試せます。",
        "en_keys": """
the size of this model
this small model
this tiny model
the number of parameters
the built-in model
the demo model
the abilities of this model
the quality of the answers
the training of this model
""",
        "en": """
Why {is|are} {this|the|your} {model|language model|demo model|built-in model} so {small|tiny|little|weak|limited|stupid|simple|dumb|bad}?
Why are {you|the answers|your answers} so {small|tiny|limited|stupid|simple|bad|short|dumb|weak}?
How {big|large|small|many parameters} {is|are|has|does} {this|the|your} {model|language model|built-in model|demo model}{| have|}?
{Is|Are} {this|it|you} {a real|really a|an actual|a proper|a true|a genuine} {language model|model|LLM|neural network|AI}{| or a fake| or just a list of answers| or canned text|}?
What can {this model|the model|you|this small model|the demo model} do{| really| at all|}?
{Is|Are} {the answers|this|it|your answers} {canned|hard-coded|scripted|fake|generated|pre-written|made by a real model|just a lookup}?
How {many|much} {parameters|weights|megabytes|data|questions} {does|do|has} {this|the|your} {model|file} {have|learn|know|contain|need}?
How was {this|the|your} model {trained|made|built|created}?
What {was|is} {this|the} model trained on?
{Can|Does} {this|the|your} model {think|reason|learn|understand|really understand|answer anything|learn from me|remember}?
{model|this model|demo model} {size|parameters|too small|quality|training|so small why|abilities|limits of}
What are {you|the model} {able to do|capable of|unable to do|good at|bad at}?
What {do you|does the model|can you} know{| about|}?
Why {do you|does it|does the model} {know|understand|answer} so {little|few things|few questions}?
Why {can|do} you only {answer|know|talk about} {a few questions|questions about Seseragi|this project|so few things}?
{Which|What} questions can {you|this model|it} {answer|handle}?
Two million parameters{|, is that a joke|, is that all|?}
{Is|Does} {the model|it} {small on purpose|run on my CPU|need a GPU}?
{Do you|Does it|Does the model} {really |}{generate|make up|compute} {the text|every word|each token}{| token by token| itself|}?
why ship {such a|a} {small|tiny|mini} {model|llm}
{purpose|point|use} of {a|such a} {tiny|toy|small|mini} {model|llm}
this {llm|ai|model} is {a toy|a joke|useless|weak|not very clever}
did you {memorise|memorize|learn by heart} the answers
""",
        "ja_keys": """
このモデルの大きさ
この小さなモデル
モデルのパラメータ数
内蔵モデル
デモ用モデル
モデルの能力
モデルの学習方法
""",
        "ja": """
{なぜ|なんで|どうして}{このモデル|内蔵モデル|モデル|あなた}は{こんなに|そんなに|これほど|}{小さい|小さな|弱い|単純な|賢くない|頭が悪い|小さいモデルな}{の|んですか|のですか|}？
{このモデル|モデル|内蔵モデル|あなた}{の|は}{大きさ|サイズ|パラメータ数|容量|規模|どのくらいの大きさ}{は|はどのくらい|はいくつ|ですか|を教えて}{？|}
{これ|このモデル|あなた}は{本物|本当|実際}の{言語モデル|AI|LLM|モデル}{ですか|なの|なんですか|でしょうか}？
{このモデル|あなた|この小さなモデル|内蔵モデル}{は|に|には}{何が|何を}{できる|できます|知っている|答えられる}{の|か|んですか|}？
{答え|回答|文章}は{決まった文|用意された文|作り物|固定|あらかじめ書かれたもの}{ですか|なの|？}
{このモデル|モデル|あなた}は{どうやって|何で|どのように}{学習|訓練|作られ|トレーニング}{した|された|たの|しました}{の|か|}？
{どんな|どの}質問に{答えられる|答えられます|答えてくれる}{の|か|？}
なぜ{少ししか|せせらぎのことしか|簡単なことしか}{知らない|答えられない|わからない}の？
{モデル|これ}が小さい{理由|わけ|のはなぜ}{は|}？
{このモデル|あなた}は{考える|理解する|学習する|覚える}ことが{できる|できます}{の|か}？
本当に{生成して|自分で書いて|考えて}{いる|います}{の|か}？
{おもちゃ|小さすぎる|簡単な}モデル{ですね|だね|なのはなぜ}{？|}
{能力|賢さ|実力|限界}は{どのくらい|どの程度|どこまで}{？|ですか}
""",
    },
}
