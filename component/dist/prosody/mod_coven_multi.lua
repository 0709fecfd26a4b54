-- Copies one stanza of a chat service to many recipients.
--
--   Component "conference.example.org"
--       component_secret = "the secret"
--       modules_enabled = { "coven_multi" }
--
-- The service sends a message or presence once, with the list of those who get it:
--
--   <message from='room@conference.example.org/nick' to='conference.example.org' ...>
--     <multi xmlns='urn:coven:multi:0' key='K'>a@example.org/x&#9;b@example.org/y</multi>
--     payload...
--   </message>
--
-- Everybody on the list gets the stanza without <multi/>, as if it had been sent to him alone. The
-- service learns the key, and that this module is there, by an iq to its own domain.
--
-- What is the same for all copies is done once: parsing and serialising, and asking the handlers
-- that see every stanza whether this one concerns them. A copy is then text around an address. That
-- is done only where all code that would see the copy is Prosody's own and known to do nothing to
-- it. Everybody else gets a stanza of his own, by way of the handlers that want to see it or, when
-- in doubt, of the ordinary router.

local st = require "util.stanza";
local jid_host = require "util.jid".host;
local new_key = require "util.id".medium; -- 144 random bits, nothing that needs escaping
local xpcall = require "util.xpcall".xpcall;
local sessionmanager = require "core.sessionmanager";

local full_sessions, hosts = prosody.full_sessions, prosody.hosts;
local core_process_stanza = prosody.core_process_stanza;
local getinfo, getupvalue, traceback = debug.getinfo, debug.getupvalue, debug.traceback;
local xml_escape = st.xml_escape;

local xmlns_multi = "urn:coven:multi:0";
local max_recipients = 250; -- about 5 ms of work
local max_bytes = 32768;

if module:get_host_type() ~= "component" then
    error("mod_coven_multi belongs to the component of a chat service", 0);
end

-- --- whose code is it --------------------------------------------------------------------------

-- By function: the file of Prosody that defines it, such as "modules/mod_message". False: it is
-- somebody else's.
local base = getinfo(sessionmanager.new_session, "S").source
    :match("^(.*)core/sessionmanager%.lua$");
