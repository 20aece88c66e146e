// The `openai` package for Node: chat, stream, tools, embeddings, responses, models, and an error.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.env.GATEWAY}/v1`, apiKey: process.env.GATEWAY_KEY });
const messages = [{ role: "user", content: "Hello there" }];
const weather = {
  type: "function",
  function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
};

const { data: chat, response } = await client.chat.completions.create({ model: "chat", messages }).withResponse();
const pieces = [];
for await (const chunk of await client.chat.completions.create({ model: "chat", messages, stream: true })) {
  for (const choice of chunk.choices) if (choice.delta.content) pieces.push(choice.delta.content);
}
const called = await client.chat.completions.create({
  model: "chat", messages, tools: [weather], tool_choice: "required",
});
const embedded = await client.embeddings.create({ model: "embed", input: ["a", "b"] });
const answered = await client.responses.create({ model: "chat", input: "Hello there" });
const models = [];
for await (const model of client.models.list()) models.push(model.id);
let error = null;
try {
  await client.chat.completions.create({ model: "chatt", messages });
} catch (failure) {
  error = { class: failure.constructor.name, status: failure.status, message: failure.message };
}

console.log(JSON.stringify({
  chat: chat.choices[0].message.content,
  target: response.headers.get("x-llmhub-target"),
  stream: pieces.join(""),
  pieces: pieces.length,
  tool: called.choices[0].message.tool_calls[0].function.name,
  embedding: embedded.data.map((one) => one.embedding.length),
  responses: answered.output_text,
  models,
  error,
}));
