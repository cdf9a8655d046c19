import { useRef, useState } from "preact/hooks";
import { go, to } from "../kit/address";
import { useAnswer } from "../kit/answer";
import { Problem, shop, type Shapes } from "../kit/api";
import { Field, Form, Send } from "../kit/form";
import { useHeading } from "../kit/heading";
import { goOn } from "../kit/walk";
import { say } from "../kit/toasts";
import { Trouble } from "../kit/trouble";
import { useUnsaved } from "../kit/unsaved";
import * as words from "../words/admin";
import { stateWord } from "../words/kit";
import { Pictures } from "./pictures";
import { slugOf } from "./slug";
import { Variants } from "./variants";
import { amountIn } from "../kit/format";

type Product = Shapes["ProductDetail"];
interface Versioned {
  product: Product;
  etag: string;
}

export function ProductPage({ id }: { id: number | undefined }) {
  if (id === undefined)
    return <ProductForm of={undefined} saved={({ product }) => go(to(`products/${product.id}`), { isSaved: true })} />;
  return <KnownProduct id={id} />;
}

function KnownProduct({ id }: { id: number }) {
  const answer = useAnswer<Versioned>(
    async (signal) => {
      const { answer: product, headers } = await shop.full("GET /products/{id}", { path: { id }, signal });
      return { product, etag: headers.get("etag") ?? "" };
    },
    [id],
  );
  const known = answer.data;
  useHeading(known?.product.name);
  return (
    <>
      <a href={to("products")}>{words.allProducts}</a>
      <Trouble of={answer} />
      {known && (
        <>
          <ProductForm key={known.etag} of={known} saved={answer.put} />
          <Pictures id={id} images={known.product.images} again={answer.again} />
          <Variants product={known.product} again={answer.again} />
        </>
      )}
    </>
  );
}

/** What is no number is sent as it was typed: the shop says what is wrong with it. */
const numberIn = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

/** The fields that a form has, each as the text that stands in it. */
const TEXTS = ["name", "slug", "category", "description", "sku", "barcode", "tax_class"] as const;

