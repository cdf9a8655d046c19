import * as words from "../words/kit";
import { leaving } from "./address";
import { sure } from "./sure";
import { isTyped } from "./typed";

leaving.isKept = isTyped;
leaving.ask = () => sure(words.leaveUnsaved, words.leave);
