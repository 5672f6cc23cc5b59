"""The official OpenAI client against a running server.

usage: check.py BASE_URL MODE        MODE is offline or upstream
"""

import concurrent.futures
import sys

import openai

base_url, mode = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)


def check(what, condition, seen=None):
    if not condition:
        sys.exit(f"FAILED: {what}: {seen!r}")
    print(f"ok: {what}")


models = client.models.list()
model = models.data[0].id
check("one model is listed", len(models.data) == 1, models)
check("the model can be retrieved", client.models.retrieve(model).id == model)

# plain, with the raw response for its headers
raw = client.chat.completions.with_raw_response.create(
    model=model,
    messages=[
        {"role": "system", "content": "You are Marta, a lighthouse keeper."},
        {"role": "user", "content": "The spare wick is kept in the blue cupboard."},
    ],
)
session = raw.headers["x-session-id"]
first = raw.parse()
check("a session is minted", len(session) == 36, session)
check("an answer", first.choices[0].message.content, first)
check("a finish reason", first.choices[0].finish_reason == "stop", first)
check("tokens add up", first.usage.total_tokens == first.usage.prompt_tokens + first.usage.completion_tokens > 0, first.usage)

# the same session by the body
raw = client.chat.completions.with_raw_response.create(
    model=model,
    messages=[{"role": "user", "content": "Where is the spare wick?"}],
    extra_body={"session_id": session},
)
check("the session goes on", raw.headers["x-session-id"] == session and raw.headers["x-sigma-cycle"] == "2", raw.headers)
if mode == "offline":
    check("memory answers", "blue cupboard" in raw.parse().choices[0].message.content, raw.parse())

# streamed, the same session by header, with usage
pieces, usage, finish = [], None, None
stream = client.chat.completions.create(
    model=model,
    messages=[{"role": "user", "content": "And how far can the lamp be seen?"}],
    stream=True,
    stream_options={"include_usage": True},
    extra_headers={"x-session-id": session},
)
check("the stream names the session", stream.response.headers["x-session-id"] == session)
for chunk in stream:
    check_object = chunk.object == "chat.completion.chunk"
    if not check_object:
        sys.exit(f"FAILED: chunk object: {chunk!r}")
    if chunk.choices:
        pieces.append(chunk.choices[0].delta.content or "")
        finish = chunk.choices[0].finish_reason or finish
    if chunk.usage:
        usage = chunk.usage
check("pieces make a text", "".join(pieces).strip(), pieces)
check("the stream ends with a reason", finish == "stop", finish)
check("the stream ends with usage", usage and usage.total_tokens > 0, usage)

# a client that only sends its history stays in its session
history = [{"role": "user", "content": "The keeper's cat is called Brine."}]
raw = client.chat.completions.with_raw_response.create(model=model, messages=history)
own = raw.headers["x-session-id"]
history.append({"role": "assistant", "content": raw.parse().choices[0].message.content})
history.append({"role": "user", "content": "What is the cat called?"})
raw = client.chat.completions.with_raw_response.create(model=model, messages=history)
check("history leads back into the session", raw.headers["x-session-id"] == own, (own, raw.headers["x-session-id"]))
check("as its second turn", raw.headers["x-sigma-cycle"] == "2", raw.headers["x-sigma-cycle"])

# many at once in one session: one after another, none lost
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    def ask(n):
        raw = client.chat.completions.with_raw_response.create(
            model=model,
            messages=[{"role": "user", "content": f"Entry number {n} for the log."}],
            extra_body={"session_id": "crowd"},
        )
        return int(raw.headers["x-sigma-cycle"])
    cycles = sorted(pool.map(ask, range(12)))
check("turns of one session are taken one after another", cycles == list(range(1, 13)), cycles)

# the same key gives the same answer and no new turn
def keyed(text):
    return client.chat.completions.with_raw_response.create(
        model=model,
        messages=[{"role": "user", "content": text}],
        extra_body={"session_id": "keyed"},
        extra_headers={"idempotency-key": "k-1"},
    )
one, two = keyed("Light the lamp."), keyed("Light the lamp.")
check("a repeated key repeats the answer", one.parse().choices[0].message.content == two.parse().choices[0].message.content)
check("and takes no turn", two.headers["x-sigma-cycle"] == "1", two.headers["x-sigma-cycle"])
try:
    keyed("Put the lamp out.")
    sys.exit("FAILED: a key was used for two requests")
except openai.ConflictError as error:
    check("a key stands for one request", error.code == "idempotency_key_reused", error.body)

# errors are the client's own kinds
try:
    client.chat.completions.create(model=model, messages=[])
    sys.exit("FAILED: no messages were accepted")
except openai.BadRequestError as error:
    check("a bad request is one", error.param == "messages", error.body)
try:
    client.models.retrieve("no-such-model")
    sys.exit("FAILED: an unknown model was found")
except openai.NotFoundError as error:
    check("an unknown model is not found", error.code == "model_not_found", error.body)

if mode == "upstream":
    try:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "please fail with 418"}])
        sys.exit("FAILED: the provider's error was swallowed")
    except openai.APIStatusError as error:
        check("the provider's error is passed on", error.status_code == 418 and error.body["message"] == "I'm a teapot", error.body)

print("all well")
