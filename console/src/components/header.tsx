import type { ReactNode } from "react";

export function Header({ version, children }: { version: string | undefined; children: ReactNode }): ReactNode {
  return (
    <header className="header">
      <div className="brand">
        <h1>
          <span lang="ja">せせらぎ</span> <small>Seseragi</small>
        </h1>
        <p className="parts" title={version && `version ${version}`}>
          guard <span lang="ja">守る</span> · flow <span lang="ja">流す</span> · bridge <span lang="ja">橋渡し</span>
        </p>
      </div>
      {children}
    </header>
  );
}
