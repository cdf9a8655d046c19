export { lockFile } from "./sqlite/lock-file";
