// What a language model is sent of text that others wrote: nothing that no reader sees, and no marks of a chat template.

/** The same characters as the page marks (`force-app/main/default/lwc/visibleText`); a test holds the two equal. */
const INVISIBLE =
  /(?!\r\n|[\t\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1680\u2000-\u200a\u202f\u205f\u2800\ufff9-\ufffb]|\u27e6(?=U\+)/gu

/**
 * Marks with which chat templates begin and end turns, name roles, or call tools: `<|im_start|>`, `<｜User｜>`, `[INST]`,
 * `<<SYS>>`, `<start_of_turn>`, `<s>`, `</system>`, `### Instruction:`. Each alternative is bounded, so time grows with length.
 */
const TEMPLATE_MARK = new RegExp(
  [
    String.raw`<[|｜][^<>|｜]{1,60}[|｜]>`,
    String.raw`\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]`,
    String.raw`<</?SYS>>`,
    String.raw`</?(?:s|bos|eos|pad|unk|start_of_turn|end_of_turn)>`,
    String.raw`</?(?:system|user|human|assistant|tool|think|tool_calls?|tool_response|function_calls?|invoke)>`,
    String.raw`#{2,4} {0,2}(?:system|user|human|assistant|instruction|input|response):`,
  ].join('|'),
  'giu',
)

/**
 * The text with each invisible character as `⟦U+202E⟧` and each mark of a chat template as `⟦template mark⟧`: the model can tell
 * that there was something, and takes nothing of it for a turn of its own conversation. JSON stays JSON.
 */
export function modelInput(text: string): string {
  const visible = text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧`
  })
  return visible.replace(TEMPLATE_MARK, '⟦template mark⟧')
}
