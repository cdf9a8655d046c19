import { useRef, useState } from "preact/hooks";
import { Act } from "../kit/act";
import { go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { useHeading } from "../kit/heading";
import { useVersion, type Versioned, versionOf } from "../kit/version";
import { goOn } from "../kit/walk";
import { settle } from "../kit/typed";
import { say, sayUndoable } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import * as words from "../words/admin";
import { Pictures } from "./pictures";
import { slugOf } from "./slug";
import { Variants } from "./variants";

type Product = Shapes["ProductDetail"];

export function ProductPage({ id }: { id: number | undefined }) {
  if (id === undefined) return <ProductForm of={undefined} saved={({ record }) => go(to(`products/${record.id}`))} />;
  return <KnownProduct id={id} />;
}

const read = (id: number, signal?: AbortSignal) =>
  shop.full("GET /products/{id}", { path: { id }, ...(signal && { signal }) });

function KnownProduct({ id }: { id: number }) {
  const answer = useAnswer<Versioned<Product>>(async (signal) => versionOf(await read(id, signal)), [id]);
  const known = answer.data;
  useHeading(known?.record.name);
  return (
    <>
      <a href={to("products")}>{words.allProducts}</a>
      <Trouble of={answer} />
      {known && (
        <>
          <ProductForm key={known.etag} of={known} saved={answer.put} />
          <Pictures id={id} images={known.record.images} again={answer.again} />
          <Variants product={known.record} again={answer.again} />
          <Act verb={words.takeOut} class="danger start" work={() => takeOut(known.record)} />
        </>
      )}
    </>
  );
}

/** Out of the catalog, and back again by an undo: what was ordered keeps it all the while. */
async function takeOut({ id, name }: Product): Promise<void> {
  const path = { id };
  await shop("DELETE /products/{id}", { path });
  settle();
  go(to("products"));
  sayUndoable(words.isTakenOut(name), async () => {
    await shop("POST /products/{id}/restoration", { path, body: {} });
    go(to(`products/${id}`));
  });
}

/** What a field holds where the product has nothing. */
const NOTHING: Record<string, unknown> = { weight_grams: 0 };

function ProductForm({ of, saved }: { of: Versioned<Product> | undefined; saved: (now: Versioned<Product>) => void }) {
  const [isTouched, setTouched] = useState(false);
  // Whether the next record is meant afterwards: as the key or button that sends the form has it.
  const goesOn = useRef(false);
  const product = of?.record;
  const isParent = (product?.option_names.length ?? 0) > 0;
  const path = { id: product?.id ?? 0 };
  const { save, clash, forget } = useVersion({
    of,
    place: `products/${path.id}`,
    read: () => read(path.id),
    write: (body: Record<string, unknown>, ifMatch) =>
      product
        ? shop.full("PATCH /products/{id}", { path, body, ...(ifMatch && { ifMatch }) })
        : shop.full("POST /products", { body }),
    saved: (now) => {
      setTouched(false);
      say(words.isSaved(now.record.name));
      saved(now);
    },
  });

  /** Only what was changed is sent: what others changed meanwhile stays. */
  function changesIn(form: HTMLFormElement, { options, ...values }: Record<string, unknown>): Record<string, unknown> {
    const changes: Record<string, unknown> = options === undefined ? {} : { option_names: options };
    for (const field of form.elements) {
      const name = field.getAttribute("name");
      if (!name || name === "options") continue;
      const now = values[name] ?? NOTHING[name] ?? null;
      if (now !== ((product && Reflect.get(product, name)) ?? NOTHING[name] ?? null)) changes[name] = now;
    }
    if (!product) changes["slug"] ??= slugOf(String(values["name"]));
    return changes;
  }

  async function send(values: Record<string, unknown>, form: HTMLFormElement): Promise<boolean> {
    const isLeaving = goesOn.current;
    goesOn.current = false;
    const isDone = await save(changesIn(form, values));
    if (isDone && isLeaving) goOn();
    return isDone;
  }

  return (
    <Form<Record<string, unknown>>
      class="card stack"
      onInput={() => setTouched(true)}
      onReset={() => {
        setTouched(false);
        forget();
      }}
      onKeyDown={(event) => {
        const isEnter = event.key === "Enter";
        if ((event.key !== "s" && !isEnter) || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        goesOn.current = isEnter;
        event.currentTarget.requestSubmit();
      }}
      send={send}
    >
      <div class="columns">
        <Field name="name" label={words.name} value={product?.name ?? ""} required maxlength={200} />
        <Field
          name="slug"
          label={words.webAddress}
          value={product?.slug ?? ""}
          {...(product ? { required: true } : { hint: words.madeOfName })}
        />
        <Field name="category" label={words.category} value={product?.category ?? ""} required />
        {!isParent && (
          <Field
            name="price"
            label={words.price}
            kind="money"
            value={product?.price ?? ""}
            {...(product ? {} : { hint: words.leftEmptyWhereThere })}
          />
        )}
        {!isParent && (
          <Field
            name="compare_at_price"
            label={words.priceBeforeSale}
            kind="money"
            value={product?.compare_at_price ?? ""}
            hint={words.priceBeforeSaleHint}
          />
        )}
        {!product && <Field name="stock" label={words.stock} kind="number" />}
        {!product && (
          <Field name="options" kind="list" label={words.optionsOfItsVariants} hint={words.suchAsSizeColour} />
        )}
        {!isParent && <Field name="sku" label={words.codeSku} value={product?.sku ?? ""} />}
        {!isParent && <Field name="barcode" label={words.barcode} value={product?.barcode ?? ""} />}
        <Field name="tax_class" label={words.taxClass} value={product?.tax_class ?? "standard"} />
        <Field name="weight_grams" label={words.weight} kind="number" value={product?.weight_grams ?? ""} />
        <Field
          name="low_stock_at"
          label={words.lowAt}
          kind="number"
          value={product?.low_stock_at ?? ""}
          hint={words.lowAtHint}
        />
      </div>
      <Field
        name="description"
        label={words.description}
        rows={4}
        value={product?.description ?? ""}
        maxlength={10_000}
      />
      {clash}
      <div class={`row ${isTouched ? "save" : ""}`}>
        {isTouched && <span class="quiet">{words.unsaved}</span>}
        <Send class="primary" disabled={product !== undefined && !isTouched}>
          {words.save}
        </Send>
        {isTouched && <button type="reset">{words.discard}</button>}
      </div>
    </Form>
  );
}
