import { useState } from "preact/hooks";
import { Act } from "../kit/act";
import { shop, type Shapes } from "../kit/api";
import { FormFailure, useSending } from "../kit/form";
import { say } from "../kit/toasts";
import * as words from "../words/admin";

type Image = Shapes["Image"];

/** The pictures of a product: dropped or chosen, put in order by drag or by button, each with what it shows. */
export function Pictures({ id, images, again }: { id: number; images: readonly Image[]; again: () => void }) {
  const { send, failure, isSending } = useSending();
  const [dragged, setDragged] = useState<number>();
  const [isOver, setOver] = useState(false);
  const put = async (image_id: number, body: Shapes["ImageChange"]) => {
    await shop("PATCH /products/{id}/images/{image_id}", { path: { id, image_id }, body });
    again();
  };
  const change = (image_id: number, body: Shapes["ImageChange"]) => void send(() => put(image_id, body));
  const add = (files: Iterable<File>) =>
    void send(async () => {
      let added = 0;
      try {
        for (const file of files) {
          await shop("POST /products/{id}/images", { path: { id }, body: file });
          added++;
        }
      } finally {
        if (added > 0) say(words.pictureAdded(added));
        again();
      }
    });
  const remove = async (image_id: number) => {
    await shop("DELETE /products/{id}/images/{image_id}", { path: { id, image_id } });
    again();
  };
  return (
    <section
      class={`card stack ${isOver ? "over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(dragged === undefined);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer && event.dataTransfer.files.length > 0) add(event.dataTransfer.files);
      }}
    >
      <h2>{words.pictures}</h2>
      <ol class="pictures">
        {images.map(({ id: image, url, alt }, at) => (
          <li
            key={image}
            draggable
            class={dragged === image ? "dragged" : ""}
            onDragStart={() => setDragged(image)}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={() => {
              if (dragged !== undefined && dragged !== image) change(dragged, { position: at });
            }}
          >
            <img class="picture" src={url} alt={alt} width={160} height={160} />
            <input
              aria-label={words.pictureSays(at + 1)}
              placeholder={words.pictureSays(at + 1)}
              defaultValue={alt}
              maxlength={500}
              onBlur={({ currentTarget }) => currentTarget.value !== alt && change(image, { alt: currentTarget.value })}
            />
            <div class="row">
              <Act
                verb="←"
                disabled={at === 0}
                label={words.earlier(at + 1)}
                work={() => put(image, { position: at - 1 })}
              />
              <Act
                verb="→"
                disabled={at === images.length - 1}
                label={words.later(at + 1)}
                work={() => put(image, { position: at + 1 })}
              />
              <Act
                verb="×"
                class="danger"
                label={words.removePicture(at + 1)}
                ask={[words.removePictureAsk, words.remove]}
                work={() => remove(image)}
              />
            </div>
          </li>
        ))}
      </ol>
      <label>
        {words.dropPictures}
        <input
          type="file"
          accept="image/jpeg,image/png,image/webp"
          multiple
          disabled={isSending}
          onChange={({ currentTarget }) => {
            const files = [...(currentTarget.files ?? [])];
            currentTarget.value = "";
            add(files);
          }}
        />
        <small>{words.picturesAbout}</small>
      </label>
      <FormFailure failure={failure} />
    </section>
  );
}
