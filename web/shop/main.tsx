import { render } from "preact";
import "../kit/theme";

const page = document.getElementById("page");
if (page) render(<main>The shop opens soon.</main>, page);
