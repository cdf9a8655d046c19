import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Confirm } from "../kit/confirm";
import { lockWhenIdle } from "../kit/idle";
import { renew, standing } from "../kit/session";
import { SignIn } from "../kit/sign-in";
import { Sure } from "../kit/sure";
import "../kit/theme";
import { Toasts } from "../kit/toasts";
import "../kit/unsaved";
import { learnAbout } from "../kit/format";
import * as words from "../words/admin";
import { Shell } from "./shell";

function Admin() {
  useEffect(() => {
    void learnAbout();
    void renew().catch(() => {
      standing.value = "out";
    });
    lockWhenIdle();
  }, []);
  const now = standing.value;
  return (
    <>
      {(now === "in" || now === "locked") && (
        <div inert={now === "locked"}>
          <Shell />
        </div>
      )}
      {(now === "out" || now === "locked") && <SignIn title={words.sansetAdmin} />}
      <Sure />
      <Confirm />
      <Toasts />
    </>
  );
}

const page = document.getElementById("page");
if (page) render(<Admin />, page);
