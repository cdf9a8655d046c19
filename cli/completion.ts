import type { Command, Option } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A place in the tree of commands, and what may be typed there. */
interface Place {
  /** The words that lead there: `order list`; empty at the top. */
  path: string;
  commands: { name: string; about: string }[];
  options: { names: string[]; about: string; choices: readonly string[] }[];
}

/** A script that completes the words of every command: made from the commands themselves, so it knows them all. */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, "");
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](places);
}

function placesOf(command: Command, path: string): Place[] {
  const children = command.commands.filter((child) => child.name() !== "help");
  const place = {
    path,
    commands: children.map((child) => ({ name: child.name(), about: firstWords(child.description()) })),
    options: command.createHelp().visibleOptions(command).map(optionOf),
  };
  return [place, ...children.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()))];
}

const optionOf = (option: Option) => ({
  names: [option.short, option.long].filter((name): name is string => name !== undefined && name !== null),
  about: firstWords(option.description),
  choices: option.argChoices ?? [],
});

/** Shells give a word one short line, and their quotes differ. */
const firstWords = (text: string) => (text.split(/[;:]/)[0] ?? "").replaceAll(/['"`\\$]/g, "").trim();

const words = ({ commands, options }: Place) => [
  ...commands.map(({ name }) => name),
  ...options.flatMap(({ names }) => names),
];

/** What bash and zsh share: which command is being typed. */
const pathCases = (places: readonly Place[]) =>
  `      ${places
    .filter(({ path }) => path !== "")
    .map(({ path }) => `"${path}"`)
    .join("|")}) place="\${place:+$place }$word" ;;`;

function choiceCases(places: readonly Place[]): string {
  return places
    .flatMap(({ path, options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(
          ({ names, choices }) =>
            `    ${names.map((name) => `"${path} ${name}"`).join("|")}) words="${choices.join(" ")}" ;;`,
        ),
    )
    .join("\n");
}

function bashScript(places: readonly Place[]): string {
  const byPlace = places.map((place) => `    "${place.path}") words="${words(place).join(" ")}" ;;`).join("\n");
  return `# sanset completion bash > /etc/bash_completion.d/sanset
_sanset() {
  local place="" words="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "\${place:+$place }$word" in
${pathCases(places)}
    esac
  done
  case "$place" in
${byPlace}
  esac
  case "$place \${COMP_WORDS[COMP_CWORD - 1]}" in
${choiceCases(places)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _sanset sanset
`;
}

function zshScript(places: readonly Place[]): string {
  const byPlace = places
    .map((place) => {
      const described = [
        ...place.commands.map(({ name, about }) => `'${name}:${about}'`),
        ...place.options.flatMap(({ names, about }) => names.map((name) => `'${name}:${about}'`)),
      ];
      return `    "${place.path}") described=(${described.join(" ")}) ;;`;
    })
    .join("\n");
  return `#compdef sanset
# sanset completion zsh > "\${fpath[1]}/_sanset"
_sanset() {
  local place="" word words_of=""
  local -a described
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "\${place:+$place }$word" in
${pathCases(places)}
    esac
  done
  case "$place \${words[CURRENT - 1]}" in
${choiceCases(places).replaceAll('words="', 'words_of="')}
  esac
  if [[ -n "$words_of" ]]; then
    compadd -- \${=words_of}
    return
  fi
  case "$place" in
${byPlace}
  esac
  _describe 'sanset' described || _files
}
compdef _sanset sanset
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, options }) => {
    const here = `complete -c sanset -n '__sanset_at "${path}"'`;
    return [
      ...commands.map(({ name, about }) => `${here} -f -a '${name}' -d '${about}'`),
      ...options.map(({ names, about, choices }) => {
        const spelled = names.map((name) => (name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
        return `${here} ${spelled.join(" ")}${choices.length > 0 ? ` -x -a '${choices.join(" ")}'` : ""} -d '${about}'`;
      }),
    ];
  });
  const paths = places.filter(({ path }) => path !== "").map(({ path }) => `'${path}'`);
  return `# sanset completion fish > ~/.config/fish/completions/sanset.fish
function __sanset_at
    set -l place ''
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim "$place $word")
        if contains -- $longer ${paths.join(" ")}
            set place $longer
        end
    end
    test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
