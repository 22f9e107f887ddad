"""Everything else: off-topic questions that are answered with an honest "I do not know".

`en_nouns` / `ja_nouns` go through the same templates as the keys of the known topics, so that the words decide and not the template.
"""

TOPICS = {
    "unknown": {
        "en_answer": "I do not know that. I am a very small model that has only learned about Seseragi: ask me how it streams, resumes, limits "
        "and protects the answers of AI models.",
        "ja_answer": "それはわかりません。私はせせらぎのことだけを学んだ、とても小さなモデルです。ストリーミングや再開、トークン、エラーなどについて聞いてください。",
        "en_nouns": """
the weather;the weather in Paris;the forecast for Monday;rain;snow;a thunderstorm;climate change;the temperature outside;football;the World Cup;tennis;basketball;
the Olympic Games;chess;baseball;a marathon;swimming;golf;Formula 1;rugby;algebra;geometry;the number pi;square roots;prime numbers;fractions;statistics homework;
a triangle;integrals;the Pythagorean theorem;pasta;bread;a chocolate cake;soup;sushi;coffee;green tea;pizza;rice;an omelette;curry;vegetables;a vegan diet;pancakes;
wine;cheese;politics;the president;the election;the prime minister;parliament;taxes;the United Nations;democracy;inflation;the stock market;Bitcoin;a mortgage;
insurance;Python;Java;a for loop in Python;JavaScript arrays;a bug in my C code;sorting algorithms;SQL joins;Excel;PowerPoint;Photoshop;Windows updates;my printer;
Git branches;regular expressions;HTML tables;CSS grids;the Roman Empire;World War II;the French Revolution;Napoleon;ancient Egypt;the Middle Ages;Julius Caesar;
the Cold War;the samurai;the Renaissance;Albert Einstein;Marie Curie;Shakespeare;Mozart;Picasso;Barack Obama;Elon Musk;Taylor Swift;Leonardo da Vinci;my mother;
my boss;my girlfriend;my neighbour;a translation into French;Spanish grammar;German verbs;the word for dog in Italian;Latin;kanji;an English essay;a poem;a joke;
a story;a love letter;a song;a riddle;a haiku;a novel;films;a good movie;Star Wars;Netflix series;anime;guitars;the piano;jazz;rock music;opera;painting;photography;
cameras;cars;electric cars;bicycles;trains to London;flights to New York;a hotel in Rome;holidays in Spain;a passport;a visa;Tokyo;Berlin;the capital of France;
Mount Everest;the Amazon river;Africa;Antarctica;the ocean;whales;cats;dogs;my dog;birds;spiders;dinosaurs;elephants;bees;trees;roses;gardening;tomatoes;
the moon;Mars;black holes;the sun;stars and planets;gravity;quantum physics;atoms;chemistry;oxygen;DNA;evolution;vaccines;headache;a cold;fever;back pain;
my blood pressure;vitamins;sleep;losing weight;yoga;pregnancy;teeth;glasses;depression;happiness;love;the meaning of life;God;religion;Buddhism;philosophy;ethics;
Kant;dreams;a job interview;my salary;a CV;school;university;exams;homework;children;a birthday present;a wedding;Christmas;Easter;New Year;Halloween;furniture;
a washing machine;my fridge;a leaking tap;the heating;light bulbs;shoes;jeans;fashion;hair;make-up;a lawyer;divorce;a rental contract;the police;a traffic ticket;
the time in Sydney;the date today;a calendar;miles and kilometres;a recipe;calories;a restaurant nearby;the news;lottery numbers;horoscopes;video games;Minecraft;
Pokemon;Lego;poker;magic tricks;ghosts;aliens;robots in films;a smart fridge;solar panels;nuclear power;oil prices;the price of gold;banks;credit cards;
an apartment;real estate;bridges in San Francisco;the Golden Gate Bridge;a security guard;the flow of a river;a bridge over the Rhine;stop signs;a heart beat;
blood flow;phone numbers;a phone contract;my phone bill;speed limits;a driving licence;the speed of light;a six-pack;six apples;a deadline for my tax return;my rent;
""",
        "en": """
What {is|will be} the weather {like |}{today|tomorrow|in London|in Tokyo|this weekend|next week|on Sunday|here}?
{Will|Does|Is} it {rain|snow|be sunny|going to rain|be hot|be cold} {today|tomorrow|tonight|this weekend|in Osaka|on Friday}?
How {warm|cold|hot} is it {outside|in Madrid|today|in Kyoto|right now}?
Do I need {an umbrella|a coat|sunscreen|boots} {today|tomorrow|}?
Who {won|is winning|will win|lost} {the match|the World Cup|the game yesterday|the Super Bowl|the election|the Champions League|the gold medal|the race|Wimbledon}?
What is {2 + 2|17 times 23|12 * 12|the square root of 144|5 plus 7|100 divided by 4|10 minus 3|the sum of 1 to 100|3 to the power of 4|15 percent of 80|seven times eight}?
{Calculate|Compute|Solve|Work out} {48 / 6|x^2 = 9|2x + 3 = 11|13 * 7|the derivative of x squared|the area of a circle|this equation|99 - 45}
How do I {cook|bake|make|prepare|boil|fry} {pasta|rice|an egg|a cake|bread|curry|miso soup|pancakes|a steak|potatoes|ramen|pizza|tea|jam}?
{Give me|Do you have|I need} {a recipe|a good recipe|a recipe for soup|a dinner idea|ideas for lunch|a cake recipe|cooking tips}
Who is the {president|prime minister|king|queen|mayor|chancellor|pope|emperor} of {the United States|France|Japan|Germany|England|Brazil|Canada|my city|India}?
Who {was|is} {the first man on the moon|Napoleon|Cleopatra|the richest person|Albert Einstein|Michael Jackson|the tallest man|your favourite singer|Gandhi|the author of Hamlet|Sherlock Holmes}?
When {was|did|is} {the Second World War|Rome founded|Columbus reach America|the Berlin Wall fall|Christmas|Easter|Mozart born|the next full moon|the French Revolution|my birthday|the dinosaurs die}?
What is the capital of {France|Japan|Australia|Italy|Canada|Egypt|Peru|Norway|Kenya|Turkey|Poland}?
Where is {Paris|Mount Fuji|the nearest station|Brazil|the toilet|my key|Madagascar|the Eiffel Tower|the post office|Sweden}?
How {far|long|high|deep|tall|old|heavy} is {the moon|Mount Everest|the Nile|the Eiffel Tower|the ocean|an elephant|the universe|a blue whale|the Great Wall}?
{Translate|How do you say|What is} {"good morning"|this sentence|dog|"I love you"|the word tree|thank you|hello|house} {into|in} {French|Spanish|German|Chinese|Italian|Korean|Latin|Russian}{|?}
{Write|Compose|Make up|Create} {a poem|a poem about spring|a story|a short story about a dragon|a song|an email to my boss|a letter|an essay|a limerick|a speech|a haiku|a cover letter|a tweet}{| for me| please|}
Tell me a {joke|story|fairy tale|secret|riddle|fun fact|bedtime story|funny story}
{Write|Show me|Give me|Fix} {a Python function|a sorting algorithm|some Java code|a for loop|a SQL query|a website in HTML|a bash script|a regex for email|my C++ code|a fibonacci function|hello world in Rust}{| that sorts a list| for me|}
How do I {reverse a string|sort a list|read a file|install numpy|centre a div|write a loop|declare a variable|parse JSON|use pandas|install Photoshop|install Python|install Windows|install a printer} {in Python|in Java|in C|in JavaScript|on my computer|}?
What is {the meaning of life|love|gravity|photosynthesis|a black hole|happiness|a noun|inflation|an atom|art|friendship|time|consciousness|the periodic table|a mammal|a tax|blockchain|a mortgage|bitcoin}?
Why is the {sky blue|grass green|sea salty|moon round|sun hot|ocean deep|earth round|bread stale|baby crying|cat angry|beer warm}?
What {should|can} I {eat|wear|cook|read|watch|buy|do today|give my mother|drink|play|study} {tonight|today|tomorrow|for dinner|for her birthday|on holiday|at the weekend|}?
{Recommend|Suggest|Find} {me |}{a book|a film|a restaurant|a hotel|a song|a holiday|a game|a present|a doctor|a good wine|a dentist|a laptop to buy}
Which {film|book|car|phone|team|country|colour|dog|language|camera|laptop|city} is {the best|the cheapest|your favourite|the biggest|better|the most beautiful|most popular}?
How do I {learn|study|practise|speak} {French|the piano|maths|Japanese|chess|swimming|cooking|to drive|guitar|history}?
How {do I|can I} {lose weight|get rich|fall asleep|make friends|quit smoking|find a job|repair my bike|clean a carpet|tie a tie|grow tomatoes|change a tyre|train my dog|save money|fix my car|unclog a sink|iron a shirt}?
{I have|My child has|What helps against} {a headache|a cold|a fever|a toothache|a sore throat|stomach ache|back pain|the flu|a cough|hiccups|a rash}{|, what can I do|}
What time is it{| now| in New York| in Tokyo| there|, please}?
What {day|date|month|year} is {it|today|tomorrow|it today|next Monday}?
How much {does|is} {a house|a car|gold|a ticket to Rome|an iPhone|milk|a coffee|a flight to Tokyo|petrol|bitcoin} {cost|worth|right now|}?
{Do you|Can you} {like|love|eat|drink|sing|dance|dream|sleep|feel pain|play chess|drive|swim|cook|draw|count to ten|keep a secret|whistle|tell the future}{| music| chocolate| me| cats|}?
Where {can|do} I {buy|find|get} {shoes|a good bakery|a cheap flight|a doctor|tickets|stamps|fresh fish|a taxi|a dentist|flowers}?
Book {a flight|a table|a hotel room|a taxi|a ticket} {for me|to Paris|for two|for tonight|}
{Play|Sing|Draw|Paint|Show} {some music|a song|a cat|a picture of a horse|a video|me a map|a game with me|happy birthday}
{Set|Add} {an alarm|a timer|a reminder|an appointment} {for seven|for ten minutes|for tomorrow|to my calendar|}
What is {my name|my password|my age|the wifi password here|my IP address|your favourite colour|your opinion on politics|your star sign|the stock price of Apple|the exchange rate of the dollar}?
How many {people live in China|legs has a spider|days are in a year|planets are there|bones has a human|countries are there|grams is an ounce|stars are in the sky|minutes has a day|continents exist|teeth does a shark have|states are in the USA|eggs do I need|calories has an apple}?
{Who|Which author} {wrote|painted|invented|discovered|composed|directed} {Hamlet|the Mona Lisa|the telephone|penicillin|the light bulb|Star Wars|the Ninth Symphony|America|Harry Potter|the bicycle|Faust|Titanic|Don Quixote}?
{Explain|Describe|Tell me about} {photosynthesis|the French Revolution|quantum mechanics|the rules of football|the water cycle|Buddhism|the human heart|volcanoes|the stock market|relativity|the life of Mozart|cricket|the Vikings|tectonic plates}
Is {there life on Mars|coffee healthy|the earth flat|a tomato a fruit|God real|chocolate good for dogs|it Monday|7 a prime number|Pluto a planet|milk vegan|war ever right|Santa real}?
{Should I|May I} {get married|buy a house|quit my job|call my ex|invest in gold|eat more fruit|buy a cat|move to Canada|vote|learn Latin|drink more water}?
What {does|did} {the fox say|my dream mean|carpe diem mean|Einstein say|my boss want|she mean|the king eat|LOL mean|a red light mean|the word ubiquitous mean|this rash mean|my horoscope say}?
{asdf|qwerty|blah blah|lorem ipsum|xyz|foo bar|abc|123|???|hmm|la la la|zzz|test test|42|...|jkl|aaaa|wer weiss|test|random words|banana banana|cat dog house}
{football|weather|cooking|politics|movies|music|history|maths|biology|travel|fashion|cars|animals|love|sports|money|gardening|philosophy|literature} {news|tips|question|facts|help|today|quiz|}
How do I {stop|cancel|end|quit|start|resume|renew} {smoking|my gym membership|my subscription to Netflix|a relationship|biting my nails|a flight booking|a car without a key|a fire in the stove|my career|a garden|a business|running|my passport|a hiccup|the washing machine|my newspaper}?
What does the name {Alexander|Tokyo|Yuki|Maria|Brazil|Amazon|Peter|Berlin|Toyota|Sakura|Elizabeth} mean?
Who are {the Beatles|the Vikings|my parents|your friends|the Simpsons|the richest people|you voting for|the best players|the candidates}?
How fast is {a cheetah|light|a Ferrari|sound|a train in Japan|the earth moving|a horse|Usain Bolt|a snail}?
{What is|Tell me} the {limit|derivative|speed|price|size|length|colour|age|history|population} of {x squared|1/n|light|gold|an elephant|the Nile|blood|the sun|Rome|Tokyo|a whale}?
Why is {my cat|my car|Belgium|my brother|the bathroom|an ant|my garden|a mouse|my pension|Liechtenstein} so {small|slow|noisy|fat|expensive|hungry|boring}?
How long does {a flight to Tokyo|pregnancy|an egg|a football match|the train to Paris|paint|a cold|a semester|the drive} take{| to dry|}?
Can you {help me with my homework|recommend a film|order a pizza|call my wife|drive me home|do my taxes|book a flight|lend me money|solve this puzzle|check my essay|proofread my text|summarise this book|translate a sentence}?
{My|The} {car|bike|heart|marriage|washing machine|leg|window|chair|TV|piano} is {broken|slow|too loud|old|damaged|making noise}
{How do I|Can I} use {a drill|a sewing machine|chopsticks|a compass|Excel|a microwave|the coffee machine|Photoshop|makeup} {|at home|safely}?
{mountain|river|fish|gold|desert|jungle} {stream|fishing|in the mountain stream|water|facts|}
the {bridge of my nose|bridge over the river Kwai|Brooklyn bridge|card game bridge|guard dog|coast guard|flow of traffic|flow of lava|deadline of my homework|expiry date of milk|stop at the bus station|token of love|bus token|heartbeat of a baby|privacy of celebrities}
""",
        "ja_nouns": """
天気;明日の天気;東京の天気;雨;雪;台風;気温;サッカー;野球;相撲;ワールドカップ;オリンピック;テニス;将棋;囲碁;マラソン;水泳;数学;方程式;円周率;素数;三角形;微分積分;掛け算;
料理;カレー;味噌汁;寿司;ラーメン;パスタ;ケーキ;パン;おにぎり;コーヒー;緑茶;日本酒;野菜;果物;卵焼き;弁当;政治;首相;大統領;選挙;国会;税金;消費税;憲法;経済;株価;円安;ビットコイン;
保険;年金;Python;Java;エクセル;プリンター;パワーポイント;ウィンドウズの更新;正規表現;SQL;江戸時代;戦国時代;織田信長;徳川家康;明治維新;第二次世界大戦;ローマ帝国;ナポレオン;フランス革命;
アインシュタイン;夏目漱石;紫式部;モーツァルト;ピカソ;総理大臣;天皇;イチロー;大谷翔平;英語の翻訳;フランス語;中国語;漢字;敬語;文法;俳句;詩;冗談;昔話;小説;手紙;映画;アニメ;漫画;ゲーム;
ポケモン;音楽;ピアノ;ギター;歌;写真;カメラ;絵;車;電車;新幹線;飛行機;自転車;ホテル;旅行;京都;大阪;北海道;沖縄;富士山;フランスの首都;アメリカ;アフリカ;海;川;山;犬;猫;鳥;魚;象;恐竜;
虫;花;桜;庭;トマト;月;火星;太陽;宇宙;ブラックホール;重力;原子;化学;遺伝子;進化;頭痛;風邪;熱;腰痛;歯;睡眠;ダイエット;ヨガ;薬;病院;妊娠;幸せ;恋愛;人生の意味;神様;仏教;哲学;夢;
面接;給料;履歴書;学校;大学;試験;宿題;子ども;誕生日プレゼント;結婚式;クリスマス;正月;洗濯機;冷蔵庫;エアコン;電球;靴;服;髪型;化粧;弁護士;離婚;家賃;引っ越し;警察;免許;今の時間;今日の日付;
カレンダー;占い;宝くじ;ニュース;レストラン;カロリー;銀行;クレジットカード;不動産;地震;火山;石油;原子力;太陽光発電;スマホの料金;電話番号;川の流れ;橋;警備員;心臓;血液;締め切り;定期券;
""",
        "ja": """
{今日|明日|明後日|週末|来週|あした}の{天気|気温|降水確率|東京の天気|大阪の天気}{は|はどうですか|を教えて|は何度|は}{？|}
{明日|今日|週末|今夜}{は|}{雨が降る|雨ですか|晴れますか|雪が降りますか|暑い|寒いですか|晴れる|傘が要る}{の|かな|？|}
{昨日の試合|ワールドカップ|日本シリーズ|選挙|オリンピック|決勝戦|有馬記念}は{誰が|どこが|どのチームが}{勝った|勝ちました|優勝した|勝つ}{の|か|？}
{2たす2|12かける12|100割る4|7かける8|3の4乗|15引く6|1足す1|９×９|5+7|144の平方根}{は|はいくつ|は何ですか|を計算して}{？|}
{方程式|この問題|数学の問題|連立方程式|2x+3=11}を{解いて|解いてください|計算して|教えて}
{カレー|味噌汁|ケーキ|ラーメン|卵焼き|パスタ|パン|唐揚げ|おにぎり|餃子|プリン}の{作り方|レシピ|おいしい作り方|材料}{は|を教えて|を教えてください|が知りたい}{？|}
{今日|今晩|明日|夕食|昼}{の|は|に}{夕飯|ごはん|献立|何を食べれば|何を食べよう|何を作ろう}{は何がいい|を考えて|いい|かな|？}
{日本|アメリカ|フランス|ドイツ|イギリス|韓国|ブラジル}の{首相|大統領|総理大臣|首都|人口|国王|面積|通貨}は{誰|だれですか|どこ|何人|何ですか|どこですか|いくつ|誰ですか}？
{織田信長|坂本龍馬|ナポレオン|アインシュタイン|夏目漱石|紫式部|イチロー|ピカソ|聖徳太子|エジソン}{は誰ですか|って誰|について教えて|は何をした人|はいつ生まれた|の生涯}{？|}
{江戸時代|明治維新|第二次世界大戦|関ヶ原の戦い|フランス革命|応仁の乱|平安時代}{はいつ|は何年|について教えて|はなぜ起きた|とは|はいつ始まった}{？|}
{富士山|エベレスト|東京タワー|スカイツリー|ナイル川|月|地球}の{高さ|長さ|大きさ|場所|距離|重さ|歴史}{は|はどのくらい|を教えて}{？|}
{おはよう|ありがとう|愛しています|犬|この文|これ|こんにちは|木|水}を{英語|フランス語|中国語|韓国語|スペイン語|ドイツ語}{に訳して|で何と言う|に翻訳して|で言うと|で書いて}{？|}
{詩|俳句|短歌|小説|物語|歌詞|手紙|メール|作文|感想文|日記|ラブレター}を{書いて|書いてください|作って|考えて|一つ作って}
{冗談|面白い話|昔話|怖い話|なぞなぞ|豆知識|ジョーク|しりとり}{を言って|をして|を聞かせて|をしよう|を教えて|しよう}
{Python|Java|C言語|JavaScript|SQL|エクセル}で{リストを並べ替える|ファイルを読む|ループを書く|平均を出す|文字列を反転する|合計する|グラフを描く}{方法|コード|には|プログラム}{は|を書いて|を教えて}{？|}
{人生の意味|幸せ|愛|重力|光合成|ブラックホール|哲学|経済|時間|神|友情|インフレ|死}{とは|とは何ですか|って何|はなぜある|の意味は}{？|}
{空|海|草|夕日|血|桜}{は|が}なぜ{青い|赤い|緑|きれい|しょっぱい|ピンク}の{ですか|？}
{おすすめの|人気の|良い|安い}{本|映画|店|レストラン|ホテル|音楽|アニメ|ゲーム|旅行先|温泉|パソコン|車|美容院}{は|を教えて|はありますか|を紹介して}{？|}
{頭|歯|お腹|腰|のど|足|目}が{痛い|痛いです|痛いのですが}{|。どうすればいい|、どうしたら|、薬は}{？|}
{風邪|熱|花粉症|二日酔い|肩こり|不眠}{の治し方|に効く薬|をひいた|が治らない|の対処法|はどうすれば}{は|を教えて|}{？|}
{今|いま|ニューヨークは今|ロンドンは今}{何時|何時ですか|何曜日|何時だ}？
{今日|明日|来週の月曜日|元日}は{何日|何曜日|何の日|祝日}{ですか|？|だっけ}
{家|車|金|飛行機|iPhone|牛乳|卵|新幹線|ガソリン|ビットコイン}の{値段|価格|料金|相場|切符代}{は|はいくら|を教えて}{？|}
{英語|ピアノ|料理|水泳|数学|中国語|ギター|将棋|運転|書道}{の勉強法|を上達するには|の練習方法|を習いたい|を教えて|が上手になりたい}{？|}
{痩せる|お金持ちになる|早く寝る|友達を作る|禁煙する|自転車を直す|ネクタイを結ぶ|トマトを育てる|車を買う|貯金する|モテる|漢字を覚える}{には|方法は|にはどうすれば|コツは}{？|}
{好きな|一番好きな}{色|食べ物|映画|音楽|動物|季節|人|スポーツ|本}は{何|何ですか|ある}？
{歌|踊り|料理|将棋|運転|計算|絵|ピアノ}は{できますか|できる|好きですか|得意}？
{日本|世界|東京|アメリカ}で一番{高い山|長い川|大きい都市|人気の食べ物|有名な人|寒い場所|速い電車}は{何|どこ|だれ|何ですか|どこですか}？
{誰|だれ}が{電話|電球|モナリザ|源氏物語|ハムレット|ペニシリン|飛行機|相対性理論}を{発明した|書いた|描いた|発見した|考えた}{の|のですか|？}
{あああ|あいうえお|てすと|テスト|ほげほげ|ふがふが|うーん|んー|えっと|りんご|みかん|いろはにほへと|ぴよぴよ|ごろごろ|123|なんだろう|ねむい|おなかすいた|つかれた|ひま}
{ピザ|タクシー|ホテル|飛行機|レストラン|切符|美容院}を{予約して|注文して|呼んで|予約したい|手配して}
{アラーム|タイマー|目覚まし|予定|リマインダー}を{設定して|セットして|追加して|かけて}
{宿題|作文|レポート|引っ越し|就職|確定申告|年賀状}{を手伝って|の書き方|の相談|について|をやって|の準備}{|ください}
{結婚|転職|引っ越し|投資|告白|退職|留学}{すべきですか|したい|しようか迷っている|のタイミングは|の相談をしたい|について}{？|}
{禁煙|ジム|新聞|結婚式|旅行|飛行機|保険}を{やめたい|キャンセルしたい|解約したい|止めたい|始めたい|再開したい}
{太郎|さくら|東京|トヨタ|桜子|ポチ|大阪}{という名前の|の名前の|の}{意味|由来|語源}は？
{冷蔵庫|洗濯機|車|自転車|テレビ|エアコン|時計|蛇口|トイレ}が{壊れた|動かない|うるさい|遅い|止まった|冷えない|水漏れする}
{うちの猫|弟|ベルギー|この部屋|アリ|日本の車|庭}はなぜ{小さい|遅い|うるさい|狭い|太っている}の？
{最近の|今日の|世界の}{ニュース|株価|為替|スポーツ|事件}{は|を教えて|について}{？|}
{占い|血液型|星座|手相|おみくじ}{の結果|で占って|を教えて|は当たる}{は|}{？|}
{隣の人|上司|彼女|母|息子|友達|先生}{と仲良くするには|が怒っている|へのプレゼント|に謝りたい|と喧嘩した|の誕生日}{|。どうすれば}{？|}
{宇宙|恐竜|クジラ|火山|地震|虹|雷|月}{はどうやってできた|について教えて|はなぜ起こる|の秘密|とは}{？|}
""",
    },
}
