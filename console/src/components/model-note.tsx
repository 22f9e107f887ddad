import { useState, type ReactNode } from "react";
import type { GatewayInfo } from "../http.js";

const SHOWN = 6;
const language = navigator.language.startsWith("ja") ? "ja" : "en";

interface Props {
  readonly info: GatewayInfo | undefined;
  readonly disabled: boolean;
  readonly onAsk: (question: string) => void;
}

/** Says plainly what the model is, and offers the questions it was made for. */
export function ModelNote({ info, disabled, onAsk }: Props): ReactNode {
  const [all, setAll] = useState(false);
  if (!info) return null;
  const note = info.model_note[language] ?? info.model_note["en"];
  const noteLang = info.model_note[language] ? language : "en";
  const questions = [...info.questions].sort((a, b) => Number(b.lang === language) - Number(a.lang === language));
  const shown = all ? questions : pickBoth(questions, SHOWN);
  return (
    <section className="note" aria-label="The model">
      {note && (
        <p data-testid="model-note" lang={noteLang}>
          {note}
        </p>
      )}
      <ul className="chips" aria-label="Questions it knows">
        {shown.map(({ lang, text }) => (
          <li key={`${lang} ${text}`}>
            <button type="button" className="chip" lang={lang} data-testid="question-chip" disabled={disabled} onClick={() => onAsk(text)}>
              {text}
            </button>
          </li>
        ))}
        {questions.length > SHOWN && (
          <li>
            <button type="button" className="chip more" aria-expanded={all} data-testid="questions-more" onClick={() => setAll(!all)}>
              {all ? "Fewer" : `All ${questions.length} questions`}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

/** Mostly the reader's language, but never only that: the last two places go to another. */
function pickBoth<T extends { lang: string }>(questions: readonly T[], count: number): T[] {
  const first = questions.filter(({ lang }) => lang === questions[0]?.lang);
  const others = questions.filter(({ lang }) => lang !== questions[0]?.lang).slice(0, 2);
  return [...first.slice(0, count - others.length), ...others];
}
