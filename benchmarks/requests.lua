-- Sends the requests of a file, a line each, one after another, and then from the start again.
-- method, path, cookie, from, body: separated by tabs.
local requests, turn = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, cookie, from, body = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = {["Cookie"] = cookie, ["Accept-Encoding"] = "br", ["X-Forwarded-For"] = from}
    if method == "POST" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end
