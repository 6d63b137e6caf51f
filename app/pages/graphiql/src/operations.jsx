import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { Kind, parse } from 'graphql';
import { useState } from 'react';
import { roleNamed } from './words.js';

/** GraphiQL's plugin that lists the saved operations by role; a click puts one into the editors. */
export function operationsPlugin(operations) {
  function Content() {
    const query = useGraphiQL((state) => state.queryEditor);
    const variables = useGraphiQL((state) => state.variableEditor);
    const { setOperationFacts } = useGraphiQLActions();
    const [wanted, setWanted] = useState('');
    const shown = operations.filter((one) => `${one.name} ${one.about}`.toLowerCase().includes(wanted.toLowerCase()));
    const roles = [...new Set(shown.map((one) => one.role))];
    const put = (one) => {
      query?.setValue(one.document);
      variables?.setValue(one.variables);
      // GraphiQL reads a tenth of a second later what it is: who runs it at once would send the last one's name.
      const documentAST = parse(one.document);
      const operations = documentAST.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      setOperationFacts({ documentAST, operations, operationName: operations[0].name.value });
    };
    return (
      <section className="operations" aria-label="已存操作 Saved operations">
        <h2>已存操作 Saved operations</h2>
        <label>
          <span>查找 Find</span>
          <input type="search" value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
        {roles.map((role) => (
          <section key={role} aria-label={roleNamed(role)}>
            <h3>{roleNamed(role)}</h3>
            <ul>
              {shown
                .filter((one) => one.role === role)
                .map((one) => (
                  <li key={one.name}>
                    <button type="button" onClick={() => put(one)}>
                      <strong>{one.name}</strong>
                      <span>{one.about}</span>
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </section>
    );
  }
  const Icon = () => (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M3 2h10v12l-5-3.5L3 14z" />
    </svg>
  );
  return { title: '已存操作 Saved operations', icon: Icon, content: Content };
}