local home = setmetatable({}, { __mode = "k"; __index = function (homes, f)
    local source = getinfo(f, "S").source;
    local own = base and source:sub(1, #base) == base;
    local file = own and source:sub(#base + 1):match("^(.*)%.lua$") or false;
    homes[f] = file;
    return file;
end });

-- The last handlers of a stanza to a full JID: they do nothing but session.send().
local last = { message = "modules/mod_message"; presence = "modules/mod_presence" };

-- These do nothing to a groupchat message that is harmless (see below), unless somebody else has a
-- say in the event.
local indifferent = {
    ["modules/mod_carbons"] = "carbons-should-copy";
    ["modules/mod_mam/mod_mam"] = "archive-should-store";
};

-- These filters clone what they change or keep.
local no_filters = {};
local clean_filters = { ["modules/mod_smacks"] = true; ["modules/mod_websocket"] = true };

-- Does anything stand around the handlers of this event? The events object keeps that to itself.
local function is_wrapped(events, event)
    local inside = {};
    for _, f in ipairs { "fire_event", "_fire_event" } do
        f = events[f] or inside[f];
        for i = 1, f and getinfo(f, "u").nups or 0 do
            local name, value = getupvalue(f, i);
            inside[name] = value or false;
        end
    end
    if home[events.fire_event] ~= "util/events" or not inside.wrappers
        or inside.global_wrappers == nil or inside.active_debug_hook == nil then
        return true; -- another Prosody than we know
    end
    return inside.wrappers[event] or inside.global_wrappers or inside.active_debug_hook;
end

local function is_alone(events, event, file)
    local handlers = events.get_handlers(event) or {};
    return #handlers == 1 and home[handlers[1]] == file and not is_wrapped(events, event);
end

-- --- blocklists --------------------------------------------------------------------------------

-- By session: may its user's blocklist say something about this domain? Nil: not looked yet.
-- mod_blocklist caches few users, and would read the storage for every copy.
local may_block = setmetatable({}, { __mode = "k" });

-- From now on mod_blocklist is asked for each copy to this user's sessions.
local function blocklist_changes(event)
    local user = prosody.bare_sessions[event.origin.username.."@"..event.origin.host];
    for _, session in pairs(user and user.sessions or {}) do
        may_block[session] = true;
    end
end

local watched = setmetatable({}, { __mode = "k" });
local function blocklists_watch(events)
    if watched[events] then return; end
    watched[events] = true;
    for _, action in ipairs { "block", "unblock" } do
        local event = "iq-set/self/urn:xmpp:blocking:"..action;
        module:hook_object_event(events, event, blocklist_changes, 1000);
    end
end

-- Reads what mod_blocklist stores; it has just been asked, so old lists are converted already.
local function blocklist_look(session)
    if not session.username then return; end -- it has ended
    local store = module:context(session.host):open_store("blocklist");
    local list, err = store:get(session.username);
    local blocks = err ~= nil;
    for jid in pairs(list or {}) do
        blocks = blocks or jid and jid_host(jid) == module.host;
    end
    may_block[session] = blocks;
end

-- --- one multi ---------------------------------------------------------------------------------

-- Is it a message that no archive stores and of which there are no carbons?
local function is_harmless(stanza)
    if stanza.attr.type ~= "groupchat" then return false; end
    for _, tag in ipairs(stanza.tags) do
        local xmlns = tag.attr.xmlns;
        if xmlns == "urn:xmpp:carbons:2" or xmlns and xmlns:find("^urn:xmpp:jingle%-message:")
            or xmlns == "urn:xmpp:sid:0" and tag.name == "stanza-id"
            and jid_host(tag.attr.by) ~= module.host then
            return false;
        end
    end
    return true;
end

-- How the stanza gets to the sessions of a host; false: by the ordinary router.
--   handlers    those that want to see it, as in the event "message/full" or "presence/full"
--   unblocked   the same without mod_blocklist
--   direct      `unblocked` only sends it
local function way_find(job, host)
    local stanza = job.stanza;
    local events, event = hosts[host].events, stanza.name.."/full";
    if is_wrapped(events, event) then return false; end
    local way = { handlers = {}; unblocked = {} };
    for _, handler in ipairs(events.get_handlers(event) or {}) do
        local file = home[handler];
        local asks = indifferent[file];
        if not (asks and job.harmless and is_alone(events, asks, file)) then
            table.insert(way.handlers, handler);
            if file == "modules/mod_blocklist" and not job.invites then
                way.has_blocklists = true;
                blocklists_watch(events);
            else
                table.insert(way.unblocked, handler);
            end
        end
        if file == last[stanza.name] then
            way.direct = #way.unblocked == 1 and not job.subscribes;
            return way;
        end
    end
    return false;
end

local function job_new(origin, multi, list)
    local recipients = {};
    for to in list:gmatch("[^\t]+") do
        recipients[#recipients + 1] = to;
    end
    local stanza = st.clone(multi, true);
    for i, child in ipairs(multi) do
        if i > 1 then stanza:add_direct_child(child); end
    end
    stanza.attr.to = nil;
    local kind = stanza.attr.type;
    return {
        origin = origin;
        recipients = recipients;
        next = 1; -- recipient
        stanza = stanza;
        start = "<"..stanza.name.." to='";
        rest = "'"..tostring(stanza):sub(#stanza.name + 2);
        ways = {}; -- by host
        harmless = is_harmless(stanza);
        -- Blocklists look at who invites, too.
        invites = stanza:find("{http://jabber.org/protocol/muc#user}x/invite") ~= nil;
        subscribes = stanza.name == "presence"
            and not (kind == nil or kind == "unavailable" or kind == "error");
        is_escaped = list:find("['&<>\"]") ~= nil;
        written = 0; -- copies, as text
    };
end

-- For those who may change or keep it.
local function job_copy(job, to)
    local stanza = st.clone(job.stanza);
    stanza.attr.to = to;
    return stanza;
end

-- Does what session.send() does, without making a stanza. False: nothing was done.
local function copy_write(job, session, to)
    if session.destroyed or home[session.send] ~= "core/sessionmanager"
        or home[session.rawsend] ~= "core/sessionmanager" then
        return false; -- the stream has ended, or it is no TCP connection
    end
    local filters = session.filters["stanzas/out"] or no_filters;
    for i = 1, #filters do
        if not clean_filters[home[filters[i]]] then return false; end
    end
    local text;
    if filters[1] then
        job.given = true; -- stream management may have counted it
        job.stanza.attr.to = to;
        local stanza = session.filter("stanzas/out", job.stanza);
        if not stanza then return true; end -- kept until the session is resumed
        text = stanza ~= job.stanza and tostring(stanza);
    end
    text = text or job.start..(job.is_escaped and xml_escape(to) or to)..job.rest;
    job.given = true;
    if session.rawsend(text) or session.outgoing_stanza_queue then return true; end
    -- With `opportunistic_writes` this tells of a failure although the text is in the buffer.
    return home[session.conn.write] == "net/server_epoll" and full_sessions[to] == session;
end

local function handlers_run(job, handlers, to)
    local event = { origin = job.origin; stanza = job_copy(job, to) };
    for i = 1, #handlers do
        job.asked = job.asked or home[handlers[i]] == "modules/mod_blocklist";
        local result = handlers[i](event);
        if result then return; end
        if result ~= nil then break; end
    end
    if job.stanza.attr.type ~= "error" then -- as the router does when nobody takes it
        job.origin.send(st.error_reply(event.stanza, "cancel", "service-unavailable"));
    end
end

local function copy_route(job, to)
    core_process_stanza(job.origin, job_copy(job, to));
end

local function copy_deliver(job, to)
    local session = full_sessions[to];
    if not session then return copy_route(job, to); end
    local way = job.ways[session.host];
    if way == nil then
        way = way_find(job, session.host);
        job.ways[session.host] = way;
    end
    if not way then return copy_route(job, to); end
    local asks = way.has_blocklists and may_block[session] ~= false;
    if way.direct and not asks and copy_write(job, session, to) then
        job.written = job.written + 1;
        return;
    end
    job.given, job.asked = true, false;
    handlers_run(job, asks and way.handlers or way.unblocked, to);
    if job.asked and may_block[session] == nil then blocklist_look(session); end
end

local function report(err)
    module:log("error", "Traceback: %s", traceback(err, 2));
end

local function copies_deliver(job)
    while job.recipients[job.next] do
        job.given = false; -- to anybody who may have passed it on
        job.next = job.next + 1;
        copy_deliver(job, job.recipients[job.next - 1]);
    end
end

-- An error costs nobody else his copy. Its victim gets it by the ordinary router, unless it may
-- have gone out.
local function job_do(job)
    while job.recipients[job.next] do
        if not xpcall(copies_deliver, report, job) and not job.given then
            xpcall(copy_route, report, job, job.recipients[job.next - 1]);
        end
    end
end

-- --- the component's stanzas -------------------------------------------------------------------

local function from_component(event)
    local origin, attr = event.origin, event.stanza.attr;
    return origin.type == "component" and origin.host == module.host and attr.to == module.host
        and jid_host(attr.from) == module.host;
end

-- The key is the connection's, so it outlives this module's reload.
module:hook("iq/host", function (event)
    local origin, stanza = event.origin, event.stanza;
    if not from_component(event) or stanza.attr.type ~= "get" or stanza.attr.from ~= module.host
        or not stanza:get_child("multi", xmlns_multi) then
        return;
    end
    -- With epoll, several stanzas are read at once when there are many, and what they bring to the
    -- same person leaves together.
    origin.conn:set_mode(max_bytes);
    origin.coven_multi_key = origin.coven_multi_key or new_key();
    origin.send(st.reply(stanza):tag("multi", {
        xmlns = xmlns_multi;
        key = origin.coven_multi_key;
        recipients = tostring(max_recipients);
        bytes = tostring(max_bytes);
    }));
    return true;
end, 10);

-- About as many bytes as came from the network, whatever was escaped there.
local function is_long(job, list)
    local text = job.rest;
    return #list + #text > max_bytes and #list + #text:gsub("&%a+;", "&") > max_bytes;
end

-- What is not taken here goes back to the component, which is nobody's loss.
local function multi_take(event)
    local origin, stanza = event.origin, event.stanza;
    local multi = stanza[1];
    if not from_component(event) or not st.is_stanza(multi) or multi.name ~= "multi"
        or multi.attr.xmlns ~= xmlns_multi
        or not origin.coven_multi_key or multi.attr.key ~= origin.coven_multi_key then
        return;
    end
    local list = multi:get_text() or ""; -- no text if it has children
    local job = job_new(origin, stanza, list);
    if #job.recipients == 0 or #job.recipients > max_recipients or is_long(job, list) then
        return;
    end
    job_do(job);
    module:log("debug", "%s of %s: %d copies, %d written directly", stanza.name, stanza.attr.from,
        #job.recipients, job.written);
    return true;
end

module:hook("message/host", multi_take, 10);
module:hook("presence/host", multi_take, 10);
