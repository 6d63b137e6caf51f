import './nonce.js';
import 'graphiql/setup-workers/vite';
// One by one: 'graphiql/style.css' embeds 34 fonts and a second copy of Monaco's sheet as data: addresses.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import 'graphiql/graphiql.css';
import './page.css';
import { DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { fetcherFor, saved } from './graph.js';
import { memory } from './memory.js';
import { operationsPlugin } from './operations.jsx';
import { SignIn, SignedIn, useSession } from './signing.jsx';
import { isStaff } from './words.js';

const HELLO = `# 从左侧的“已存操作”中选一个，按 Ctrl-Enter 执行。
# Choose one of the saved operations at the left; Ctrl-Enter runs it.
query Welcome {
  viewer {
    roles
  }
  categories {
    id
    name
  }
}
`;

const OPERATIONS = operationsPlugin(saved);

function Page({ demo }) {
  const session = useSession();
  const { fetcher, close } = useMemo(() => fetcherFor(session.token), [session.token]);
  useEffect(() => close, [close]);
  // Whoever may not ask for the schema is not made to ask.
  const schema = demo || isStaff(session.roles) ? undefined : null;
  return (
    <>
      <header className="bar">
        <h1>公共法律服务 · GraphiQL</h1>
        {session.token ? <SignedIn session={session} /> : <SignIn session={session} demo={demo} />}
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          schema={schema}
          plugins={[OPERATIONS]}
          referencePlugin={DOC_EXPLORER_PLUGIN}
          visiblePlugin={OPERATIONS}
          defaultQuery={HELLO}
          storage={memory}
          defaultEditorToolsVisibility="variables"
          isHeadersEditorEnabled={false}
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

const root = document.getElementById('root');
createRoot(root).render(<Page demo={root.dataset.demo === 'true'} />);
