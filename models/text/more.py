"""More ways to ask, in other words than the first set: everyday language, symptoms, indirect questions.

Same form as the other modules, but only questions; `expand.py` adds them to the topics.
"""

MORE = {
    "what-is": {
        "en": """
{Could|Would|Can} you {give|offer|provide} me a {quick|brief|rough} {idea|introduction|tour} of {this software|what this is|Seseragi}?
{What's|What is} the {gist|essence|core idea|main idea|story|deal} {here|of Seseragi|of this project|with this}?
In {plain|simple} {words|English|language}, {what is it|what does this program do|what is Seseragi}?
{Summarise|Summarize|Sum up|Outline} {Seseragi|this project|the software}{| in a few words| for me}
{What sort of|What type of} {application|system|product|tool} {is it|am I using|is Seseragi}?
{For what|To what end} was {Seseragi|this|it} {made|written|built|created}?
{Why|What for} {do people|would developers|should a team} {need|install|pick} {Seseragi|this gateway}?
{What|Which} {task|work|service} does {Seseragi|the program} {perform|take over|handle}{| for developers| for me}?
{My colleague|Somebody|A friend} {mentioned|talked about|recommended} {Seseragi|this}, {what is that|what's it about}?
i have never heard of {seseragi|this}, what is it
how can {seseragi|this project} help {me|my company|developers}
""",
        "ja": """
{そもそも|結局|要するに|つまり}{せせらぎ|これ|このソフト}{は何|って何|とは何}{ですか|なの|？|なんですか}
{せせらぎ|このソフトウェア|このツール|このアプリ}{は|って}{何をしてくれる|何の役に立つ|何に使う|どう役立つ|何のためにある}{の|んですか|のですか|のでしょうか}？
{手短に|わかりやすく|かいつまんで|一文で|やさしく}{せせらぎ|これ|このプロジェクト}{を|について}{説明して|紹介して|教えて}{|ください|ほしい}
{どのような|どういった|どんな}{ソフトウェア|製品|サービス|ツール|機能}{なのでしょうか|ですか|がありますか|を持っていますか}？
{何|どんなこと}が{うれしい|便利な|できるソフトな}の{ですか|？}
{せせらぎ|これ}を{使うメリット|導入する意味|作った目的|使う理由}{は|を教えて}？
""",
    },
    "name": {
        "en": """
{What|Where} is the {inspiration|source|root} {for|of} the {name|title|term}?
{Could|Can} you {translate|interpret|explain} the {term|title|name|word} {Seseragi|} for {me|foreigners|an English speaker}?
{What|Which} {idea|thought|meaning|image|feeling} {is behind|hides in|lies in|inspired} the {name|word|title} {Seseragi|}?
{I can't|I cannot} read {Japanese|the name}, what does {it|Seseragi|せせらぎ} {mean|say}?
{Does|Has} the {name|word|title} {refer to|have to do with|got anything to do with} {water|a river|nature|a brook|a sound|flowing water}?
{Why|How come} {is the software|is your project|did they pick|did someone pick} {this|such a|a Japanese} {title|name|word}?
what does your {name|title|brand name} {signify|stand for|mean|express|refer to}
how do you {spell|say|write} {seseragi|the name}{| in Japanese}
the reason for {the name|choosing this name|naming it Seseragi|calling it Seseragi}
""",
        "ja": """
{どうして|なぜ|なんで}{こういう|そういう|このような|そんな}{名前|名称|呼び名|タイトル}{に|}{なった|した|なの|決めた}{の|のですか|んですか|}？
{せせらぎ|Seseragi|名前}には{どんな|どういう|何か}{思い|願い|意味|イメージ|由来}が{ある|込められている|あります}{の|か|のですか}？
{名前|ネーミング|呼び名|タイトル}の{元|もと|背景|ルーツ|いわれ}{は|は何|を知りたい}{？|ですか}
{川|水|自然|音}{に|と}{ちなんだ|関係する|関する}名前{ですか|なの|？}
「せせらぎ」{とはどういう意味|の意味は|という語の意味|の語源}{ですか|？|}
名付けた{理由|きっかけ|人}は？
""",
    },
    "guard": {
        "en": """
{What|How|Which thing} {makes sure|ensures|guarantees} that only {allowed|authorised|authorized|permitted|known} {people|users|callers} {get in|can use it|may call|get through|have access}?
{Which|What} {part|piece|bit|component|module} {says|decides|determines} who {gets access|is let in|has permission|may enter}?
{Who|What} {lets|keeps|allows} {people|callers|users} {in|out}{| and who stays outside}?
{Is|How is} {my|the} {server|model|endpoint|API} {protected|secured|safe|guarded}{| from strangers| against misuse| against unauthorised access}?
{What|Which} {checks|verification|tests} {happen|are made|does a request pass} before {a generation starts|the model is asked|an answer begins}?
{Please|Can you} {tell me|explain|say} what {guard|the guard component|guard in Seseragi} {does|is responsible for|is about}
in the trio guard, flow and bridge, what's the {first|guard} {one|part}
who {issues|creates} {the|} {tokens|access rights|permits} and {checks|verifies} {them|callers}
the {doorman|bouncer|gatekeeper} of {the system|Seseragi|the program}
""",
        "ja": """
{使っていい|使ってよい|許された|許可された}{人|ユーザー|利用者}{だけ|か}{を|どうか|}{通す|確かめる|見る|判断する|調べる}{のは|部分は|部品は|仕組みは}{どれ|何|どこ|どの部分}{ですか|？|}
{不正な|勝手な|許可のない|無断の}{利用|アクセス|呼び出し}{を|は}{防ぐ|防げる|止める|どう防ぐ|防げます}{の|か|仕組みは|部分は}？
{guard|ガード}{という|って}{部分|部品|コンポーネント|もの}{は|の仕事は|の役目は|が何をするか}{何|知りたい|教えて|何ですか}{？|}
{アクセス|利用|呼び出し}の{許可|権限|可否}{は|を}{誰が決める|どう決まる|どこで判断する|どう管理する}{の|んですか|}？
{門番|見張り|守り}{の役|役}{は|をする部分は}{どれ|何}？
{利用者の確認|本人確認|資格の確認}は{どこ|どの部分}が{する|担当}{の|ですか}？
""",
    },
    "flow": {
        "en": """
{Where|How} {do|are} the {produced|generated|written} {words|sentences|pieces|tokens} {live|stored|remembered|recorded|kept}{| on the server| while people read them}?
{What|Which} {part|piece|bit|component|module} {remembers|records|keeps track of|looks after} {the text|what was generated|the running answer|the streams}?
{Please|Can you} {tell me|explain|say} what {flow|the flow component|flow in Seseragi} {does|is responsible for|is about}
{How|In what way} are {answers|generations|streams} {recorded|saved|organised} so that {they can be read again|several people can read them|readers can come back}?
in the trio guard, flow and bridge, what's the {middle|flow|second} {one|part}
{can|may} {my colleague|someone else|a second person} {follow|watch} {my|the same} {answer|stream} {live|too|at the same time}
{what|explain} {a|the} {subscription|cursor|generation|delta} {is|means}{| in Seseragi}
{watch|view|open} {one|the same} {answer|reply} on {two|several} {devices|screens|pages}
the {heart|core} of the {system|streaming}: {how is a stream stored|which part is it}
""",
        "ja": """
{flow|フロー}{という|って}{部分|部品|コンポーネント|もの}{は|の仕事は|の役目は|が何をするか|の仕事}{何|を知りたい|教えて|何ですか}{？|な}
{作られた|生成された|書かれた}{文字|言葉|トークン|文章}は{どう|どこに|どのように}{記録|ためられ|蓄えられ|書き込まれ|管理}{る|ます|される|て読まれる}{の|か}？
{同じ|一つの}{回答|答え|ストリーム}を{二人で|複数の端末で|二つの画面で|別の端末で|何人かで}{見る|読む|開く|共有する}{ことはできますか|ことは可能|には|}？
ストリームの{記録|管理|保存}を{する|担う|担当する}{部分|部品|仕組み}{は|について}？
{過去の|前の|完了した}{回答|ストリーム}を{読み返す|再生する|もう一度見る}{には|ことは}{？|できますか}
""",
    },
    "bridge": {
        "en": """
{Would|Will|Could} {a|my} {WebSocket|SSE|Connect|gRPC|Python|Go|JavaScript|command line} {program|client|app|application} {be able to|} {talk|connect|speak} to {your gateway|the server|Seseragi|it}?
{What|Which} {ways|possibilities|options|methods} {are there|exist|do I have} to {connect|talk to the server|reach it|consume the stream}?
{Which|What} {part|piece|bit|component|module} {faces|serves|handles|is responsible for} {the clients|the browsers|the protocols|different clients|the outside}?
{Please|Can you} {tell me|explain|say} what {bridge|the bridge component|bridge in Seseragi} {does|is responsible for|is about}
in the trio guard, flow and bridge, what's the {last|bridge|third} {one|part}
{Is|Are} {server-sent events|web sockets|the connect protocol|event streams} {possible|available|supported|an option}{| too| as well}?
{Can|May} {several kinds of|different|many} {clients|programs} {share|use} {one|the same} {port|server|endpoint}?
{exists|is there} an {openai compatible|openai style} {endpoint|api|interface} {for clients|to call|}
{pass|send} {another|other|third-party} grpc {traffic|calls|services} through {it|the gateway|seseragi}
""",
        "ja": """
{bridge|ブリッジ}{という|って}{部分|部品|コンポーネント|もの}{は|の仕事は|の役目は|が何をするか|の仕事}{何|を知りたい|教えて|何ですか}{？|な}
{WebSocket|SSE|Connect|gRPC|curl|OpenAIのライブラリ}{の|を使う|で書いた}{クライアント|プログラム|アプリ}{でも|から|は}{つながりますか|接続できますか|使えますか|つながる|話せる}？
{接続|つなぎ方|通信}{の|には}{方法|種類|選択肢|手段}{は|には何が|はどれだけ|は何が}{ありますか|ある|？}
{いろいろな|さまざまな|違う}{クライアント|端末|プログラム}{と|を|に}{つなぐ|相手にする|対応する}{部分|のは|仕組み}{は|はどれ|はどこ}？
{外|利用者側|クライアント側}との{やりとり|窓口|接続口}を{担う|担当する}のは？
""",
    },
    "start": {
        "en": """
{I'd|I would} {love|like} to {give it a go|try it out|test it|see it run|play with it}{| on my computer| on my laptop| at home}, {what's the procedure|how|what do I do|where do I start}?
{What's|What is} the {procedure|simplest way|way|recommended way|minimum} to {get it onto my computer|get it working|have it running|bring it up|get going}?
{Walk|Guide|Talk} me through {the setup|the installation|starting the server|the first launch}
{How|Where} {do|would|can} {beginners|newcomers|I, a beginner,} {begin|start|get started}?
{Is|Are} {there|any} {a docker image|a binary|binaries|packages|an installer|a container image|a helm chart}{| available| to download|}?
{Can|Does} it {be hosted|be deployed|run|work} on {cloud run|aws|google cloud|my own server|a single machine|kubernetes|a small server}?
{What|Which} {operating systems|platforms|environments} {does it run on|are supported|can it run on}?
{get|bring} the {server|program|gateway|software} {running|up|online} {quickly|in a minute|with one command|locally}
{launching|booting|starting|deploying|hosting} {the server|seseragi|the gateway|it} {for the first time|in production|locally|step by step|}
what is the {very first|first} {thing|command|step} I {do|run|take}
""",
        "ja": """
{自分の|手元の|家の|会社の}{パソコン|PC|サーバー|マシン|環境}{で|に}{動かしてみたい|入れたい|試してみたい|動かすには|立てたい|インストールするには}{|けど、手順は|のですが|。方法は|けどどうする}{？|}
{使い始める|動かす|起動する|試す}{まで|ため|に}{の|に}{手順|流れ|ステップ|やり方|準備}{は|を教えて|を知りたい}{？|}
{何|どのコマンド|どんなコマンド}を{打てば|実行すれば|入力すれば|叩けば}{起動|動く|始まる|立ち上がる|いい}{します|の|か|ですか|}？
{サーバー|プログラム|ゲートウェイ}の{立ち上げ方|立て方|動かし方|起動の仕方|走らせ方}{は|を教えて|がわからない}{？|}
{クラウド|AWS|GCP|コンテナ|自社サーバー}{に|で}{デプロイ|配置|設置|運用|ホスト}{したい|するには|できますか|できる}{？|}
{導入|利用開始|初回起動}{の|する}{やり方|方法|手引き}{を|は}{？|教えて}
""",
    },
    "resume": {
        "en": """
{My train|The bus|The lift|The car} {went|drove} into a tunnel and {the reply stopped|my answer stopped|I lost the stream}{| halfway}, {can it carry on afterwards|will it go on|is it gone}?
{Suppose|Say|Imagine|Assume} {the network|the connection|my internet|the link} {fails|breaks|drops|hiccups|is interrupted} {during|in the middle of|midway through} {a reply|an answer|the output}{|, what then|, do I have to start over|, what do I see}?
{Will|Do|Must} I {have to|} {start over|ask again|begin again|repeat my question} {after|if|when} {a disconnect|the connection breaks|I get disconnected|the network is back}?
{Can|Could|May} I {come back|return} {later|after a while|a minute later} and {read the rest|see the remainder|continue|get the missing part}?
{How|In what way} {do you|does it|does the client} {guarantee|make sure|know} {that nothing is missing|where to continue|no text is lost|nothing comes twice|what I have already received}?
{Does|Is} the {reply|answer|text} {resume|picked up|continued|go on} {exactly where it stopped|at the same place|from the same character|seamlessly}?
{the|my} {line|link|connection|session} {went dead|was cut|got interrupted|timed out|vanished} {and half of the answer is missing|during the reply|while tokens were coming}
{recover|restore|get back|rescue} {a|my|the} {lost|interrupted|broken|half} {stream|answer|reply|response}
{what|how} about {interruptions|outages|a network outage|flaky connections|a short outage}{| in the middle of an answer}
an {unstable|unreliable|bad|flaky} {connection|network|internet} {keeps interrupting|breaks|interrupts} {the answer|my stream|the replies}
{reopen|reload} the {browser|page|app} and {find|continue|keep} the {answer|reply}
""",
        "ja": """
{回答中に|生成中に|途中で|表示中に|読んでいる間に}{ネット|通信|接続|回線|電波|Wi-Fi}が{落ちちゃった|切れちゃった|途絶えた|落ちた|不安定になった|中断した}{ら|ら、続きは|ら続きは}{どうなる|読めるの|見られる|どうなりますか|再開される|届く}{？|}
{もし|仮に|万一}{接続|通信|ネットワーク|回線}が{切れて|途切れて|落ちて|中断されて}{しまったら|も}{、|}{最初から|続きから|残りは|もう一度}{ですか|読める|届く|質問し直し|受け取れる}{？|}
{あとで|戻ってから|つながり直したら|復旧したら}{続き|残り|途中から}{を|}{読める|見られる|受け取れる|始まる|表示される}{の|か|んですか|}？
{途切れた|切れた|中断した|止まった}{回答|ストリーム|文章|答え}{を|の}{復元する|取り戻す|続ける|続きを読む|再開する}{方法|には|ことは}{は|できる|}{？|}
{どこから|どの位置から}{再開|続き|始ま}{する|になる|る}の{ですか|？|か}
{ネット|通信|回線}が{不安定|よく切れる|途切れがち}{なんですが|でも|だと}{大丈夫|回答は失われない|続きを読める}{？|ですか}
{質問し直す|やり直す|もう一度聞く}必要は{ある|あります|ない}{の|か}？
""",
    },
    "cancel": {
        "en": """
{It|The model|This thing} {keeps|goes on} {talking|writing|rambling|typing}, {can I make it quit|how do I shut it up|how can I end it|let me stop it}{| before the end}?
{Is|Exists} there {a way|any way|a possibility} to {stop|end|halt|quit|break off|call off} {an answer|the reply|the writing|the generation} {early|before it is finished|midway|while it runs|by hand}?
{What|Does anything} {becomes|happens|happen} {of|to|with} the {text|words|half answer|partial reply} {after I press stop|once I cancel|when I stop it|if I abort}?
{I|We} {no longer need|don't need|am done with|have seen enough of} {this answer|the answer|the reply|the rest}{|, stop it|, how do I end it}
{please|can you} {stop|quit|cease} {writing|talking|generating|answering|now}
{does|will} {stopping|cancelling|aborting} {free the model|save tokens|keep the text|cost anything|delete the text}
{halt|quit|break off|call off|kill} {the|a|this} {generation|output|answer|reply|run|stream}
the {stop|cancel|abort} {key|control|function|feature}{| explained| what is it}
how does the {user|person} {stop|end} the {model|machine} from {writing more|going on}
""",
        "ja": """
{話|答え|回答|文章}が{長い|長すぎる|長ったらしい|つまらない|見当違いな}{から|ので}{途中で|もう|}{終わらせたい|打ち切りたい|止めたい|切り上げたい|やめてほしい}{|のですが|。方法は}
{書くの|生成|しゃべるの|出力|回答}を{途中で|今すぐ|すぐに|}{終わらせる|打ち切る|中断させる|切り上げる|やめさせる}{には|方法は|ことはできますか|ボタンは}{？|}
{止めた|中止した|打ち切った|停止した|キャンセルした}{あと|後|場合}{、|の}{文章|途中の文|テキスト|回答|残り}は{どうなる|残る|消える|保存される}{の|か|んですか}？
{ストップ|停止|中止|取消|取り消し}{機能|ボタン|操作}{は|の説明|の使い方|について}{ありますか|教えて|}{？|}
{回答|生成}を{途中で}{止める|終える|やめる}
もう{いらない|必要ない|わかった}から{止めて|終わって|やめて}
""",
    },
    "cors": {
        "en": """
{Chrome|Firefox|Safari|Edge|The browser} {refuses|rejects|will not send|won't allow|denies} my {fetch|call|request|requests} because {the site|my page|the frontend} {lives|is|runs} on {a different|another} {domain|host|port|origin}
{What|Which setting} {do I change|must I set|allows|is needed} {so that|to let} {my website|another site|the frontend|a foreign page} {may call|can call|call|reach} {the server|the API|the gateway}?
{Requests|Calls|Fetches} from {localhost|my dev server|my react app|port 3000|another domain} are {rejected|blocked|not permitted|forbidden} by {the browser|chrome|cors}
{cross-domain|cross domain|cross-site|cross origin|foreign origin} {call|request|access|fetch} {not permitted|forbidden|fails|problem|how to allow}
{has been blocked|was blocked} by {CORS|CORS policy|the CORS policy}: {what do I do|no header is present|help}
{whitelist|allowlist|permit|register|add} {my|a|another} {domain|origin|site|frontend}
the {network tab|developer tools|devtools|console} {says|shows|mentions} {cors|cross-origin|access control}{| problems| failure|}
works in {curl|postman|the terminal|python} but not in {chrome|the browser|my web page|javascript}
""",
        "ja": """
{ブラウザー|ブラウザ|Chrome|開発者ツール}の{コンソール|画面|ログ|ネットワークタブ}に{CORS|クロスオリジン|Access-Control}{と|の|エラー}{出て|表示され|書かれて|警告が出て}{通信できません|失敗します|困っています|動きません}
{CORSで|CORSに|CORSポリシーで|CORSのせいで}{ブロックされた|引っかかる|止められる|はじかれる|失敗する|動かない|怒られる}{|。どうすれば|のですが|。対策は}{？|}
{フロントエンド|自分のサイト|localhost:3000|開発サーバー|Reactアプリ|別のドメイン}{から|からの}{呼び出し|リクエスト|アクセス|fetch|通信}{が|は}{ブロックされる|拒否される|許可されない|失敗する|通らない}
{どの|どこの|何の}設定{を|で}{変えれば|すれば}{別ドメイン|自分のページ|ほかのサイト}から{呼べる|使える|アクセスできる}{？|ようになりますか}
{ドメイン|オリジン|サイト}の{許可|登録|追加}{方法|の仕方|はどこ}{は|}{？|}
""",
    },
    "cut-15s": {
        "en": """
{Responses|Answers|Replies|Streams|Connections} {get|are} {chopped|cut short|cut off|terminated|aborted|dropped} {at|after|around} {the quarter minute mark|15 seconds|fifteen seconds|15s|a quarter minute}{|, every single time| each time| always}
{Each|Every} {reply|answer|request|stream} {lasts|survives|runs|lives} {only|exactly|about|no longer than} {15|fifteen} seconds
{What|Who} is {responsible for|behind|causing} the {15 second|fifteen second|15-second|15s} {cut|limit|disconnect|abort|termination}?
{After|Around|Exactly after} {15|fifteen} {seconds|sec|s} {the stream is gone|everything stops|the text stops|I am disconnected|the connection closes|it is over}{|, why|, what is it}
{I count|I counted|it takes exactly|there are always} {15|fifteen} seconds {and then|until|before} {it is cut|the stream ends|the stream dies|the end comes}
{Envoy|the ingress|the sidecar|the proxy} {ends|terminates|aborts|times out} {my|the|long} {streams|requests|answers} {early|too soon|at 15 s|after a fixed period}
{raise|disable|lift|remove} the {route timeout|proxy timeout|15s timeout|fifteen second limit}
a {constant|fixed|regular} {cut|break|stop} {at 15 s|after fifteen seconds|every 15 seconds|after a quarter of a minute}
{long|longer} {replies|answers} never {finish|complete}, they {stop|end} at {15|fifteen} seconds
""",
        "ja": """
{毎度|毎回|いつも|常に|何度やっても}{15秒|十五秒|約15秒|15秒前後}{たつと|経つと|ほどで|くらいで|きっかりで}{ぷつっと|突然|必ず|}{切れてしまう|終わってしまう|止まってしまう|打ち切られる|途絶える|接続が閉じる}{|。原因は|のですが|のはなぜ}{？|}
{15秒|十五秒}{しか|まで|だけ}{続かない|もたない|つながらない|流れない|持たない}{|のはなぜ|のですが}{？|}
{15秒|十五秒}で{打ち切り|切断|強制終了|終了|タイムアウト}{になる|される|する|になります}{|のはなぜ|原因は|のを直したい}{？|}
{原因|犯人|理由}は{何|どこ}{？|ですか}{15秒|十五秒}で{切れます|切れる|止まる}
{Envoy|プロキシ|イングレス}が{15秒|十五秒}で{切る|切断する|終わらせる|タイムアウトする}
{長文|長い答え|長い回答}が{最後まで届かず|途中の|}{15秒|十五秒}{で切れる|までで終わる}
""",
    },
    "buffering": {
        "en": """
{I see|There is|I get} nothing for {a while|a long time|some seconds|twenty seconds} and then {the full reply|the whole answer|everything|all the text} {shows|appears|lands|comes|drops} {in one lump|at once|in a single block|all together}
{Tokens|Words|Letters|Characters|Deltas} {are not|do not|don't} {shown|arrive|come|appear} {one by one|individually|gradually|live|as they are made}, {they come together|but as a block|everything comes at the end|only at the end}
{What|Who|Which hop} {holds|keeps|withholds|delays|collects} {the text|my output|the words|the stream} {back|until the end|until it is complete}?
{Instead of|Rather than} {streaming|flowing|a live text|word by word} {I get|there is|I see} {one big answer|the whole thing at once|a finished block|everything at the end}
{Streaming|Live output|The typing effect|Live typing} {is gone|doesn't work|is missing|stopped working}{|, the text comes in one piece|, all at once|, I get the full text at the end}
{the|my} {reply|response|answer|text} {is delivered|turns up|arrives|shows} {as a whole|in bulk|complete|in a single chunk|as one piece}{| at the end| after a delay|}
{how do i|i want to} {see|show|get} the {words|text|tokens} {as they are produced|immediately|while they are generated|progressively}
a {proxy|cdn|middlebox|cache} {accumulates|stores up|collects|buffers} the {response|reply|chunks}
{progressive|incremental|gradual} {display|output|rendering} {fails|not working|missing}
""",
        "ja": """
{文字|言葉|文章|テキスト|回答}が{流れずに|少しずつ出ずに|順に出ないで|一文字ずつ出ないで}{最後に|終わってから|あとから|一度に}{どさっと|どっと|まとめて|全部|一気に}{出てくる|届く|表示される|来る}{|のはなぜ|のですが}{？|}
{しばらく|長いこと|ずっと}{何も出ず|無表示で|真っ白で|待たされて}{、|}{突然|急に|その後|最後に}{全文|全部|すべて|答え}{が出る|が表示される|が届く|がまとめて来る}
{リアルタイム|逐次|ストリーミング|一文字ずつ|流れるよう}{に|で}{表示されない|出てこない|届かない|見えない}{|。なぜ|のはどうして|のですが}{？|}
{どこ|誰|何}が{文章|テキスト|出力|データ}を{ためて|溜め込んで|止めて|まとめて}{いる|いるの|いるんですか}{？|}
{完成して|終わって|全部できて}から{しか|}{表示されない|まとめて出る|届く|送られてくる}
{一括|まとめ}{で届く|表示になる|で表示される}{のを直したい|のはなぜ|}
""",
    },
    "deadline": {
        "en": """
{grpc|my client|the call|the log} {says|reports|throws|returns|shows} {deadline exceeded|DEADLINE_EXCEEDED|a deadline error}, {which knob do I turn|what should I change|how can I fix it|what is the reason|help}
{What|Which} {is the reason|causes|leads to|is the cause|triggers} {for|of|} {DEADLINE_EXCEEDED|deadline exceeded|a deadline exceeded error}?
{The|My} {call|request|rpc|generation} {needs|takes|wants} more time than {the deadline|its deadline|its time limit} {allows|gives|permits|}
{How|What} {can|should|must} I {give|grant|allow} {my call|the call|a request|the rpc} {more time|a longer deadline|extra time}?
{Exceeded|Over|Past|Missed} {the|my|a} {deadline|time limit of the call|call deadline|grpc deadline}
{extend|prolong|lengthen|widen|adjust} {the|my} {deadline|call's time limit|rpc deadline}
{the|an} {error|exception|status} {DEADLINE_EXCEEDED|deadline exceeded} {appeared|came up|occurred|keeps coming}{| again|}
{whose|what kind of} {limit|deadline|clock} {expired|ran out} with {DEADLINE_EXCEEDED|deadline exceeded}
""",
        "ja": """
{DEADLINE_EXCEEDED|deadline exceeded|デッドライン超過|期限超過}{と|が|という例外が|というエラーが}{表示されて|出て|返って|発生して}{失敗しました|困っています|止まります|終わります|しまう}{|。どうすれば|。原因は}{？|}
{何|どういうとき}{が原因で|に}{DEADLINE_EXCEEDED|デッドライン超過|deadline exceeded}{になる|が出る|が起きる}{の|のですか|}？
{呼び出し|リクエスト|コール|RPC}に{もっと|より長い}{時間|期限|猶予}を{与える|与えたい|設定する|持たせる}{には|方法は|}{？|}
{デッドライン|deadline|期限}の{意味|延ばし方|決め方|設定方法|変え方}{は|を教えて|}{？|}
{制限時間|期限|deadline}{オーバー|切れ|を超過した}{というエラー|です|になる|と出る}
""",
    },
    "unavailable": {
        "en": """
{The|My} {client|program|log|library} {printed|prints|shows|threw|reports} {UNAVAILABLE|an UNAVAILABLE error|status unavailable|code 14}, {is the backend dead|what is wrong|should I retry|who is down|what to do}?
{What|Which} {is the reason|causes|leads to|is the cause|triggers} {for|of|} {UNAVAILABLE|the UNAVAILABLE status|an unavailable server}?
{How|What} {do|should} {I|my client|a client} {do|react} {when|if|about} {UNAVAILABLE comes|the server is unavailable|it says unavailable|UNAVAILABLE appears}?
{Nothing|Nobody|No server} {answers|responds|replies}{|, the status is unavailable|, the connection is refused|, error 14}
{the|an} {error|exception|status} {UNAVAILABLE|unavailable} {appeared|came up|occurred|keeps coming}{| again|}
{the|my} {upstream|model|server|model server|inference server} {crashed|vanished|went away|is dead|was stopped|is gone}{| and I see unavailable| and calls fail|}
{temporarily|currently|suddenly} {unavailable|unreachable|not reachable}
{is|does} {UNAVAILABLE|the unavailable error} {go away|pass|disappear|temporary} {by itself|after a retry|if I wait|}
{cannot|could not|unable to} {establish a connection|connect|reach the upstream|contact the server}
""",
        "ja": """
{UNAVAILABLE|unavailable|ステータス14}{と|が|という例外が|というエラーが}{言われた|表示されて|出て|返って|発生して}{けど待てばいい|失敗しました|困っています|止まります|しまう}{|。どうすれば|。原因は}{？|}
{何|どういうとき}{が原因で|に}{UNAVAILABLE|ステータス14}{になる|が出る|が起きる|が返る}{の|のですか|}？
{待てば|再試行すれば|もう一度やれば}{UNAVAILABLE|unavailable|このエラー}は{直る|消える|なくなる|解消する}{の|か|？}
{サーバー|モデル|相手|上流}が{死んでいる|いなくなった|応答しません|見つからない|落ちたみたい|止まったようだ}
{サーバー|モデル|ゲートウェイ}に{つながりません|接続できません|到達できません|アクセスできません}{|。UNAVAILABLEと出ます|。なぜ}{？|}
UNAVAILABLEの{意味|場合の対応|理由|とき何をすべき}{は|か|を教えて|}{？|}
""",
    },
    "keepalive": {
        "en": """
{goaway|a goaway|too_many_pings|too many pings|enhance your calm} {shows up|appears|turns up|is} in my {log|logs|output|console}
{Why|What} {am I|is my client} {being punished|kicked out|disconnected|thrown out} {for|because of} {pinging|pings|too many pings|keepalive pings}?
{What|Which} {value|number|interval|period} {is sensible|is recommended|should I choose|do you advise} for {keepalive|keepalive time|the keepalive|ping intervals|grpc keepalive}?
{How|What} {do|does} {pings|keepalive|keepalive pings} {work|detect dead connections|do|achieve}{| in grpc|}?
{My|The} {python|go|java|grpc} client {is disconnected|gets a goaway|is closed|fails} {with|because of|and says} {too_many_pings|too many pings|too frequent pings}
{lower|reduce|raise|adjust|change} the {ping rate|ping frequency|keepalive interval|minimum ping interval|keepalive time}
{server|gateway} {complains|is angry|objects} about {pings|my pings|too frequent pings|the ping rate}
{ping|keepalive} {policy|enforcement|strikes|limits|rules|options}{| of the server|}
{detect|notice|find} {dead|half-open|broken} {connections|peers|tcp connections} {with keepalive|by pings|through keepalive}
""",
        "ja": """
{too_many_pings|too many pings|GOAWAY|ENHANCE_YOUR_CALM}{で|と出て|と言われて|というエラーで}{接続を閉じられて|切断されて|接続が切られて|切られて}{しまう|しまいます|困っています|しまった}{|。対策は|。なぜ}{？|}
{ping|ピング|キープアライブ}の{頻度|間隔|回数|送りすぎ}{を|は|が}{下げる|減らす|調整する|どのくらいがいい|適切な値は|問題になる}{には|}{？|}
{キープアライブ|keepalive}{は|を|の}{どう設定すれば|何秒にすれば|どう使えば|有効にすると}{いい|よい|いいですか|どうなる}{？|}
{死んだ|切れた|壊れた|無効な}{接続|コネクション}を{検出|検知|見つけ|発見}{する|る|したい}{ping|キープアライブ|仕組み}{は|}{？|}
{キープアライブ|keepalive|ping}の{目的|働き|役割|オプション|ルール}{は|を教えて}{？|}
""",
    },
    "expiry": {
        "en": """
{Will|Does|Is} the {reply|answer|stream|output} {be interrupted|be cut|stop|end|get interrupted} once {my|the} {JWT|token|access token|credential|login} is {past its lifetime|too old|no longer valid|expired|over}?
{What|Which thing} {happens|occurs} to {a running|an ongoing|a live|an open|my} {stream|answer|generation} {at|on|after} {token expiry|expiry of the token|expiration|the end of the token's life}?
{My|The} {credential|token|access token|login|authorisation} {lapsed|timed out|is too old|became invalid} {while|as} {text was coming|the answer was streaming|I was reading|the model was writing}
{Must|Should|Do} {I|we|clients} {refresh|renew|exchange} the {token|access token} {while|during} {a stream|streaming|a long generation|the answer}?
{token|access token|jwt} {dies|ends|runs out} {mid-answer|before the answer does|during generation|in mid stream}
{is|stays|remains} a {stream|generation} {alive|open|valid} {after|past} the {expiry|expiration} of {its|the} {token|credential}
the {answer|stream} is {longer|slower} than the {token's life|five minutes of the token|lifetime of my token}
{authentication|auth|authorisation} {expires|expired|ends} {during|in} {the|a} {stream|answer|response}
""",
        "ja": """
{配信|回答|生成|ストリーム|通信}の{最中|途中|間|さなか}に{認証|トークン|アクセストークン|ログイン|資格}{の期限|の有効期限|}{が来たら|が切れたら|が失効したら|が無効になったら}{打ち切られ|切断され|止まり|中断され|終わり}{ますか|る|るの}？
{実行中|進行中|流れている|開いている}の{ストリーム|回答|生成}は{トークンの失効|期限切れ|認証切れ|トークンが切れたとき}{で|に|後}{どうなる|止まる|切れる|続く}{の|か|のですか}？
{トークン|JWT|認証}の{期限|有効期限|寿命}が{回答|ストリーム|生成}より{短い|先に来る|先に切れる}{場合|とき|と|のですが}{は|どうなる|}{？|}
{途中|ストリーム中|配信中}で{トークン|認証}が{無効|期限切れ|失効}に{なった|なる|なってしまった}
{トークン|認証}{切れ|の失効}でも{回答|読み続け|ストリーム}{られる|は続く|は見られる}{の|か|？}
""",
    },
    "tokens": {
        "en": """
{Why not|Couldn't you|Why don't you} {hand out|give out|issue|use} {credentials|tokens|access tokens|JWTs|keys} that {last for months|live for years|stay valid for days|never expire|last longer}?
{What's|What is} the {reason|benefit|advantage|point|idea} {for|of|behind} {short-lived tokens|short lifetimes|scopes|scoped tokens|such short tokens|five-minute tokens|limited tokens}?
{How|What} {secure|safe|dangerous} {is|are} {the tokens|an access token|your JWTs|a leaked JWT|a stolen access token}?
{What|Which} {rights|permissions|powers|privileges} {does|do} {a token|an access token|a JWT|scopes} {carry|give|grant|contain}?
{Can|Could} {somebody|a hacker|an attacker|a stranger} {use|misuse|abuse|replay|steal} {my|a stolen|a copied|an intercepted} {token|JWT|access token|credential}?
{How|Why} {quickly|soon|often} {does|do|must} {an access token|tokens|a JWT} {expire|be renewed|run out}{| by design|}?
{the|an} {access token|jwt} {is valid|lives|lasts} {only|just} {a few|five} minutes, why
{security|protection|safety} of {tokens|credentials|jwt|access tokens}
{proof of possession|dpop|refresh token rotation|reuse detection|es256|token binding}{| explained| what is it| used|}
""",
        "ja": """
{トークン|アクセストークン|JWT|鍵}を{もっと|より|なぜ}{長持ちさせない|長くしない|長く使えない|長期間有効にしない|長く有効にしない}{のはなぜ|の|理由は|のですか}{？|}
{短い|短命な|寿命の短い|5分の}{トークン|アクセストークン|JWT}{にする|を使う|の|である}{理由|意味|メリット|狙い|わけ}{は|は何|を教えて}{？|}
{トークン|アクセストークン|JWT}を{誰かに|悪い人に|他人に|攻撃者に}{盗られ|取られ|コピーされ|悪用され|使われ}{たら|ると|た場合}{どうなる|危ない|大丈夫|困る}{の|？|か}
{トークン|スコープ|JWT}{には|に}{どんな|何の}{権限|情報|権利|内容}が{ある|入っている|含まれる|書かれている}{の|か}？
{トークン|JWT}の{更新頻度|有効時間|持続時間|しくみ|安全対策}{は|を教えて}{？|}
{権限|スコープ}を{絞る|限る|限定する}{のはなぜ|理由は|意味は}{？|}
""",
    },
    "limits": {
        "en": """
{What number|How many|Which number} of {parallel|simultaneous|concurrent|open} {generations|streams|answers|calls|requests} {is|are} {a person|one person|each person|an account|somebody|a single user} {permitted|allowed|granted}?
{Is|Are} {my|the} {usage|number of streams|number of requests|token use|consumption} {restricted|capped|limited|metered|bounded}{| per person| somehow|}?
{When|Why} {will|do|am} I {be|get|} {refused|throttled|blocked|rejected|rate limited}{| by the server| for using too much|}?
{How much|How many tokens|What amount} {can|may} {I|a person|someone|each account} {consume|use|spend|generate|ask for} {per day|per minute|daily|each hour|in a day}?
{What|Which} {maximum|ceiling|upper bound|allowance} {is|applies} {for|to} {each user|tokens|streams|output|one answer|the length of an answer}?
{the|an} {error|status} {resource exhausted|429|quota exceeded|too many requests} {appears|came|occurred|means what}
{stop|keep|prevent} {one|a single|a greedy} {user|client|person} from {using everything|hogging the server|starving others|taking all}
{can|could} I {open|start|run} {a hundred|fifty|twenty|unlimited|many} {streams|generations|answers}{| at once| in parallel|}
{per-user|user|daily|minute} {restrictions|quota|budget|ceiling|allowance}
""",
        "ja": """
{一人|1人|一つのアカウント|個人|各ユーザー}{で|が|につき|あたり}{同時に|並行して|一度に|}{何本|いくつ|何個|最大何本}{まで|の}{流せます|使えます|開けます|生成でき|ストリームを持て}{か|ますか|る}？
{使いすぎる|使いすぎた|たくさん使う|頼みすぎる|送りすぎる}{と|ら|場合}{どうなる|断られる|止められる|制限される|エラーになる}{の|か|んですか}？
{一日|1日|一時間|1分|一分間}に{使える|生成できる|送れる|許される}{量|トークン数|回数|トークン}{は|に上限は|の上限は}{どのくらい|ありますか|いくつ|}{？|}
{ユーザー|利用者|個人|アカウント}{ごとの|あたりの|別の}{制限|上限|割り当て|枠|利用量}{は|について|はいくつ|を知りたい}{？|}
{無制限|好きなだけ|いくらでも}に{使える|使えます|質問できる|流せる}{の|か}？
{最大|上限|限度}は{何本|いくつ|どこまで|どれくらい}{ですか|？}
""",
    },
    "heartbeat": {
        "en": """
{How come|Why} {an idle|a silent|a quiet} {line|stream|connection} {isn't|is not} {closed|cut|dropped} by {middleboxes|proxies|firewalls|load balancers} {when|while} the model {ponders|thinks|is silent|pauses|takes its time}?
{What|How} {if|about when} {no|not a single} {word|token|text|byte} {comes|arrives|is sent} for {a minute|half a minute|a long time|several minutes}?
{The|My} {connection|stream} {goes|stays|is} {quiet|silent|idle} for {long|minutes|ages} {and a proxy kills it|and gets closed|, is that a problem|, does it survive}
{How|What} {do you|does it|does the server} {prevent|stop|keep} {idle timeouts|proxies from closing|an idle timeout|the proxy from hanging up|quiet streams alive}?
{Is|Are} there {a sign of life|signs of life|keep-going messages|some message|anything sent} {during|in|while} {pauses|silence|long thinking|waiting}?
{What|Which} {are|is} the {empty|little|periodic|regular} {messages|frames|packets} {in between|every ten seconds|I see|for}?
{idle|inactive|silent} {proxies|proxy|load balancers|connections} {close|cut|timeouts|get dropped|and long pauses}
{the|a} {load balancer|gateway|nat|router} {forgets|drops|closes} {the|my|an} {idle|quiet|silent} {connection|stream|session}
{long|lengthy|extended} {silences|silence|pauses|waits|gaps} {in|during|between} {the stream|generation|tokens|texts}
""",
        "ja": """
{モデル|AI|サーバー}が{長く考えて|黙って|沈黙して|何も出さずに|考え込んで}いる{間|とき|あいだ}{に|、|も}{接続|ストリーム|回線|プロキシ}{は|が}{切れない|切られない|どうなる|維持される|切れませんか}{の|？|か}
{何も|一文字も|データが}{流れない|送られない|来ない|届かない}{時間|状態|間}が{長い|続く|長く続く}{と|とき|場合}{切断される|プロキシに切られる|どうなる|問題がある}{の|か|？|}
{沈黙|無音|間|休止}{が|の}{長い|続く|あいだ}{とき|場合|と}{も|は|}{接続を保つ|生きていると知らせる|切断を防ぐ|何が送られる}{には|仕組みは|の}{？|}
{定期的に|ときどき|一定間隔で|約10秒ごとに}{送られてくる|届く|流れる|来る}{小さな|空の|謎の}{メッセージ|フレーム|データ}は{何|何ですか|なぜ}？
{プロキシ|ロードバランサー|ルーター|中継機器}の{アイドル|無通信}{切断|タイムアウト}{を防ぎたい|に困っている|への対策は|はどう防ぐ}{？|}
""",
    },
    "grpc-web": {
        "en": """
{Why|What for} {must|do|should} {web pages|browsers|web apps|frontends} use {grpc-web|gRPC-Web} {rather than|instead of|and not} {the normal one|plain gRPC|ordinary gRPC|real gRPC}?
{What|Which thing} {prevents|stops|keeps|hinders} {browsers|a browser|JavaScript|web pages} from {speaking|using|doing|calling} {gRPC|plain gRPC|native gRPC|grpc directly}?
{How|In what way} does {grpc-web|gRPC-Web} {differ|deviate|vary} from {gRPC|plain gRPC|normal grpc|the original}?
{Can|Could} {my|a} {web page|site|react app|browser app|single page app} {talk|connect|speak} {straight|directly|natively} to a {gRPC|grpc} {server|service|backend}?
{Is|Are} {a separate proxy|Envoy|an extra proxy|a translating proxy} {needed|required|necessary} for {grpc-web|gRPC-Web|grpc from the browser}?
{trailers|http2 frames|HTTP/2 trailers} {and|in} {browsers|javascript|fetch}
{grpc|gRPC} {calls|requests} {from|inside|within} {browser code|the web client|frontend code|javascript|a web site}
{what|explain} {the purpose of|the idea of|why there is} {grpc-web|gRPC-Web}
the {web|browser} {variant|version|dialect} of {grpc|gRPC}
""",
        "ja": """
{ブラウザー|ブラウザ|Webページ|JavaScript|フロントエンド}{が|は|で}{普通の|素の|通常の|そのままの|本来の}gRPCを{使えない|話せない|呼べない|扱えない|利用できない}{のはなぜ|理由は|わけは|のはどうして}{？|ですか|}
{gRPC-Web|grpc-web}{と普通のgRPC|とgRPC|と素のgRPC}{は何が違う|の違いを教えて|は違うの|の差は|はどう違う}{？|のですか|}
{gRPC-Web|grpc-web}{って|は|が}{何のため|なぜ要る|なぜ必要|どんなもの|どういう仕組み}{にある|なの|ですか|の|}？
{Webページ|サイト|Reactアプリ|ブラウザーのアプリ}から{gRPCサーバー|gRPCのサービス|gRPCサービス}に{直接|そのまま}{つなげる|話せる|接続できる|通信できる}{の|か|ますか|？}
{ブラウザー|ブラウザ}{と|で}{gRPC|HTTP/2のトレーラー}{の問題|の関係|について}{|を教えて}
""",
    },
    "six": {
        "en": """
{After|Upon|When} {opening|having} {half a dozen|six|6|seven|several} {tabs|windows|pages|streams} the {next|following|seventh|new} {one |}{refuses to load|does not load|hangs|is stuck|stays white|never connects}
{What|Why} {limits|restricts|caps|is limiting} {me|my browser|us|the page} to {six|6|half a dozen} {streams|tabs|connections|parallel streams|live answers}?
{I|We} {can't|cannot|am unable to} {open|get|run|start} {more than six|a seventh|another|over 6} {stream|streams|tab|tabs|connection|connections}{| in the browser| at once|}
{A|The} {seventh|7th|new|further} {tab|page|stream|chat} {keeps loading|spins forever|waits forever|is blocked|shows pending|gets no data}
{Everything|The site|The app|All} {freezes|hangs|blocks|stalls|stops} {when|as soon as} {too many|six|several|more than six} tabs {are open|are streaming|run}
{Is|Are} there {a|any} {maximum|limit} {of|to|for} {browser connections|connections per host|streams in a browser|open tabs|simultaneous tabs}?
{why does|does} http/1.1 {allow|permit|limit|only allow} {six|6|so few} {connections|streams|tabs}
{open|run|use} {ten|twenty|many|more} {tabs|streams|chats} {in|from} one browser
{tab|stream|window} number {seven|7} {hangs|pending|dead|does nothing}
""",
        "ja": """
{ブラウザー|ブラウザ|Chrome}で{七枚目|7枚目|七つ目|7つ目|次|新しい}の{タブ|ページ|ストリーム|画面}が{待ったまま|固まったまま|止まったまま|読み込み中のまま|つながらないまま}{になります|になる|です|なのですが|になるのはなぜ}{？|}
{6|六|6つ|六つ}{枚|個|本|つ|}{以上|より多く|を超えて}{タブ|ストリーム|画面}を{開く|開いた|動かす|使う}と{固まる|止まる|動かない|待たされる|つながらない}{|のはなぜ|のですが}{？|}
{なぜ|どうして}{六つ|6つ|6本|六本}{まで|しか}{なの|だめ|開けない|使えない|動かない}{ですか|の|んですか|？}
{接続|タブ|ストリーム|コネクション}が{六つ|6つ|6本}に{制限される|限られる|制限されている}{のはなぜ|理由|}{？|}
{もっと|たくさん|七つ以上|10本}の{タブ|ストリーム}を{同時に|一度に}{使いたい|開きたい|動かしたい|開くには}{|のですが}{？|}
{ほかの|残りの|別の}タブが{全部|みんな|}{固まって|止まって|待って|動かなくなって}{しまう|しまいます|いる}
""",
    },
    "slow": {
        "en": """
{Suppose|Imagine|Say} one {consumer|reader|client|listener|viewer} {lags far behind|is very slow|crawls|can't follow|is behind}, do {others|other people|the rest} {suffer|wait|notice|get slower}?
{What|How} {if|about when} {I|someone|a user|a phone|a client} {reads|receives|downloads|takes the text} {slower than|more slowly than|not as fast as} {the model writes|it is produced|text is generated|others}?
{Will|Does|Can} {the server|it|Seseragi} {run out of memory|fill up|slow down|drop text|wait} {for|with|because of|when there are} {slow readers|slow clients|a slow client|lagging readers|slow people}?
{Does|Do} {the model|generation|others} {wait|pause|stop} for {slow readers|a slow reader|me|a slow client}?
{How|What} {does|do} {slow readers|lagging readers|slow clients|people with slow lines} {get|receive|see|notice}?
{weak|poor|slow|old} {device|computer|machine|internet|line} {and|with|cannot keep pace with} {fast streams|streaming|a fast model}
{keep up|keep pace|follow} with {the model|a fast stream|the text}{|, I can't|, my client cannot}
{handling|treatment} of {slow|lagging|stalled} {readers|consumers|subscribers|clients}
text {piles up|accumulates|queues up} {because|when} {the reader|my client|the browser} is {slow|late|busy}
""",
        "ja": """
{一人|誰か|ある人|一つのクライアント}が{遅れて|とても遅くて|ついていけなくて|のろくて}{も|いると|いても|いたら}{ほかの人|他の人|全体|みんな}{は|に|が}{困らない|影響する|待たされる|遅くなる|影響はある}{の|？|か}
{読む|受け取る|受信する|表示する}{の|速度|スピード}が{遅い|遅れる|間に合わない|追いつかない|のろい}{人|場合|とき|クライアント}{は|には}{どうなる|どうする|文章が抜ける|問題はある}{の|か|？}
{遅い人|遅いクライアント|低速な利用者|のろい読み手|遅い端末}{が|の|がいると|に対して}{いるとどうなる|ための工夫|サーバーはどうする|どう対処する|メモリは増える}{の|は|か|}？
{モデル|サーバー}は{遅い人|読み手|クライアント|受信側}を{待つ|待ちます|待ってくれる|待たない}{の|か}？
{処理|受信|表示}が{追いつきません|遅れます|詰まります|間に合いません}
""",
    },
    "own-model": {
        "en": """
{Is it|Would it be} possible to {hook up|plug in|attach|use|integrate|wire up} {my Ollama instance|my own LLM|another LLM|a vLLM server|a Triton server|an external model|a different model|an existing model server}?
{What|Which} {other|bigger|alternative|external|additional} {models|model servers|engines|LLMs|backends} {can be used|may I use|can I attach|work with it|are possible}?
{I|We} {run|host|operate|already have|own} {Ollama|vLLM|Triton|llama.cpp|a model server|our own LLM|a GPU server}, {can I connect it|how do I connect it|does it fit|can Seseragi use it}?
{Instead|In place} of {the tiny model|this model|the built-in model|the demo model} I {want|would like|need} {a big one|my own|Llama|something smarter|a real one}
{Swap|Replace|Exchange} {the|this} {tiny|small|built-in|demo|default} {model|LLM} {for|by|with} {a larger one|mine|another|my file|something better}
{Does it|Can it} {accept|load|read|open} {any|my|other|custom} {GGUF|gguf files|model files|weights|checkpoints}?
{point|direct|route} {it|seseragi|the gateway} {to|at} {another server|my model server|openai|my ollama|an inference endpoint}
{bring|use} your own {model|llm|weights|inference server}
{how|where} to {configure|set|add} {a|an|another} {model route|external llm|openai key|inference backend|model path}
""",
        "ja": """
{手元|社内|自宅|別サーバー|クラウド}の{Ollama|vLLM|Triton|LLM|モデル|モデルサーバー|llama.cpp}を{後ろに||裏で|}{つなぎたい|使いたい|接続したい|動かしたい|つなげる}{|のですが|方法は|には}{？|}
{この|内蔵の|付属の|今の}{小さな|}モデル{の代わりに|ではなく|以外の|より賢い}{別の|自分の|大きな|本物の|ほかの}{モデル|LLM}{を使う|にする|に変える|を使いたい}{には|方法は|ことはできますか|}{？|}
{自作|独自|学習済み|ファインチューニング済み|手持ち}{の|}{モデル|GGUF|LLM}{でも|は|を}{使えますか|動きますか|読み込めますか|つなげますか|使える}？
{外部|ほか|別}の{推論サーバー|モデルサーバー|AI|LLM|API}{と|に}{連携|接続|つなぐ}{できますか|したい|方法は|には}{？|}
{モデル|エンジン}の{追加|変更|交換|入れ替え|選択}{方法|の仕方|は可能ですか|について}{は|}{？|}
""",
    },
    "small": {
        "en": """
{Seriously|Honestly|Really}, {how come|why} {your brain is|you are|this model is|the model is} {this|so} {tiny|small|limited|simple}?
{Is|Are} {this|you|it} {genuine|truly|really} {AI|a language model|machine learning|generating text|an LLM}{| or only a trick| or prepared text| or a lookup table|}?
{How|What} {clever|smart|capable|intelligent|good|powerful} {is|are} {this model|the model|you|the demo model|the included model}?
{What|Which} {are|is} {the|your} {limits|abilities|skills|weaknesses|capabilities} {of the model|of this model|as a model|}?
{What|How many} {is the size|megabytes|parameters|weights|numbers} {of|in|has|are in} {this|the|your} {model|network|file|weights}?
{Why|What for} {is there|do you include|do you ship|does it come with} {a|such a} {tiny|small|mini|toy|little} {model|LLM|language model}{| at all| and not a big one|}?
{Can|Could|Will} {you|this model|the model} {answer|handle|understand} {everything|all questions|any question|other topics|general questions}?
{your|the model's} {answers|replies} {sound|look|seem} {prepared|memorised|always the same|canned|repetitive}
{Did|Have} you {learn|learned|memorise|memorised} {these answers|everything|your answers} {by heart|word for word|}?
{is|was} the {model|llm} {included|bundled|shipped} {trained by you|made for this project|really tiny}
{a|the} {mini|tiny|two million parameter|small} {model|llm}: {what for|what can it do|is it any use}
""",
        "ja": """
{この|付属の|内蔵の|同梱の}{モデル|AI|小さなモデル|言語モデル}{は|って}{どのくらい|どれくらい|どれほど|どの程度}{賢い|小さい|大きい|すごい|使える|できる}{の|ですか|んですか|の？}
{本物の|ちゃんとした|本当の|れっきとした}{言語モデル|AI|LLM|生成AI}{ですか|なの|なんですか|と言えますか|ではない}{？|の}
{あらかじめ|前もって|事前に}{用意した|決めた|書いた|覚えた}{答え|回答|文章}を{返して|出して|言って}{いる|いるだけ|います}{の|か|では}？
{なぜ|どうして}{大きな|もっと賢い|普通の|高性能な}{モデル|AI}{を|では|に}{使わない|ない|しない|付けない}{の|のですか|んですか}？
{あなた|君|このモデル|このAI}{の|に}{頭|脳|知識|能力|できること|限界}{は|が}{小さい|少ない|何|どのくらい|どこまで}{の|ですか|？}
{どんな|何の}{こと|質問|話題}{なら|に}{答えられる|わかる|答えてくれる|得意な}{の|か|のですか|？}
{パラメータ|パラメーター|重み|ファイル}{は|の数は|のサイズは}{いくつ|どのくらい|何個|何メガ}{ですか|？}
""",
    },
    "slo": {
        "en": """
{Within|In|After} how many {milliseconds|seconds|ms} {must|should|will|does} the {initial|first|opening} {word|text|letter|token|output} {be visible|appear|arrive|show|come}?
{What|Which} {waiting time|start delay|first response time|initial delay} {is normal|is acceptable|can I expect|do you promise|is the target}?
{How|What} {responsive|speedy|snappy|low-latency|quick} {is|should} {it|the stream|the first answer|the gateway|Seseragi} {be|}?
{Do|Does} you {guarantee|promise|commit to} {a speed|a latency|a time|fast answers|a response time}?
{What|Which} {goals|targets|objectives|numbers|promises} {do you have|are set|exist|apply} for {speed|latency|performance|the first text|response times}?
{users|people|i} {wait|waited|have to wait} {too long|ages|several seconds} {for|before} {the first word|anything|the beginning of the answer|the first text}
{time|delay|wait} {before|until|to} {the first|any} {output|text|character|words}{| is too long| target| how much|}
{service level|service-level} {objective|objectives|goal|target|agreement}
{percentile|95th percentile|p95|p99} of {the first token|first text time|latency|start time}
is {half a second|one second|600 ms|two seconds} {ok|normal|too slow|fast enough} for the first {text|token|word}
""",
        "ja": """
{一文字目|最初の一文字|出だし|最初の言葉|書き始め}{が|は}{出るまで|表示されるまで|届くまで|見えるまで}{の|に}{目標|時間|目安|基準|目標時間}{は|は何ミリ秒|は何秒|はどのくらい}{？|ですか|}
{どのくらい|何秒|どれだけ}{待てば|待つと|で}{最初の文字|返事|文章|何か|答え}が{出る|出始める|始まる|表示される|見える}{の|か|んですか|のですか}？
{サービス|性能|速度|速さ|応答}{レベル|}の{目標|目標値|保証|基準|約束}{は|はありますか|を教えて|はどうなっている}{？|}
{反応|応答|表示|開始}が{遅い|遅く感じる|もたつく|すぐ来ない}{のですが|と感じる|けど目標は|が普通は}{？|}
{速い|遅い|高速}{の基準|かどうか|と言えるの}{は|はどう測る|は何ミリ秒}{？|}
SLO{は何|の数値|の目標|って|を知りたい}{？|ですか|}
""",
    },
    "metrics": {
        "en": """
{Do|Does|Can} {you|it|Seseragi|the server} {expose|publish|provide|emit|deliver} {numbers|metrics|counters|figures|statistics} {that Prometheus can scrape|for Prometheus|for Grafana|about streams|for monitoring}?
{What|Which} {tools|means|instruments|possibilities} {are there|do I have|exist} {to watch|to monitor|to observe|for watching|for observing} {the system|the server|streams|production|it}?
{Where|How} {can|do|would} I {look|check|tell|inspect|see} {how the server is doing|how busy it is|what the streams are doing|which streams are active|how many errors there are|the server's health}?
{I|We} {need|want|would like} {insight|visibility|a view|a graph|a live view} {into|of|on} {the running system|what happens|the streams|the server|errors and latency}
{Can|Does} it {be monitored|be observed|trace requests|send traces|show graphs|write metrics}?
{Something|A stream|It} {is wrong|fails|is slow|broke}, {how do I find the cause|where do I look|which tool helps|how can I see why}
{hook up|connect|integrate} {prometheus|grafana|datadog|opentelemetry|jaeger|our monitoring}
{health|load|error rates|activity|state} of the {server|system|gateway}{| at a glance|}
{observing|supervising|watching|tracking} {what happens|streams|the gateway|the service}
""",
        "ja": """
{Grafana|Prometheus|ダッシュボード|画面|グラフ}{で|から|に}{様子|状態|状況|数値|メトリクス|動き}を{見たい|確認したい|見る|表示したい|取り込みたい}{|のですが|には|方法は}{？|}
{サーバー|システム|ストリーム|サービス}の{様子|状態|具合|動き|負荷|調子}を{見る|知る|監視する|観察する|確かめる|調べる}{には|方法は|手段は|ツールは}{？|}
{何本|いくつ|どれだけ}の{ストリーム|接続}が{動いている|流れている|つながっている}か{見たい|知りたい|わかる|確認したい}{？|}
{問題|異常|不具合|エラー}が{起きた|あった|出た}とき{、|に}{どこを見れば|何で調べれば|どう調べれば|どうやって原因を知れば}{いい|よい|わかる}{？|ですか}
{運用|本番}{中|時|}の{監視|観測|見える化|計測}{は|について|の方法}{？|を教えて}
{数値|指標|計測値|統計}を{出して|公開して|集めて}{いる|いますか|くれる}？
""",
    },
    "mobile": {
        "en": """
{Will|Does|Would} {this|it|streaming|the stream} {eat|drain|empty|hurt|shorten} {the battery|my battery|battery life} of my {handset|phone|mobile|iphone|smartphone|device}{| quickly|}?
{I|We|People} {leave|left|walk out of} {the wifi|home|the office} and {the phone|my phone|my mobile} {switches|changes|moves} to {mobile data|5G|LTE|4G|cellular}{|, what happens to the answer|, does it continue|}
{Is|Are} {phones|a phone|small screens|handsets|mobile browsers|mobile devices} {supported|a problem|ok|fine|usable}{| too|}?
{How|What} {does|do} it {behave|do|handle} {on|with} {a phone|mobile networks|changing networks|network switches|phones that sleep|a moving user}?
{My|The} {ip|ip address|network|cell} changes {while I move|while travelling|when I leave home|on the train}, {does the stream go on|is the answer lost|what happens}
{locking|switching off|turning off} the {screen|phone} {during|while} {an answer|streaming|reading}
{phone|mobile|smartphone} {users|customers|clients|people} {on the train|on the move|outside|with bad reception}
{data volume|mobile data|traffic|power|energy} {use|usage|consumption} {on|of} {a phone|mobile|phones}
{hop|change|move|roam} {from one network to another|between wifi and mobile|between cells|networks}
""",
        "ja": """
{スマホ|携帯|スマートフォン|モバイル|iPhone|Android}の{電池|バッテリー|充電|通信量}{は|が}{どれくらい|どのくらい|すぐ|早く|たくさん}{減る|減ります|なくなる|消費する|使う}{の|か|？}
{家|会社|店|駅}を{出て|離れて}{Wi-Fi|無線LAN|WiFi}{が切れ|から外れ|から4Gに変わ}{たら|ると|っても}{回答|ストリーム|続き}は{どうなる|続く|見られる|切れる}{の|？}
{回線|ネットワーク|電波|通信}の{切り替え|切り替わり|変化|移動}{に|が}{強い|対応している|あっても平気|あったらどうなる|対応できる}{ですか|？|の}
{歩きながら|移動しながら|電車で|外で|出先で}{使う|使って|見る|読む}{と|いる|場合}{途中で切れ|どうなり|止まり|電波が変わり}{ますか|る|}{？|}
{携帯|スマホ|スマートフォン|タブレット}{からの|での|向けの}{利用|アクセス|動作|対応|表示}{は|について|に問題は}{？|できますか|ありますか}
{画面を消した|ロックした|ポケットに入れた|スリープした}{ら|場合|スマホ}{は|}{どうなる|回答は止まる|続く}？
""",
    },
    "privacy": {
        "en": """
{Does|Do|Will} {the operator|the server|anyone|the company|you} keep {a record|a copy|a history|traces|notes} of {the stuff I type|what I enter|my input|what I say|my words|the text I send}?
{Is|Are} {my|the} {inputs|words|entries|conversation|typed text|secrets} {visible|readable|accessible} {to others|for the admin|in log files|to the operator|in the logs}?
{What|How much} {of my|of the} {input|text|conversation|prompt} {ends up|lands|appears|shows up|is visible} in {the logs|log files|the server log|your records}?
{Can|May|Could} I {enter|type|send|paste} {secrets|private data|confidential text|personal information|customer data|passwords}{| safely|}?
{Where|What place} {do|does|are} {my prompts|the conversation|my answers|the things I type} {end up|get stored|stored|land|go}?
{log|logs|logging} {of|and|contain} {user input|prompts|answers|contents|conversations|private text}{| or not|}
{treat|handle|protect} {my|the user's|personal|private} {data|information|text|input} {how|confidentially|with care|}
{delete|erase|remove|forget} {my|the} {prompts|data|chat|history|conversation}
{anonymous|private|secret|untracked} {use|usage|chat}{| possible|}
""",
        "ja": """
{私|わたし|自分|ユーザー|こちら}の{質問|入力|文章|書いたこと|会話|プロンプト|データ}は{どこかに|サーバーに|ログに|誰かに|}{保管|記録|保存|収集|閲覧|公開}され{ますか|る|るの|てしまう}？
{打ち込んだ|書き込んだ|送った|入力した|話した}{内容|文章|こと|文字|もの}{は|が}{記録に残る|ログに出る|誰かに見られる|保存される|残される|外に漏れる}{の|か|のですか|んですか|}？
{ログ|記録|サーバー}に{質問|回答|プロンプト|本文|会話|個人情報}{が|は}{含まれ|書かれ|残り|入り|保存され}{ますか|ません|る|ない}{？|よね}
{会話|質問|プロンプト|履歴|データ}を{消したい|削除したい|残したくない|秘密にしたい|知られたくない}
{社外秘|機密情報|個人情報|秘密}を{送って|書いて|入力して|貼り付けて}も{いい|大丈夫|安全|問題ない}{ですか|？|でしょうか}
{匿名|こっそり|内緒}で{使える|使えます}{か|？}
""",
    },
    "greeting": {
        "en": """
{I|We} {just wanted|only wanted|want} to {say hi|say hello|say thanks|thank you|greet you|say goodbye}{|!}
{Wishing|I wish} you {a nice day|a good day|all the best|good night|a happy new year|a nice weekend}{|!}
{Very kind|So kind|That's kind|How nice|Great help|Good answer|Nice work|Lovely} {of you|, thanks|, thank you|!}
{Hi|Hello|Hey}{,|} {it's me|I'm back|here I am|I am Tom|my name is Anna|I am a visitor}{|!}
{That will be|That is|That's} all{| for today| for now| I wanted to know}{|, thanks|, thank you|, bye}
{pleased|glad|happy|delighted} to {meet|see} you{| here|}
{morning|evening|afternoon|night|hiya|welcome|aloha|bonjour|hola|ciao}{|!|, friend| to you}
{good|very good|fine|excellent}{|, thanks|, thank you|, bye bye}
{thanks|thank you} {anyway|again|for everything|for your time|for your patience|for talking to me|for all}{|!}
i'll {be back|come back|see you|talk to you} {later|soon|tomorrow}{|, bye}
""",
        "ja": """
{こんにちは|こんばんは|おはようございます|はじめまして|どうもどうも|お久しぶり|ただいま}{！|、}{お世話になります|お世話になっております|今日もよろしく|遊びに来ました|また来ました|お元気でしたか|お疲れさまです}{|。|！}
{今日は|これで|ここで|そろそろ}{ありがとう|終わります|失礼します|帰ります|おしまい}{ございました|ね|！|。|}
{とても|本当に|いつも|丁寧に|親切に}{ありがとう|ありがとうございます|助かります|感謝しています}{！|。|}
{よい|良い}{一日|週末|夜|お年}を{|！|お過ごしください}
{また|後で}{来ます|来るね|話しましょう|お願いします|会いましょう}{|！|。}
{ヤッホー|やっほー|こんちは|おはよー|こんー|おつかれ|おつ|お疲れ様です|ばいばい|あざす|サンキューです|どうもありがとう}
{お会いできて|話せて|使えて}{うれしい|嬉しい|よかった|光栄}{です|！|}
""",
    },
    "who": {
        "en": """
{Am I|Are we} {chatting|conversing|dealing|in contact|connected} with {GPT-4|ChatGPT|a real human|a computer|Claude|an OpenAI model|a person|a language model}{| here|}?
{Which|What} {company|firm|people|team|lab} {is behind|stands behind|made|runs|developed} {you|this assistant|this bot|this chatbot}?
{May|Can|Could} I {ask|know} {who you are|your name|who I am talking to|what you are|which AI you are}?
{Are|Were} you {the same as|similar to|based on|related to|like|a version of|built on} {ChatGPT|GPT|Claude|Gemini|Llama|other chatbots|GPT-4}?
{I'd like to|I want to|let me} {know|get to know} {who you are|you|your name|more about you}
{so|and} {who|what} {might|would} you be
{what|who} {is|was} {the name of|} {this bot|this assistant|the assistant|the bot|the speaker|this chatbot}
{you|u} {human|real|a bot|ai|chatgpt|a robot}?
{introduce|present|describe} {yourself|who you are} {please|briefly|in one sentence|}
{Does|Is} {openai|google|anthropic|microsoft} {behind you|your maker|your creator|own you|involved}
""",
        "ja": """
{あなた|君|おたく|きみ|そっち}{って|は}{ChatGPT|GPT|人間|AI|ロボット|ボット|本物の人|Claude|Gemini|OpenAI}{なんですか|なの|ですか|でしょうか|じゃないの|だよね}？
{あなた|君|きみ}{って|の名前は|は一体|はどこの|はいったい}{誰なんですか|何なの|何ですか|誰|AIですか|何者なの}？
{お名前|名前|正体|作った人|開発者|製作者|生みの親}{を|は}{聞かせて|教えてくれる|伺っても|誰ですか|教えてもらえますか|知りたい}{？|}
{いま|今|ここで|この画面で}{答えている|話している|返事している|書いている|応対している}のは{誰|何|どのAI|人間|機械|ChatGPT}{ですか|なの|？}
{OpenAI|Google|どの会社|マイクロソフト|誰}{が|の|に}{作った|製品|作られた|開発した}{の|ですか|AIですか|のですか}{？|}
{ChatGPT|ほかのAI|GPT|Gemini}と{同じもの|何が違う|関係ある|違うの}{ですか|の|？}
""",
    },
    "unknown": {
        "en": """
{Which|What} {wine|sauce|drink|side dish|spice} goes {well |}with {salmon|beef|cheese|rice|chicken|tofu}?
{Who was|Who became|Tell me who was} {emperor of Rome after Nero|the first king of England|the second US president|the last pharaoh|the founder of Rome|shogun in 1700}?
{Find|Give|Determine} the {roots|zeros|slope|average|median|volume|area} of {x^2 - 5x + 6|this function|these numbers|a cube|a sphere|a rectangle}
Why do {cats purr|dogs bark|birds sing|leaves fall|people yawn|we dream|onions make me cry|bees make honey|ships float|planes fly|magnets stick|stars twinkle}?
{Please |}{correct|check|improve|rewrite|shorten} {the spelling of my letter|my essay|this paragraph|my grammar|this text|my homework}
How do you {change the oil of a motorbike|knit a scarf|fold a paper crane|build a shelf|plant a tree|paint a wall|catch a fish|make candles|sharpen a knife|play poker|throw a boomerang|milk a cow|bake a sourdough}?
{What are|Name|List} {the planets|the seven wonders|the primary colours|three rivers in Europe|the months|the Beatles' albums|the US states|some good names for a cat|the symptoms of flu|the ingredients of a pizza}
{What happened|What was important} in {1492|1789|1945|1969|the year 1000|ancient Greece|the Stone Age}?
{Can I|Is it safe to|Is it healthy to} {eat raw eggs|drink sea water|swim after eating|feed bread to ducks|run every day|mix bleach and vinegar|fly with a baby|sleep with wet hair}?
{My|Our} {dog|cat|baby|neighbour|teacher|friend|aunt|boss|plant|goldfish} {is sick|does not eat|is angry with me|cries all night|has a birthday|likes music|moved away|is dying}{|, what should I do|}
{What's|What is} {the best way to peel garlic|your favourite movie|a good name for a dog|the tallest building|the largest country|the boiling point of water|the chemical symbol of gold|a synonym for happy|the opposite of hot|the plural of mouse|the score of the game|the traffic like|for dinner|on TV tonight}?
{Who|Which player|Which team} {is the best footballer|scored the most goals|plays tonight|is the coach of Brazil|leads the league|has the most titles|won gold in judo}?
{I feel|I am} {sad|tired|hungry|bored|lonely|happy|in love|sick|nervous|stressed|thirsty|angry}{| today|, what can I do|}
{convert|change} {10 miles to kilometres|five feet to metres|100 dollars to yen|70 fahrenheit to celsius|2 cups to grams|a pound to kilos}
{how|what} {do i|should i} {wear to a wedding|cook for guests|say in an interview|bring to a party|name my baby|plant in spring|pack for a trip|feed my hamster|invest in}
{is|are} {tomatoes fruit|whales mammals|mushrooms plants|vampires real|dragons real|bananas berries|spiders insects|viruses alive}?
{implement|code|program|debug|refactor} {quicksort|a linked list|a calculator|a chess game|my java class|this sql query|a web scraper|tic tac toe|a binary tree}{| in python| in java| for me|}
{how|where} do {penguins live|salmon spawn|i vote|i park|i renew my passport|i catch the bus|tigers sleep|i donate blood}
{the|a} {train|bus|flight|plane|ferry|metro} to {Rome|London|Kyoto|Boston|Sydney|the airport} {leaves when|is late|timetable|price|ticket}
{define|spell|pronounce} {onomatopoeia|entropy|necessary|quinoa|love|irony|recession|mitochondria}
what do you think {about|of} {the war|the government|abortion|my haircut|modern art|football|vegans|the king|climate policy|trains}
{a|some} {birthday|wedding|christmas|farewell|housewarming} {gift|present|poem|speech|card|party} {idea|ideas|for my father|for a colleague|for children|}
""",
        "ja": """
{おいしい|簡単な|本格的な|プロの}{コロッケ|カレー|パスタ|肉じゃが|天ぷら|オムレツ|ハンバーグ|ご飯}の{揚げ方|炊き方|作り方|焼き方|味付け|コツ}{を教えて|は|を知りたい}{？|}
{源頼朝|徳川家康|足利尊氏|平清盛|卑弥呼|豊臣秀吉|ペリー|コロンブス}は{どこに幕府を開いた|何をした|いつ死んだ|どこで生まれた|なぜ有名|何年に来た}{の|のですか|}？
{明日|今日|旅行に|山に|海に}は{傘|上着|コート|水着|長靴|帽子}を{持って行く|着る|用意する}{べき|べきですか|ほうがいい}？
{腕立て伏せ|腹筋|散歩|歯磨き|睡眠|水やり|洗濯|筋トレ}は{何回|何分|何時間|毎日|いつ}{やればいい|すればいい|が理想|が必要}{ですか|？}
{三角形|円|台形|球|長方形|ひし形}の{面積|体積|公式|角度|周の長さ}{は|の公式は|を求めて|の求め方}{？|}
{なぜ|どうして}{猫|犬|鳥|人|赤ちゃん|星|葉っぱ|飛行機|氷|カラス}は{鳴く|吠える|飛ぶ|夢を見る|泣く|光る|落ちる|浮く|眠る|黒い}の{ですか|？}
{母|父|友達|彼氏|上司|祖母|娘|同僚}の{誕生日|結婚祝い|還暦|退職|お見舞い}に{何を贈ればいい|何がいい|おすすめは|贈る言葉を考えて}{？|}
{この文章|私の作文|手紙|レポート|志望動機|メール}を{直して|添削して|要約して|翻訳して|短くして|丁寧にして}{|ください}
{最寄り駅|コンビニ|病院|郵便局|空港|スーパー|トイレ|市役所}{はどこ|への行き方|は何時まで|まで何分}{ですか|？|}
{太陽系|日本|世界|アメリカ|ヨーロッパ}{の惑星|の県|の国|の川|の州|の山}は{いくつ|何個|何本}{ある|あります}{の|か}？
{クイックソート|電卓|リスト|オセロ|テトリス|掲示板|家計簿}{を実装して|のコードを書いて|のプログラムを作って|を作りたい}
{疲れた|眠い|お腹が空いた|悲しい|寂しい|暇だ|楽しい|むかつく|緊張する|失恋した}{|、どうしよう|。何かして|。慰めて}
{摂氏|1マイル|100ドル|一升|一坪|1ポンド|一里}{は|を}{何|何キロ|何円|何グラム|メートルに}{？|ですか|換算して}
{バナナ|きのこ|トマト|クジラ|クモ|たこ}は{果物|野菜|植物|動物|魚|昆虫}{ですか|なの|？}
{1868年|1945年|平安時代|縄文時代|鎌倉時代|昭和}に{何があった|何が起きた|どんな暮らしだった}{？|のですか}
{戦争|政治|与党|原発|少子化|憲法改正|増税|移民}{についてどう思う|に賛成|は正しい|の意見を聞かせて}{？|ですか|}
{推し|芸能人|俳優|歌手|アイドル|選手}{は誰|で一番有名なのは|の年齢は|の身長は|の結婚相手は}{？|ですか}
{バス|電車|飛行機|フェリー|新幹線}{は何時に出る|の時刻表|が遅れている|の乗り換え|の運賃}{？|は|}
{虫歯|骨折|やけど|捻挫|鼻血|しゃっくり|便秘|貧血}{の手当て|になった|が痛い|を治すには|の原因は}{？|}
{面白い|怖い|感動する|泣ける}{映画|本|話|ドラマ|漫画}{ない|を教えて|が見たい|をおすすめして|ある}{？|}
""",
    },
}
