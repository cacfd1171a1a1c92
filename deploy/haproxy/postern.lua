-- Asks Postern whether a request may pass (docs/forward.md): `http-request lua.postern URL`. Where Postern says that it may, the
-- variable txn.postern is "passed"; where it does not, the caller is answered as Postern says; where Postern does not answer, or
-- anything goes wrong here, the variable is not set, and the configuration refuses the request.

-- In milliseconds. HAProxy's client asks three times again: nobody waits longer than four times this.
local patience = 500

-- Every line of a header, of which HAProxy numbers the first 0.
local function lines(headers, name)
  local found = {}
  local i = 0
  while headers[name] and headers[name][i] do
    found[#found + 1] = headers[name][i]
    i = i + 1
  end
  return found
end

-- Every answer of Postern's is JSON, or empty where a request may pass; HAProxy's client makes pages of its own where there is none.
local function by_postern(answer)
  return answer and (answer.status == 200 or answer.headers and lines(answer.headers, "content-type")[1] == "application/json")
end

local function ask(txn, url)
  local headers = txn.http:req_get_headers()
  local answer = core.httpclient():get({
    url = url,
    timeout = patience,
    headers = {
      ["x-forwarded-method"] = { txn.f:method() },
      -- As it was sent.
      ["x-forwarded-uri"] = { txn.f:pathq() },
      -- Who has connected, and nothing that it says of itself.
      ["x-forwarded-for"] = { txn.f:src() },
      ["authorization"] = lines(headers, "authorization"),
      ["content-type"] = lines(headers, "content-type"),
    },
  })
  if not by_postern(answer) then
    return
  end
  if answer.status == 200 then
    for variable, header in pairs({ ["txn.postern_decision"] = "x-postern-decision", ["txn.postern_subject"] = "x-postern-subject" }) do
      local value = lines(answer.headers, header)[1]
      if value and value ~= "" then
        txn:set_var(variable, value)
      end
    end
    txn:set_var("txn.postern", "passed")
    return
  end
  local reply = txn:reply({ status = answer.status, body = answer.body })
  for _, header in ipairs({ "content-type", "www-authenticate", "x-postern-decision", "retry-after" }) do
    for _, line in ipairs(lines(answer.headers, header)) do
      reply:add_header(header, line)
    end
  end
  txn:done(reply)
end

core.register_action("postern", { "http-req" }, ask, 1)