function ProductForm({ of, saved }: { of: Versioned | undefined; saved: (known: Versioned) => void }) {
  const [isTouched, setTouched] = useState(false);
  const [conflict, setConflict] = useState<Versioned>();
  // What is saved over, and whether the next record is meant afterwards: as the key or button that sends the form has it.
  const etag = useRef(of?.etag);
  const goesOn = useRef(false);
  useUnsaved(isTouched);
  const product = of?.product;
  const isParent = (product?.option_names.length ?? 0) > 0;

  /** Only what was changed is sent: what others changed meanwhile stays. */
  function changesIn(values: Record<string, string>): Record<string, unknown> {
    const changes: Record<string, unknown> = {};
    for (const name of TEXTS) {
      const now = values[name] ?? null;
      if (now !== (product?.[name] ?? null)) changes[name] = now;
    }
    if (!product) changes["slug"] ??= slugOf(values["name"] ?? "");
    const price = values["price"] === undefined ? undefined : amountIn(values["price"]);
    if (price !== undefined && price !== product?.price) changes["price"] = price;
    const was = values["compare_at_price"] === undefined ? null : amountIn(values["compare_at_price"]);
    if (was !== (product?.compare_at_price ?? null)) changes["compare_at_price"] = was;
    const grams = numberIn(values["weight_grams"] ?? "0");
    if (grams !== (product?.weight_grams ?? 0)) changes["weight_grams"] = grams;
    const low = values["low_stock_at"] === undefined ? null : numberIn(values["low_stock_at"]);
    if (low !== (product?.low_stock_at ?? null)) changes["low_stock_at"] = low;
    if (!product && values["stock"]) changes["stock"] = numberIn(values["stock"]);
    if (!product && values["options"]) changes["option_names"] = values["options"].split(",").map((one) => one.trim());
    return changes;
  }

  async function save(values: Record<string, string>): Promise<void> {
    const body = changesIn(values);
    const isLeaving = goesOn.current;
    goesOn.current = false;
    try {
      const { answer, headers } = product
        ? await shop.full("PATCH /products/{id}", {
            path: { id: product.id },
            body,
            ...(etag.current !== undefined && { ifMatch: etag.current }),
          })
        : await shop.full("POST /products", { body });
      setTouched(false);
      setConflict(undefined);
      say(words.isSaved(answer.name));
      saved({ product: answer, etag: headers.get("etag") ?? "" });
      if (isLeaving) goOn(1, { isSaved: true });
    } catch (error) {
      if (!(error instanceof Problem) || error.problem.status !== 412 || !product) throw error;
      // Another admin saved meanwhile: what only they changed stays, and of what both changed both values are shown.
      const { answer: theirs, headers } = await shop.full("GET /products/{id}", { path: { id: product.id } });
      const now = headers.get("etag") ?? "";
      if (Object.keys(body).some((name) => Reflect.get(theirs, name) !== Reflect.get(product, name))) {
        setConflict({ product: theirs, etag: now });
        return;
      }
      etag.current = now;
      goesOn.current = isLeaving;
      await save(values);
    }
  }

  return (
    <Form
      class="card stack"
      onInput={() => setTouched(true)}
      onReset={() => {
        setTouched(false);
        setConflict(undefined);
      }}
      onKeyDown={(event) => {
        const isEnter = event.key === "Enter";
        if ((event.key !== "s" && !isEnter) || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        goesOn.current = isEnter;
        event.currentTarget.requestSubmit();
      }}
      send={save}
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
            inputmode="decimal"
            value={product?.price ?? ""}
            {...(product ? {} : { hint: words.leftEmptyWhereThere })}
          />
        )}
        {!isParent && (
          <Field
            name="compare_at_price"
            label={words.priceBeforeSale}
            inputmode="decimal"
            value={product?.compare_at_price ?? ""}
            hint={words.priceBeforeSaleHint}
          />
        )}
        {!product && <Field name="stock" label={words.stock} inputmode="numeric" />}
        {!product && <Field name="options" label={words.optionsOfItsVariants} hint={words.suchAsSizeColour} />}
        {!isParent && <Field name="sku" label={words.codeSku} value={product?.sku ?? ""} />}
        {!isParent && <Field name="barcode" label={words.barcode} value={product?.barcode ?? ""} />}
        <Field name="tax_class" label={words.taxClass} value={product?.tax_class ?? "standard"} />
        <Field name="weight_grams" label={words.weight} inputmode="numeric" value={product?.weight_grams ?? ""} />
        <Field
          name="low_stock_at"
          label={words.lowAt}
          inputmode="numeric"
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
      {conflict && product && <Conflict mine={product} theirs={conflict.product} />}
      <div class={`row ${isTouched ? "save" : ""}`}>
        {isTouched && <span class="quiet">{words.unsaved}</span>}
        <Send class="primary" disabled={product !== undefined && !isTouched}>
          {words.save}
        </Send>
        {isTouched && <button type="reset">{words.discard}</button>}
        {conflict && (
          <>
            <button onClick={() => (etag.current = conflict.etag)}>{words.saveMineAllThe}</button>
            <button type="button" onClick={() => saved(conflict)}>
              {words.takeTheirs}
            </button>
          </>
        )}
      </div>
    </Form>
  );
}

/** What another admin changed while this form was open. */
function Conflict({ mine, theirs }: { mine: Product; theirs: Product }) {
  const fields = [
    ...TEXTS,
    "price" as const,
    "compare_at_price" as const,
    "weight_grams" as const,
    "low_stock_at" as const,
  ].filter((name) => mine[name] !== theirs[name]);
  return (
    <div class="trouble" role="alert">
      {words.somebodySavedThisProduct}
      {fields.map((name) => (
        <span key={name}>
          {words.isNow(stateWord(name))} <b>{String(theirs[name] ?? words.empty)}</b>
        </span>
      ))}
    </div>
  );
}
