import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { to } from "../kit/address";
import { type Answer, useCall } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Dialog } from "../kit/dialog";
import { Field, Form, Send } from "../kit/form";
import { say, sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";

type Node = Shapes["CategoryNode"];

/** The categories as a tree: put below another, in order, renamed, merged, taken out. */
export function Categories() {
  // Asked as a tree, it is one.
  const tree = useCall("GET /categories", { query: { tree: true } }) as Answer<Node[]>;
  const [edited, setEdited] = useState<Node>();
  const names = namesIn(tree.data ?? []);
  const put = async (name: string, body: Shapes["CategoryChange"]) =>
    tree.put(await shop("PUT /categories/{name}", { path: { name }, body }));
  return (
    <>
      <Trouble of={tree} />
      <section class="card">
        {tree.data?.length === 0 && <p>{words.noCategories}</p>}
        <Level
          of={tree.data ?? []}
          edit={setEdited}
          move={async (siblings, from, by) => {
            const order = siblings.toSpliced(from, 1);
            const moved = siblings[from];
            if (!moved) return;
            order.splice(from + by, 0, moved);
            for (const [position, { category, position: before }] of order.entries()) {
              if (position !== before) await put(category, { position });
            }
          }}
        />
      </section>
      <Form
        class="card stack"
        send={async ({ name = "", parent }, form) => {
          await put(name, { parent: parent ?? null });
          form.reset();
        }}
      >
        <h2>{words.newCategory}</h2>
        <div class="columns">
          <Field name="name" label={words.name} required maxlength={100} />
          <ParentChoice names={names} />
        </div>
        <Send class="primary">{words.addSynonyms}</Send>
      </Form>
      {edited && (
        <Edit
          of={edited}
          parent={parentIn(tree.data ?? [], edited.category)}
          names={names}
          put={put}
          onClose={() => setEdited(undefined)}
          again={tree.again}
        />
      )}
    </>
  );
}

const namesIn = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ category, children }) => [category, ...namesIn(children)]);

function parentIn(nodes: readonly Node[], name: string, above = ""): string | undefined {
  for (const { category, children } of nodes) {
    if (category === name) return above;
    const found = parentIn(children, name, category);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface LevelProps {
  of: readonly Node[];
  edit: (node: Node) => void;
  move: (siblings: readonly Node[], from: number, by: number) => Promise<void>;
}

const Level = ({ of, edit, move }: LevelProps) => (
  <ul class="tree">
    {of.map((node, at) => (
      <li key={node.category}>
        <div class="row">
          <a href={to(`products?category=${encodeURIComponent(node.category)}`)}>{node.category}</a>
          <span class="quiet">{words.productsIn(node.total)}</span>
          <button type="button" class="bare" aria-label={`${words.edit}: ${node.category}`} onClick={() => edit(node)}>
            {words.edit}
          </button>
          <Act
            verb="↑"
            class="bare"
            disabled={at === 0}
            label={words.earlierIn(node.category)}
            work={() => move(of, at, -1)}
          />
          <Act
            verb="↓"
            class="bare"
            disabled={at === of.length - 1}
            label={words.laterIn(node.category)}
            work={() => move(of, at, 1)}
          />
        </div>
        {node.children.length > 0 && <Level of={node.children} edit={edit} move={move} />}
      </li>
    ))}
  </ul>
);

const ParentChoice = ({ names, value = "" }: { names: readonly string[]; value?: string }) => (
  <label>
    {words.below}
    <select name="parent">
      <option value="" selected={value === ""}>
        {words.top}
      </option>
      {names.map((name) => (
        <option key={name} value={name} selected={name === value}>
          {name}
        </option>
      ))}
    </select>
  </label>
);

interface EditProps {
  of: Node;
  parent: string | undefined;
  names: readonly string[];
  put: (name: string, body: Shapes["CategoryChange"]) => Promise<void>;
  onClose: () => void;
  again: () => void;
}

function Edit({ of, parent = "", names, put, onClose, again }: EditProps) {
  return (
    <Dialog title={of.category} onClose={onClose}>
      <Form
        class="stack"
        send={async ({ name = of.category, parent: above = "", merge }) => {
          const change = (from: string, to: string, under: string) =>
            put(from, { ...(from !== to && { name: to, merge: merge === "on" }), parent: under || null });
          await change(of.category, name, above);
          // What was merged is one from then on.
          if (merge === "on" && name !== of.category) say(words.saved);
          else sayUndoable(words.saved, () => change(name, of.category, parent));
          onClose();
        }}
      >
        <Field name="name" label={words.rename} value={of.category} maxlength={100} />
        <label class="line">
          <input type="checkbox" name="merge" /> {words.mergeInto}
        </label>
        <ParentChoice names={names.filter((name) => name !== of.category)} value={parent} />
        <div class="row">
          <Send class="primary">{words.save}</Send>
          <Act
            verb={words.remove}
            class="danger"
            ask={[words.removeCategoryAsk(of.category), words.remove]}
            work={async () => {
              await shop("DELETE /categories/{name}", { path: { name: of.category } });
              say(words.removed);
              again();
              onClose();
            }}
          />
        </div>
      </Form>
    </Dialog>
  );
}
