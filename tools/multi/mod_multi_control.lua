-- Does to Prosody what tools/multi needs and no client can ask for: loads, unloads and reloads
-- mod_coven_multi, and lets other modules get in its way, for the accounts that are named after what
-- happens to them. The iq that asks has the attributes `what`, and `host` or `user`.
local st = require "util.stanza";
local filters = require "util.filters";
local modulemanager = require "core.modulemanager";

local namespace = "urn:coven:multi:test";
local marked = { xmlns = namespace };
local wrappers = prosody.hosts[module.host].events.wrappers;

local function user_of(stanza)
	return stanza.attr.to and stanza.attr.to:match("^([^@]+)@");
end

-- What a handler of another module may do to a stanza on its way to a session, by the account.
local handlers = {
	dropped = function () return true; end;
	changed = function (event) event.stanza:tag("changed", marked):up(); end;
	renamed = function (event) event.stanza.attr.id = "renamed"; end;
	replaced = function (event)
		event.stanza = st.clone(event.stanza):tag("replaced", marked):up();
	end;
	thrown = function () error("a handler throws"); end;
	thrownlate = function (event)
		prosody.full_sessions[event.stanza.attr.to].send(event.stanza);
		error("a handler throws, but has sent");
	end;
};

local function handle(event)
	local handler = handlers[user_of(event.stanza)];
	if handler then return handler(event); end
end

-- The same for filters of a session.
local session_filters = {
	filtered = { "stanzas/out", function (stanza)
		if st.is_stanza(stanza) and stanza.name == "message" then
			return st.clone(stanza):tag("filtered", marked):up();
		end
		return stanza;
	end };
	muted = { "stanzas/out", function (stanza)
		if st.is_stanza(stanza) and stanza.name == "message" then return nil; end
		return stanza;
	end };
	filterthrown = { "stanzas/out", function (stanza)
		if st.is_stanza(stanza) and stanza.name == "message" then error("a filter throws"); end
		return stanza;
	end };
	bytes = { "bytes/out", function (data) return (tostring(data):gsub("seen", "SEEN")); end };
};

local function sessions_of(user)
	local bare = prosody.bare_sessions[user.."@"..module.host];
	return bare and bare.sessions or {};
end

local function filters_set(change)
	for user, filter in pairs(session_filters) do
		for _, session in pairs(sessions_of(user)) do
			change(session, filter[1], filter[2]);
		end
	end
end

local function wrapper(following, event_name, event)
	if user_of(event.stanza) == "wrapped" then return true; end
	return following(event_name, event);
end

local commands = {
	load = function (attr) return modulemanager.load(attr.host, "coven_multi"); end;
	unload = function (attr) return modulemanager.unload(attr.host, "coven_multi"); end;
	reload = function (attr) return modulemanager.reload(attr.host, "coven_multi"); end;
	interfere = function ()
		module:hook("message/full", handle, 50);
		module:hook("presence/full", handle, 50);
		filters_set(filters.add_filter);
		return true;
	end;
	behave = function ()
		module:unhook("message/full", handle);
		module:unhook("presence/full", handle);
		filters_set(filters.remove_filter);
		return true;
	end;
	wrap = function () module:wrap_event("message/full", wrapper); return true; end;
	unwrap = function () wrappers.remove_handler("message/full", wrapper); return true; end;
	close = function (attr)
		for _, session in pairs(sessions_of(attr.user)) do session:close(); end
		return true;
	end;
	-- The component's stream may claim any sender, as with validate_from_addresses = false.
	trust = function (attr, origin) origin.component_validate_from = false; return true; end;
	distrust = function (attr, origin) origin.component_validate_from = true; return true; end;
};

module:hook("iq-set/host/"..namespace..":do", function (event)
	local attr = event.stanza.tags[1].attr;
	local ok, err = commands[attr.what](attr, event.origin);
	if ok then
		event.origin.send(st.reply(event.stanza));
	else
		event.origin.send(st.error_reply(event.stanza, "cancel", "undefined-condition", tostring(err)));
	end
	return true;
end);
