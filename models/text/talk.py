"""Figures, metrics, privacy and small talk."""

TOPICS = {
    "slo": {
        "en_answer": "Fast first text is the goal: 95 percent of streams should show their first text in under 600 milliseconds. "
        "The metrics have a bucket border at exactly that time, so you can see whether it holds.",
        "ja_answer": "最初の文字は、95パーセントのストリームで600ミリ秒以内に表示されることを目標にしています。メトリクスで確か"
        "められます。",
        "en_keys": """
the SLO
service level objectives
time to first text
the first text
latency
speed
performance
the time to first token
the 600 milliseconds
""",
        "en": """
How {fast|quick|soon|quickly} {should|is|does|will} the first {text|token|word|character|delta|answer|letter} {be|appear|come|arrive|show up|be visible}?
What {is|are} {the|your} {SLO|SLOs|service level objective|service level objectives|latency goal|target latency|performance target|speed goal}{| for the first text|}?
How long {does|should|will|may} {it|the first text|the first token|the first word|I} {take|wait} {until|before|for} {the first text|text appears|something appears|I see something|the answer starts|the first word}?
What is the {time to first token|time to first text|TTFT|latency|response time|delay|target time}{| that you promise| of Seseragi|}?
How fast is {it|Seseragi|this|the server|the gateway|streaming}?
{slo|latency|ttft|time to first token|first text|speed|performance|response time} {target|goal|how fast|objective|figures|numbers|promise|}
{Is there|Do you have|What is} {an SLO|a speed promise|a latency guarantee|a performance goal|a service level objective}{| you suggest|}?
{The first text|The answer|The first word|It} {takes|starts} {too long|too late|very slowly|long to appear|several seconds}
What does 600 {ms|milliseconds} {mean|refer to|stand for}?
{How many|Which share|What percentage} of streams {are|start|must be} {fast|in time|under 600 ms|within the target}?
How do I {measure|check|test|verify} {the latency|the speed|the SLO|the time to first text|performance}?
Where is the {latency|time to first text|speed|SLO} measured?
{Is|Are} {it|Seseragi|the streams} {fast|slow to start|quick enough}?
How much {delay|latency|overhead} does {Seseragi|the gateway|it} add?
p95 {latency|of the first text|first token}
what {response time|speed|quickness} do you {promise|aim for|guarantee|target}
{seconds|milliseconds} until {anything|the first letter|text} {shows|is on the screen|appears}
when should {users|people} see {the first|something|some} {text|words}
""",
        "ja_keys": """
SLO
サービスレベル目標
最初の文字までの時間
速度の目標
レイテンシー
応答時間
初回トークンまでの時間
""",
        "ja": """
{最初|はじめ|一番最初}の{文字|文章|テキスト|トークン|一文字}{は|が}{どのくらい|何秒|何ミリ秒|いつ|どれくらい}{で|}{出る|表示される|届く|出ます|表示されます}{の|か|べきですか|}？
{SLO|サービスレベル目標|レイテンシー目標|速度目標|性能目標|目標時間}{とは|は何ですか|は|を教えて|はどのくらい|はありますか}？
{最初の文字|最初のトークン|最初のテキスト|表示|応答|返事}まで{何秒|どのくらい|何ミリ秒|どれだけ}{かかる|かかります|待つ|待ちます}{の|か|}？
{せせらぎ|これ|サーバー|ストリーミング|Seseragi}は{どのくらい|どれくらい|どれほど|}{速い|早い|高速}{ですか|の|なの|？}
{応答|反応|表示|最初の文字}{時間|速度|までの時間|の速さ}{は|の目標は|を測るには|が遅い}{？|}
{遅延|レイテンシー|速度|性能|パフォーマンス|TTFT}{は|はどのくらい|について|の目標|を測る方法は}{？|}
600ミリ秒{とは|って何の数字|の意味は|以内}？
{速さ|速度|性能}の{約束|保証|目標|指標}{は|はありますか}？
{最初の文字|表示|出だし}が{遅い|なかなか出ない|遅すぎる}
95パーセント{とは|って何|の意味}？
{待ち時間|待たされる時間}{は|の目安は}{どのくらい|}？
{どこで|どうやって}{速度|遅延|SLO}を{測る|計測する}の？
""",
    },
    "metrics": {
        "en_answer": "Metrics for Prometheus, one log line for each stream and the console show what happens: running streams, the "
        "time to the first text, errors, and the reason why each stream ended.",
        "ja_answer": "様子は、Prometheusのメトリクス、ストリームごとに一行のログ、コンソール画面で見られます。実行中のスト"
        "リーム、最初の文字までの時間、エラー、終了の理由がわかります。",
        "en_keys": """
metrics
monitoring
observability
Prometheus
Grafana
the console
the doctor command
traces
OpenTelemetry
dashboards
alerts
""",
        "en": """
How {can|do} I {see|watch|monitor|observe|find out|check|know} {what happens|what is going on|what the server does|how many streams run|the running streams|if it is healthy|errors|what goes wrong}?
{Which|What} {metrics|figures|numbers|measurements|statistics} {are there|does it export|can I see|do you have|are collected|are available}?
{Does it|Does Seseragi|Can it|Do you} {export|support|have|offer|work with|provide|send} {metrics|Prometheus|Prometheus metrics|Grafana|OpenTelemetry|traces|tracing|a dashboard|monitoring|statistics|alerts}?
{How|Where} do I {get|find|see|read|scrape|look at|connect} {the metrics|metrics|statistics|traces|a dashboard|Prometheus|Grafana|the numbers}?
What {does|is} the {doctor|doctor command|console|dashboard|status page|bench command}{| do| for| show|}?
{metrics|monitoring|prometheus|grafana|tracing|observability|dashboard|opentelemetry|doctor} {support|how|endpoint|setup|where|available|}
How do I {monitor|supervise|observe|debug|keep an eye on} {it|Seseragi|the server|my streams|production}?
How do I find {out why a stream ended|the broken hop|the cause of an error|where it is slow|which hop is broken}?
{Tell me about|Explain|Describe} {metrics|monitoring|observability|the console|the doctor|tracing}
Is there {a dashboard|a console|monitoring|a status page|a metrics endpoint|an admin page|a health check}?
{Can I|I want to} see {statistics|graphs|charts|live numbers|usage numbers|what is happening|the load}
How many streams are {running|open|active} {right now|now|at the moment}?
Which tool {shows|tells me} {what is wrong|what happens inside|the state of the server}?
{graphs|charts|figures|statistics} {about|of} {the server|streams|usage|errors}
how to {observe|inspect|diagnose|troubleshoot} the {server|gateway|streams} in {production|operation}
look {inside|into} the {running server|server|system}
I'd like {alerts|an alarm} when {streams fail|errors rise|something breaks}
""",
        "ja_keys": """
メトリクス
監視
モニタリング
Prometheus
Grafana
コンソール画面
doctorコマンド
トレース
ダッシュボード
""",
        "ja": """
{メトリクス|監視|モニタリング|統計|トレース|可観測性}{は|について|の見方|の方法}{どこで見られる|ありますか|教えて|は|を教えて|どうやる}{？|}
{何が起きているか|中の様子|サーバーの状態|動作状況|実行中のストリーム|エラーの数|稼働状況}{は|を}{どうやって|どこで|どうすれば}{見る|見られる|確認できる|知る|わかる|監視できる}{の|んですか|}？
{Prometheus|Grafana|OpenTelemetry|ダッシュボード|トレース|アラート}{に対応していますか|は使えますか|は使える|と連携できますか|につなぐには|はありますか}{？|}
{どんな|どの}{メトリクス|指標|数値|統計}{が|を}{ある|見られる|取れる|出力する|あります}{の|か|}？
{doctor|コンソール|コンソール画面|ダッシュボード|管理画面|benchコマンド}{とは|は何をする|って何|はありますか|で何がわかる}？
{監視|モニタリング|観測|運用監視|計測}{したい|する方法は|するには|はできますか|の設定}{？|}
{原因|壊れた箇所|問題の場所|遅い場所}を{調べる|見つける|特定する}{には|方法は}{？|}
今{何本|いくつ}のストリームが{動いて|流れて|走って}{いる|いますか|いるか知りたい}？
{グラフ|数値|状態}を{見たい|表示したい|確認したい}
{なぜ終わったか|終了理由}を{知る|調べる|確認する}には？
{サーバー|システム}の{健康状態|状況|ヘルスチェック}{は|を見たい|の確認}{？|}
異常を{検知|通知}{したい|するには|できる}{？|}
""",
    },
    "privacy": {
        "en_answer": "Prompts and answers are not written to the server's log files. Those hold only facts such as ids, times, sizes and results. "
        "The text itself stays only in the stream's own record for resuming, until that expires.",
        "ja_answer": "プロンプトと回答の本文は、サーバーのログファイルには書かれません。記録されるのはID、時刻、大きさ、結果などです。"
        "再開用の本文は保存期限までだけ保持されます。",
        "en_keys": """
privacy
data protection
logging of prompts
my prompts in the logs
what is logged
personal data
confidentiality
GDPR
the privacy of my questions
""",
        "en": """
{Are|Do|Will} {my |the |}{prompts|answers|questions|messages|chats|inputs|prompts and answers|conversations|texts} {written to logs|logged|stored|saved|recorded|kept|in the logs|written to a log file|saved anywhere}?
{Do you|Does it|Does the server|Does Seseragi|Does anybody} {log|store|save|record|keep|read|collect} {my prompts|my questions|prompts|my answers|what I write|my messages|the conversation|personal data|what I ask}?
What {is|gets|will be} {logged|written to the logs|stored about me|recorded|saved|kept}?
{Is|Are} {my data|my questions|my prompts|this|what I type|the chat} {private|confidential|safe|secret|protected}?
Who can {read|see} {my prompts|my questions|what I write|my answers|my messages|the conversation|my chat}?
{What about|How about|Tell me about} {privacy|data protection|my privacy|GDPR|personal data|confidentiality|logging}?
{privacy|logging|gdpr|data protection|prompt logging|confidential} {policy|prompts|of my data|logs|question|stored|}
{Can|Could} {an admin|the operator|somebody|the administrator|someone} {read|see|find} {my prompts|my text|my questions|the answers} {in the logs|in the log files|}?
How long {are|is} {my text|the text|prompts|answers|my data} {kept|stored|saved|retained}?
Is my {text|data|prompt|question} {sent|given|sold|passed} to {others|third parties|somebody else|anyone|the cloud}?
Do {the logs|log files|the server logs} {contain|include|show} {prompts|answers|the text|what users write|personal data}?
I {do not want|don't want} my {questions|prompts|text} to be {logged|stored|saved|recorded}
{Where|Are} {does|do} my {data|questions|prompts} go?
does anyone {spy on|look at|listen to|watch} what I {type|ask|write}
is there a {record|trace|copy} of {what I asked|my chat|my questions}
{sensitive|secret|confidential|private} {information|text|data} in {prompts|my question}
what do the log files {hold|reveal|say} about {me|users|my prompts}
""",
        "ja_keys": """
プライバシー
個人情報
プロンプトの記録
ログに残る内容
データの保護
質問内容の保存
""",
        "ja": """
{プロンプト|質問|回答|入力|会話|入力した内容|質問と回答|書いた内容}{は|が}{ログに|記録に|サーバーに|どこかに|}{残る|残ります|記録される|記録されます|保存される|保存されます|書かれる|書かれます}{の|か|んですか|}？
{プライバシー|個人情報|データ保護|秘密|機密}{は|について|は守られますか|は大丈夫ですか|は守られる|の扱いは|はどうなっていますか}？
{ログ|ログファイル|サーバーのログ|記録}{には|に}{何が|どんな情報が|どんなことが}{書かれる|残る|記録される|書かれます|含まれる}{の|か|}？
{誰か|管理者|運営者|他人|ほかの人}{に|が}{質問|プロンプト|会話|入力}{を|は}{見られる|読まれる|見られます|読める|見る}{の|か|ことはありますか|}？
{質問|プロンプト|会話|入力内容}を{ログに残したくない|保存してほしくない|記録しないで|見られたくない}
{データ|文章|プロンプト|会話}は{いつまで|どのくらい|何日}{保存|保持|残}{される|されます|る}{の|か|}？
{入力した|書いた|私の}{文章|データ|情報|秘密}は{安全|外部に送られる|第三者に渡る|漏れない|守られる}{ですか|の|？}
{プロンプト|質問}の{ログ|記録|保存}{について|は|をやめたい}{？|}
{秘密|機密|個人的な}{の|}{内容|情報|話}を{書いても|入力しても|聞いても}{大丈夫|安全|平気}？
{盗み見|監視}{される|されて}{いない|ことは}{か|ない}{？|}
""",
    },
    "greeting": {
        "en_answer": "Hello, and thank you for stopping by! 👋 I am the small model that comes with Seseragi. Ask me about streaming, resuming, "
        "tokens or errors, and watch the text flow.",
        "ja_answer": "こんにちは、ご利用ありがとうございます👋 せせらぎ付属の小さなモデルです。ストリーミング、再開、トークン、エラーについて聞いてください。",
        "en_keys": "",
        "en": """
{Hello|Hi|Hey|Good morning|Good evening|Good afternoon|Greetings|Howdy|Hiya|Good day|hallo|yo|heya|hi there|hello there|hey there}{|!|.| you| everyone| friend| my friend| little model| Seseragi| bot| again| and good luck|!!}
{Hello|Hi|Hey|Good morning|Good evening},{| and} {how are you|nice to meet you|how is it going|how do you do|what's up|are you there|anyone there|I am new here|how are things}{?|!|}
{Thanks|Thank you|Thank you very much|Many thanks|Thanks a lot|Cheers|Thx|ty|Thank you so much|Thanks so much|much appreciated}{|!|.| for your help| for the answer| for the explanation| a million|, that helped|, great|, that was helpful|, bye|, I understand now}
{Bye|Goodbye|Good bye|See you|See you later|Farewell|Good night|Bye bye|Have a nice day|Take care|So long|cya|later|Until next time|Have a good one}{|!|.| and thanks|, see you| now| my friend|, have a nice day| tomorrow}
How are you{| today| doing| feeling|, little one}?
{What's up|Sup|How is it going|How do you do|How goes it|How have you been|Everything ok|All good|You there|Anybody here}{|?}
Nice to {meet|see|talk to} you{|!|, model| too}
{That was|This is|You are|Well done|Very|That is} {great|helpful|nice|kind|good|awesome|lovely|cool}{|!|, thanks|, thank you}
{ok|okay|great|perfect|cool|alright|nice|wonderful}{| thanks| thank you|, thanks a lot|, bye|!}
I {have to go|must leave|am leaving|am off|have to leave} {now|}{|, bye|, thanks|, goodbye}
{I appreciate it|you helped me a lot|that helped me|you saved my day|good job|good work}{|!|, thanks}
hello {world|model|computer|machine|sir|dear}
thanks and {goodbye|bye|good night|see you}
""",
        "ja_keys": "",
        "ja": """
{こんにちは|こんにちわ|こんばんは|おはよう|おはようございます|はじめまして|やあ|どうも|ハロー|もしもし|ごきげんよう|ちわ|ようこそ|よう|おっす}{|！|。|、元気|、元気ですか|、せせらぎ|、よろしく|、よろしくお願いします|ー|さん|、いい天気ですね}
{ありがとう|ありがとうございます|ありがとうございました|どうもありがとう|感謝します|サンキュー|助かりました|助かった|ありがと|大変助かりました|お世話になりました}{|！|。|、助かりました|、よくわかりました|、またね|、勉強になりました|ね}
{さようなら|さよなら|バイバイ|またね|また今度|また明日|おやすみ|おやすみなさい|失礼します|では、また|じゃあね|それでは|お疲れさま|お疲れ様でした|ごきげんよう}{|！|。|、ありがとう|、また来ます|ー}
{元気|元気ですか|お元気ですか|調子はどう|調子はどうですか|ご機嫌いかが|いかがお過ごし}{|？}
{よろしく|よろしくお願いします|よろしくね|お願いします|お邪魔します}{|！|。}
{なるほど|わかりました|わかった|いいですね|すごい|すばらしい|了解|オッケー|おお}{、ありがとう|、ありがとうございます|！|。助かりました|です、ありがとう}
{会えてうれしい|お会いできてうれしい|初めまして、よろしく}{です|}{|！}
{挨拶|あいさつ}{します|です|}
もう{行きます|帰ります|終わります|寝ます}{|、ありがとう|、さようなら|。また}
{誰か|だれか}{いますか|いる}？
いい{説明|答え}{でした|だね}{|、ありがとう}
""",
    },
    "who": {
        "en_answer": "I am seseragi-mini, a tiny language model that comes with Seseragi and was trained by its own script. I am not ChatGPT or "
        "any other large assistant, and I only know this project.",
        "ja_answer": "私はseseragi-mini、せせらぎに付属するとても小さな言語モデルです。ChatGPTなどの大きなAIではなく、"
        "このプロジェクトのことだけを知っています。",
        "en_keys": """
yourself
""",
        "en": """
{Who|What} are you{| exactly| really|, please| actually| then| anyway}?
Are you {ChatGPT|GPT|GPT-4|GPT-5|Claude|Gemini|an AI|a robot|a human|a person|a bot|a chatbot|a machine|a program|human|real|Siri|Alexa|Copilot|Llama|DeepSeek|Grok|Mistral|OpenAI|a computer|an assistant|made by OpenAI|made by Google|alive|a man or a woman}{| or not| or something else|}?
{Am I|Are we} {talking|speaking|chatting|writing} {to|with} {ChatGPT|a human|a machine|an AI|a robot|a person|GPT|a real person|a bot|Claude|Gemini|a computer}?
{What|Which} {model|AI|language model|assistant|bot|LLM} {are you|am I talking to|is this|is answering|answers here|is speaking|do I talk to}?
What is your name{|, please| and who made you}?
{Do|Does} {you|it} have a name?
Who {made|created|built|trained|wrote|programmed|developed|owns} you{| and why|}?
{Tell me about|Introduce|Describe|Say something about|Explain} yourself{|, please|.}
{who|what} {r|are} {u|you}
your {name|identity|maker|creator}{|, please|?}
{Who|What} {is|am I} {speaking|answering|this|talking to|writing|there}{| here|}?
{Is this|Is it|Is that} {ChatGPT|GPT|an AI|a chatbot|a bot|a human|OpenAI|Claude|Gemini|Siri}{| in disguise| behind this| here|}?
What should I call you?
How should I {call|address|name} you?
Where do you come from{| and who made you|}?
Which company {made|built|trained|owns} you?
How old are you{|, model}?
Do you {belong to|come from|work for} {OpenAI|Google|Microsoft|Meta|Anthropic}?
{identify|present} yourself
what's your name{| again|}
I thought you were {ChatGPT|a human|Gemini|GPT|Claude}
{chatgpt|gpt|claude|gemini} {or not|is that you|are you there|}?
{Do you know|Have you heard of} who you are?
you are {chatgpt|a robot|an ai|gpt}{|, right|, aren't you|?}
""",
        "ja_keys": """
あなた
自己紹介
あなた自身
""",
        "ja": """
{あなた|君|きみ|お前|そちら|あんた}は{誰|だれ|何者|何|どなた|どういうもの}{ですか|なの|？|なんですか|だ}
{あなた|君|これ|ここ|そちら}は{ChatGPT|GPT|Claude|Gemini|AI|人間|ロボット|ボット|チャットボット|機械|人|Siri|プログラム|人工知能|Copilot|DeepSeek|OpenAIのモデル|Googleのモデル}{ですか|なの|？|なんですか|でしょうか}
{チャットGPT|ChatGPT|GPT|Gemini|Claude}{ですか|なの|とは違うの|と同じですか|じゃないの}？
{名前|お名前|あなたの名前|君の名前}{は|は何ですか|を教えて|を教えてください|は何|を聞いてもいいですか}？
{誰|だれ|どこの会社|どの会社}{が|に}{作った|作りました|作られた|開発した|作ったAIな|訓練した}の{ですか|？|}
自己紹介{して|してください|をお願いします|をどうぞ|}
{私|僕}は{誰|何|どのAI|どのモデル}と{話して|会話して|しゃべって}{いる|います|る}{の|のですか|か|}？
{どの|何という|どんな}{モデル|AI|言語モデル}{ですか|が答えている|と話している|なの|が答えていますか}{？|}
{あなた|君}について{教えて|教えてください|知りたい|話して}
{正体|身元}は{何|何ですか|？}
{人間|中の人}{が|は}{答えている|書いている|いる}{の|のですか|んですか}？
{誰|だれ}{と話している|が答えている|が書いている}{の|のか|んですか}？
どこから{来た|生まれた}の？
{あなた|君}を{何と|どう}{呼べば|呼んだら}いい{ですか|？}
{何歳|いくつ}{ですか|なの}？
""",
    },
}
